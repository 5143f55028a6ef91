"""Writing the log. Nothing here ever fails the request that it tells of."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from ipaddress import IPv6Network, ip_network
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connections, router, transaction
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from apps.audit.models import Kind, SecurityEvent
from apps.core.middleware import current_request_id
from apps.core.throttling import RateLimit, client_address
from apps.users.models import User

logger = logging.getLogger("security")

PLACE_IS_KNOWN_FOR = timedelta(days=90)
PLACE_KINDS = (Kind.SIGN_IN, Kind.TOKEN_ISSUED, Kind.NEW_PLACE)
_told = RateLimit("sign-in-limited", "1/m")
HELD = "_held_security_events"

#: Sent once the sign-in is committed: `person`, and the SecurityEvent as `event`.
new_place = Signal()


def record(
    kind: Kind,
    *,
    request: HttpRequest | None,
    user: User | None = None,
    tried: str = "",
    **details: Any,
) -> None:
    """Log one event; what goes wrong is logged too, and never raised.

    `user`: to whom it happened; `tried`: the address that was typed, when it fits nobody;
    `details`: names, ids and kinds of things, never what opens something.

    Inside a transaction that request is still in, the row waits for the request's end: it is
    written even when the transaction is rolled back, as a refused sign-in or token often is.
    """
    waiting = _waiting(request)
    with _never_raising(kind):
        _write(_event(kind, request, user, tried, details), waiting)


def signed_in(
    *, request: HttpRequest | None, user: User, kind: Kind = Kind.SIGN_IN, **details: Any
) -> None:
    """Log a sign-in, by session or by token; and that it came from a new place, if it did."""
    new = False
    with _never_raising(Kind.NEW_PLACE):
        new = is_new_place(request=request, user=user)
    record(kind, request=request, user=user, **details)
    if new:
        notice_new_place(request=request, user=user, **details)


def notice_new_place(*, request: HttpRequest | None, user: User, **details: Any) -> None:
    """Log it, and tell whoever listens to `new_place`."""
    waiting = _waiting(request)
    event = _event(Kind.NEW_PLACE, request, user, "", details)
    with _never_raising(Kind.NEW_PLACE):
        _write(event, waiting)
    tell = partial(new_place.send_robust, sender=SecurityEvent, person=user, event=event)
    transaction.on_commit(tell, robust=True)


def is_new_place(*, request: HttpRequest | None, user: User) -> bool:
    """Nobody was signed in as this person from this network (/24, IPv6: /48) for 90 days.

    The first place of all is none: there is nothing yet to tell it from.
    """
    if request is None or not (network := network_of(client_address(request))):
        return False
    seen = SecurityEvent.objects.filter(person=user, kind__in=PLACE_KINDS)
    since = timezone.now() - PLACE_IS_KNOWN_FOR
    return not seen.filter(network=network, at__gte=since).exists() and seen.exists()


def sign_in_limited(*, request: HttpRequest) -> None:
    """Log that a sign-in was refused, once a minute for each address: nobody can fill the log."""
    if not _told.hit(request):
        record(Kind.SIGN_IN_LIMITED, request=request)


def purge(*, before: datetime) -> int:
    removed: int = SecurityEvent.objects.purge(before=before)
    return removed


@contextmanager
def held(request: HttpRequest) -> Iterator[None]:
    """Keep events of transactions until the block ends, then write them."""
    waiting: list[SecurityEvent] = []
    setattr(request, HELD, waiting)
    try:
        yield
    finally:
        delattr(request, HELD)
        for event in waiting:
            with _never_raising(event.kind):
                # Whom it happened to may have been made in what was rolled back.
                if event.person and not User.objects.filter(pk=event.person.pk).exists():
                    event.person = None
                event.save(force_insert=True)


def digest(address: str) -> str:
    """Stands for an address that fits nobody: people type passwords into the wrong field.

    The same address gives the same value, so one can see that it was tried again, and ask for it.
    """
    return salted_hmac("apps.audit", address.strip().lower(), algorithm="sha256").hexdigest()[:32]


def shortened(address: str) -> str:
    """p…@example.org: enough to recognise, and no address to keep when the account is deleted."""
    name, _, host = address.partition("@")
    return f"{name[:1]}…@{host}"


def network_of(address: str) -> str:
    try:
        network = ip_network(address, strict=False)
    except ValueError:
        return ""
    size = 48 if isinstance(network, IPv6Network) else 24
    return str(network.supernet(new_prefix=size))


def _waiting(request: HttpRequest | None) -> list[SecurityEvent] | None:
    """Those that wait for the end of the request, if a transaction is open now."""
    request = getattr(request, "_request", request)  # feature: rest
    return getattr(request, HELD, None) if connections[_alias()].in_atomic_block else None


def _write(event: SecurityEvent, waiting: list[SecurityEvent] | None) -> None:
    _log(event)
    if waiting is None:
        event.save(force_insert=True)
    else:
        waiting.append(event)


def _event(
    kind: Kind, request: HttpRequest | None, user: User | None, tried: str, details: dict[str, Any]
) -> SecurityEvent:
    request = getattr(request, "_request", request)  # feature: rest
    event = SecurityEvent(
        kind=kind,
        person=user,
        tried=digest(tried) if tried else "",
        details={name: _plain(value) for name, value in details.items()},
    )
    if request is not None:
        event.ip = client_address(request)[:64]
        event.network = network_of(event.ip)
        event.user_agent = request.META.get("HTTP_USER_AGENT", "")[:200].replace("\0", "")
        event.request_id = str(getattr(request, "request_id", current_request_id.get()))
        by = getattr(request, "user", None) or AnonymousUser()
        if by.is_authenticated and user is not None and by.pk != user.pk:
            event.actor_id = by.pk
    return event


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple | set):
        return sorted(_plain(item) for item in value)
    return value if isinstance(value, bool | int) else str(value)[:200].replace("\0", "")


def _log(event: SecurityEvent) -> None:
    parts = {
        "event": str(event.kind),
        "person": str(event.person_id or ""),
        "actor": str(event.actor_id or ""),
        "tried": event.tried,
        "ip": event.ip,
        **event.details,
    }
    # As JSON: no value can begin a line of its own.
    logger.info("%s", json.dumps({name: value for name, value in parts.items() if value != ""}))


@contextmanager
def _never_raising(kind: str) -> Iterator[None]:
    try:
        # A savepoint: PostgreSQL would refuse the rest of a transaction in which this failed.
        with transaction.atomic(using=_alias()):
            yield
    except Exception:
        logger.exception("A security event was not written: %s", kind)


def _alias() -> str:
    return router.db_for_write(SecurityEvent)
