"""Every setting of this app, with its default. Nothing else here reads settings of ours."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Conf:
    url: str  # REALTIME_URL: db://, or redis:// and valkey:// (rediss://, valkeys:// with TLS)
    max_data: int  # REALTIME_MAX_DATA: bytes of JSON in one event
    retention: float  # REALTIME_RETENTION: seconds that events are kept
    queue: int  # REALTIME_QUEUE: events kept in memory for one client that reads slowly
    heartbeat: float  # REALTIME_HEARTBEAT: seconds; rights are checked again as often
    send_timeout: float  # REALTIME_SEND_TIMEOUT: seconds in which a client takes nothing
    max_connections: int  # REALTIME_MAX_CONNECTIONS of one process
    max_per_person: int  # REALTIME_MAX_PER_PERSON: connections to one process; of an address too
    max_topics: int  # REALTIME_MAX_TOPICS of one connection
    max_message: int  # REALTIME_MAX_MESSAGE: bytes that a WebSocket client may send at once
    token_age: float  # REALTIME_TOKEN_AGE: seconds that a signed stream name is good for
    presence_age: float  # REALTIME_PRESENCE_AGE: seconds without a heartbeat until a person left
    origins: tuple[str, ...]  # CSRF_TRUSTED_ORIGINS, beside the host that was asked


def load() -> Conf:
    """The settings as they are now."""

    def get(name: str, default: Any) -> Any:
        return getattr(settings, f"REALTIME_{name}", default)

    return Conf(
        url=get("URL", "db://"),
        max_data=get("MAX_DATA", 64 * 1024),
        retention=get("RETENTION", 24 * 60 * 60),
        queue=get("QUEUE", 64),
        heartbeat=get("HEARTBEAT", 15.0),
        send_timeout=get("SEND_TIMEOUT", 60.0),
        max_connections=get("MAX_CONNECTIONS", 10_000),
        max_per_person=get("MAX_PER_PERSON", 50),
        max_topics=get("MAX_TOPICS", 32),
        max_message=get("MAX_MESSAGE", 64 * 1024),
        token_age=get("TOKEN_AGE", 24 * 60 * 60),
        presence_age=get("PRESENCE_AGE", 60.0),
        origins=tuple(settings.CSRF_TRUSTED_ORIGINS),
    )
