"""The production server on this machine: build, migrate, then become Granian."""

from urllib.parse import urlsplit

import beside  # feature: jobs
import build
import server
from project import manage, migrate, port_from_environment, port_is_free, run

LOCAL = {"localhost", "127.0.0.1", "::1"}


def main() -> None:
    port = port_from_environment("PORT", 8000)
    if not port_is_free(port):
        raise SystemExit(
            f"Port {port} is taken by another program. Stop it, or choose another port: "
            f"PORT={port + 1} make serve"
        )
    environment = build.production_environment(port)
    migrate(environment)
    on_this_machine = urlsplit(environment["SITE_URL"]).hostname in LOCAL
    if on_this_machine and not (environment.get("DATABASE_URL") or environment.get("DB_NAME")):
        development = environment | {"DJANGO_SETTINGS_MODULE": "config.settings.dev"}
        if run(manage("load_demo"), environment=development):
            raise SystemExit("The demo data could not be loaded: read the message above.")
    build.build(environment)

    site = environment["SITE_URL"]  # feature: spa
    # without spa: site = f"{environment['SITE_URL']}/admin/"
    print(f"\n  Longhouse is at {site} (port {port} of this machine)\n", flush=True)
    beside.start(environment)  # feature: jobs
    server.become(server.server_command(port), environment)


if __name__ == "__main__":
    main()
