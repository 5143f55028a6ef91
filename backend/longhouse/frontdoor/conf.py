"""Every setting that the front door reads, with its default. Nothing else reads settings."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from longhouse.frontdoor.csp import Policy


@dataclass(frozen=True, slots=True)
class Conf:
    # feature: spa
    site: Path | None  # FRONTDOOR_SITE: the built front end
    routes: Path | None  # FRONTDOOR_ROUTES: routes.json beside it
    site_url: str  # SITE_URL: public origin, no slash at the end
    login_url: str
    session_cookie: str
    retired: Path | None  # FRONTDOOR_RETIRED: where all processes note pages that are out of date
    # end feature: spa
    static_root: Path | None
    static_url: str  # path with a slash at both ends; "" when another host serves it
    media_root: Path | None
    media_url: str
    api_prefixes: tuple[str, ...]  # FRONTDOOR_API_PREFIXES: errors are problem+json there
    max_body: int  # FRONTDOOR_MAX_BODY, bytes
    body_timeout: float  # FRONTDOOR_BODY_TIMEOUT, seconds without a byte of the body
    send_timeout: float  # FRONTDOOR_SEND_TIMEOUT, seconds in which a client takes no chunk
    threads: int  # FRONTDOOR_THREADS that run Django
    queue: int  # FRONTDOOR_QUEUE: requests that may wait for a thread
    streams: int  # FRONTDOOR_STREAMS: streaming responses at a time
    csp: Policy
    ssl_redirect: bool
    proxy_ssl_header: tuple[str, str] | None
    debug: bool


def load() -> Conf:
    """The settings as they are now. Read once per server process; tests override settings."""

    def get(name: str, default: Any) -> Any:
        return getattr(settings, name, default)

    return Conf(
        # feature: spa
        site=_path(get("FRONTDOOR_SITE", None)),
        routes=_path(get("FRONTDOOR_ROUTES", None)),
        site_url=str(get("SITE_URL", "")).rstrip("/"),
        login_url=_login_url(get("LOGIN_URL", "/accounts/login/")),
        session_cookie=get("SESSION_COOKIE_NAME", "sessionid"),
        retired=_path(get("FRONTDOOR_RETIRED", None)),
        # end feature: spa
        static_root=_path(get("STATIC_ROOT", None)),
        static_url=_prefix(get("STATIC_URL", None)),
        media_root=_path(get("MEDIA_ROOT", None)),
        media_url=_prefix(get("MEDIA_URL", None)),
        api_prefixes=tuple(get("FRONTDOOR_API_PREFIXES", ("/api/",))),
        max_body=get("FRONTDOOR_MAX_BODY", 32 * 1024 * 1024),
        body_timeout=get("FRONTDOOR_BODY_TIMEOUT", 30.0),
        send_timeout=get("FRONTDOOR_SEND_TIMEOUT", 60.0),
        threads=get("FRONTDOOR_THREADS", 4),
        queue=get("FRONTDOOR_QUEUE", 128),
        streams=get("FRONTDOOR_STREAMS", 32),
        csp=get("SECURE_CSP", {}) or {},
        ssl_redirect=get("SECURE_SSL_REDIRECT", False),
        proxy_ssl_header=get("SECURE_PROXY_SSL_HEADER", None),
        debug=get("DEBUG", False),
    )


def security_headers() -> tuple[list[tuple[str, str]], str]:
    """(headers of every answer, HSTS value for answers over HTTPS or "")."""

    def get(name: str, default: Any) -> Any:
        return getattr(settings, name, default)

    headers = []
    if get("SECURE_CONTENT_TYPE_NOSNIFF", True):
        headers.append(("x-content-type-options", "nosniff"))
    if policy := get("SECURE_REFERRER_POLICY", "same-origin"):
        value = policy if isinstance(policy, str) else ",".join(policy)
        headers.append(("referrer-policy", value))
    if policy := get("SECURE_CROSS_ORIGIN_OPENER_POLICY", "same-origin"):
        headers.append(("cross-origin-opener-policy", policy))
    if policy := get("FRONTDOOR_PERMISSIONS_POLICY", PERMISSIONS_POLICY):
        headers.append(("permissions-policy", policy))
    hsts = ""
    if seconds := get("SECURE_HSTS_SECONDS", 0):
        hsts = f"max-age={seconds}"
        hsts += "; includeSubDomains" if get("SECURE_HSTS_INCLUDE_SUBDOMAINS", False) else ""
        hsts += "; preload" if get("SECURE_HSTS_PRELOAD", False) else ""
    return headers, hsts


PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


def _path(value: Any) -> Path | None:
    return Path(value) if value else None


# feature: spa
def _login_url(name: Any) -> str:
    """The path of LOGIN_URL, which may be the name of a URL."""
    if str(name).startswith("/"):
        return str(name)
    from django.shortcuts import resolve_url

    return resolve_url(name)


# end feature: spa
def _prefix(url: Any) -> str:
    """The path of STATIC_URL or MEDIA_URL when this server answers it."""
    url = str(url or "")
    return url if url.startswith("/") and not url.startswith("//") and url != "/" else ""
