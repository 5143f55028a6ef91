from typing import Any

from django_eventstream import send_event


def publish(message: dict[str, Any]) -> None:
    send_event("fanout", "tick", message)
