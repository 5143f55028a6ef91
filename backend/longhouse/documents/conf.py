"""Every setting of this app, with its default."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Conf:
    max_update: int  # DOCUMENTS_MAX_UPDATE: bytes that a client may add at once
    max_size: int  # DOCUMENTS_MAX_SIZE: bytes of a whole document, as one update
    rate: float  # DOCUMENTS_RATE: messages a second of one subscription, in the long run
    burst: int  # DOCUMENTS_BURST: messages of one subscription at once
    compact_at: int  # DOCUMENTS_COMPACT_AT: updates that are folded into a snapshot


def load() -> Conf:
    """The settings as they are now."""

    def get(name: str, default: Any) -> Any:
        return getattr(settings, f"DOCUMENTS_{name}", default)

    return Conf(
        # As base64 it fits into an event, and into what a WebSocket client may send.
        max_update=get("MAX_UPDATE", 32 * 1024),
        max_size=get("MAX_SIZE", 256 * 1024),
        rate=get("RATE", 10.0),
        burst=get("BURST", 50),
        compact_at=get("COMPACT_AT", 100),
    )
