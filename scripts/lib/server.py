"""The production server where everything is built already, in a container: migrate, then serve.

Listens on every address of its machine, on PORT (8000).
"""

import os
from collections.abc import Mapping
from typing import NoReturn

from project import BACKEND, PYTHON, migrate, port_from_environment


def granian(port: int, host: str = "127.0.0.1") -> list[str]:
    """What every start of the server says; by default for this machine alone."""
    return [
        *(PYTHON, "-m", "granian", "config.asgi:application"),
        *("--interface", "asginl", "--host", host, "--port", str(port)),
        # feature: realtime
        # Granian counts an open event stream as a request under way. Nobody may be kept waiting by
        # those: there is room for more than REALTIME_MAX_CONNECTIONS.
        *("--backlog", "4096", "--backpressure", "16384"),
        # end feature: realtime
    ]


def server_command(port: int, host: str = "127.0.0.1") -> list[str]:
    """The production server."""
    return [
        *granian(port, host),
        # Without it, one killed worker ends the whole server.
        "--respawn-failed-workers",
        # Requests under way get this long to finish when the server is told to stop.
        *("--workers-kill-timeout", "30"),
    ]


def become(command: list[str], environment: Mapping[str, str]) -> NoReturn:
    """Put the server in the place of this process: signals reach it directly."""
    os.chdir(BACKEND)
    os.execve(command[0], command, environment)


def main() -> None:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.production"}
    migrate(environment)
    become(server_command(port_from_environment("PORT", 8000), "0.0.0.0"), environment)  # noqa: S104


if __name__ == "__main__":
    main()
