"""What would make the public API insecure or useless, told by `manage.py check`."""

import re
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

# What a browser sends as Origin: lower case, no path, no wildcard.
LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
ORIGIN = re.compile(rf"https?://({LABEL}(\.{LABEL})*|\[[0-9a-f:.]+\])(:\d{{1,5}})?")
KEY_BYTES = 32  # of a key for HS256 (RFC 7518 section 3.2)


@register(Tags.security)
def origins_are_origins(**_: Any) -> list[CheckMessage]:
    return [
        Error(
            f"CORS_ALLOWED_ORIGINS: {origin!r} is not what a browser sends as its origin.",
            hint="Write scheme and host, in lower case and without a slash at the end, such as "
            "https://app.example.org or http://localhost:3000.",
            id="rest.E001",
        )
        for origin in settings.CORS_ALLOWED_ORIGINS
        if not ORIGIN.fullmatch(origin)
    ]


@register(Tags.security)
def signing_key_is_long_enough(**_: Any) -> list[CheckMessage]:
    key = settings.SIMPLE_JWT.get("SIGNING_KEY")
    if key is None or len(key.encode()) >= KEY_BYTES:
        return []
    return [
        Error(
            f"JWT_SIGNING_KEY has fewer than {KEY_BYTES} bytes: tokens could be forged.",
            hint="Unset it, to sign with DJANGO_SECRET_KEY, or make a random one: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'",
            id="rest.E002",
        )
    ]
