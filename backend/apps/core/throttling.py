"""How often one client may do something, whichever API or form is the door."""

import re
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from math import ceil
from time import time

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.dispatch import Signal
from django.http import HttpRequest

PERIODS = {"s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60}  # seconds

#: Sent for each call that is refused: `sender` is the scope, `request` the call.
rate_limited = Signal()


@dataclass(frozen=True)
class Turn:
    """What a limit says of one call."""

    remaining: int  # calls that are left in this period
    reset: int  # seconds until it ends
    wait: int = 0  # seconds to wait before calling again; 0 when this call may go on


class RateLimit:
    """At most so many calls of one kind from one client in a period.

    `scope` names the kind; `rate` is number/period: "10/m", with s, m, h or d. Everything that
    shares a scope shares the count. The period begins with the first call.

    Each call that is let through took a slot of its own by `cache.add`, which every backend of
    Django (database, local memory, Redis, Memcached) decides for exactly one caller: calls at the
    same moment, from other threads and processes too, never get more slots than there are. Only a
    cache that throws entries away early lets more through. `incr` would promise less: on the
    database backend it reads, then writes, and forgets the timeout.
    """

    def __init__(self, scope: str, rate: str) -> None:
        parts = re.fullmatch(r"([1-9]\d*)/([smhd])", rate)
        if not parts:
            raise ImproperlyConfigured(
                f'The rate of "{scope}" is "{rate}": write number/period with s, m, h or d, '
                "such as 10/m."
            )
        self.scope = scope
        self.limit = int(parts[1])
        # A second more: caches count whole seconds, and no period may be too short.
        self.seconds = PERIODS[parts[2]] + 1

    def hit(self, request: HttpRequest, *, client: str = "") -> int:
        """Count one call of a client: 0 when it may go on, else the seconds to wait."""
        return self.take(request, client=client).wait

    def take(self, request: HttpRequest, *, client: str = "") -> Turn:
        """Count one call of a client.

        `client`: whose calls are counted together; unless given, those of the call's address.
        """
        # Hashed: what proxies forward may be no key that a cache accepts.
        digest = sha256((client or client_address(request)).encode()).hexdigest()
        key = f"rate:{self.scope}:{digest}"
        started = cache.get(key)
        if started is None:
            cache.add(key, time(), self.seconds)
            started = cache.get(key, 0.0)
        period = f"{key}:{started}"
        # Where to look first: too low after calls at the same moment, never too high.
        taken = cache.get(period, 0)
        reset = max(1, ceil(started + self.seconds - time()))
        for slot in range(taken, self.limit):
            if cache.add(f"{period}:{slot}", 1, self.seconds):
                cache.set(period, slot + 1, self.seconds)
                return Turn(self.limit - slot - 1, reset)
        if taken < self.limit:
            cache.set(period, self.limit, self.seconds)
        rate_limited.send(sender=self.scope, request=request)
        return Turn(0, reset, wait=reset)


def client_ip(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """The address that called, as the outermost of TRUSTED_PROXIES saw it; None for no address."""
    try:
        address = ip_address(_caller(request))
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def client_address(request: HttpRequest) -> str:
    """Whom a limit counts: the address that called; of IPv6 the /64.

    Every subscriber has a whole network of 2**64 IPv6 addresses to call from.
    """
    address = client_ip(request)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, 64), strict=False))
    return str(address or _caller(request))


def _caller(request: HttpRequest) -> str:
    if settings.TRUSTED_PROXIES and (forwarded := request.META.get("HTTP_X_FORWARDED_FOR")):
        hops = forwarded.split(",")
        return str(hops[-min(settings.TRUSTED_PROXIES, len(hops))].strip())
    return str(request.META.get("REMOTE_ADDR", ""))
