"""How often one address may call an operation that needs no account."""

from ipaddress import IPv6Address, IPv6Network, ip_address
from threading import local

from django.http import HttpRequest
from ninja.throttling import SimpleRateThrottle


class AddressThrottle(local, SimpleRateThrottle):
    """Counts calls per client address and `scope`; `rate` is requests/period: "10/m" or "100/d".

    People who are signed in are counted only with `everybody`. Ninja keeps the state of a call in
    this one object, so that each thread needs its own.
    """

    def __init__(self, scope: str, rate: str, *, everybody: bool = False) -> None:
        super().__init__(rate)
        self.scope = scope
        self.everybody = everybody

    def get_cache_key(self, request: HttpRequest) -> str | None:
        if not self.everybody and request.user.is_authenticated:
            return None
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}

    def get_ident(self, request: HttpRequest) -> str | None:
        ident = super().get_ident(request)
        try:
            address = ip_address(ident or "")
        except ValueError:
            return ident
        if isinstance(address, IPv6Address) and not address.ipv4_mapped:
            # Every subscriber has a whole network of 2**64 addresses to call from.
            return str(IPv6Network((address, 64), strict=False))
        return ident
