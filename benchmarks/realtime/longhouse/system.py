from typing import Any

from longhouse.realtime.log import publish as tell


def publish(message: dict[str, Any]) -> None:
    tell("fanout", "tick", message)
