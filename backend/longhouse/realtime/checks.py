"""What would keep events from their readers, told by `manage.py check`."""

from importlib.util import find_spec
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.db import connections

from longhouse.realtime import conf, log, wake


@register
def wake_ups_are_possible(**_: Any) -> list[CheckMessage]:
    url = conf.load().url
    scheme = url.partition("://")[0]
    if scheme not in {"db", "redis", "rediss", "valkey", "valkeys"}:
        return [
            Error(
                f"REALTIME_URL is {url!r}.",
                hint="Write db://, or redis://host:6379/0 or valkey://host:6379/0.",
                id="realtime.E001",
            )
        ]
    if wake.is_redis(url) and find_spec("redis") is None:
        return [Error("REALTIME_URL needs the package redis.", id="realtime.E002")]
    if connections[log.database()].vendor not in {"sqlite", "postgresql"}:
        return [Error("The log of events needs SQLite or PostgreSQL.", id="realtime.E003")]
    return []
