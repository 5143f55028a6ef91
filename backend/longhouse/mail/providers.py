"""EMAIL_URL: who takes our mail, in one line.

    smtp://user:password@host:587     STARTTLS; without it on port 25, or with ?tls=no
    smtps://user:password@host:465    TLS from the first byte
    console:                          printed
    postmark://TOKEN                  any of PROVIDERS, by django-anymail

What a provider wants beside its key stands where a host does or behind the question mark, by the
name that django-anymail's documentation gives it: mailgun://KEY@mg.example.org?api_url=...
"""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TIMEOUT = 10  # seconds that a mail may hold up who sends it

# scheme: (django-anymail's backend, prefix of its settings, setting of the key, of the host)
PROVIDERS: dict[str, tuple[str, str, str, str]] = {
    "brevo": ("brevo", "BREVO", "API_KEY", ""),
    "mailersend": ("mailersend", "MAILERSEND", "API_TOKEN", ""),
    "mailgun": ("mailgun", "MAILGUN", "API_KEY", "SENDER_DOMAIN"),
    "mailjet": ("mailjet", "MAILJET", "API_KEY", ""),
    "mailtrap": ("mailtrap", "MAILTRAP", "API_TOKEN", ""),
    "postmark": ("postmark", "POSTMARK", "SERVER_TOKEN", ""),
    "resend": ("resend", "RESEND", "API_KEY", ""),
    "scaleway": ("scaleway", "SCALEWAY", "SECRET_KEY", ""),
    "sparkpost": ("sparkpost", "SPARKPOST", "API_KEY", ""),
}
SCHEMES = ("smtp", "smtps", "console", *PROVIDERS)


def mail_settings(url: str) -> dict[str, Any]:
    """Django's settings for a URL. Raises ImproperlyConfigured, which never quotes a secret."""
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        raise ImproperlyConfigured(
            f"EMAIL_URL begins with {parts.scheme or 'nothing'}:, and has to begin with one of "
            f"{', '.join(SCHEMES)}."
        )
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme in ("smtp", "smtps"):
        return _smtp(parts, options)
    return _provider(parts, options)


def _smtp(parts: Any, options: dict[str, str]) -> dict[str, Any]:
    try:
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured("The port in EMAIL_URL is no number.") from error
    if not parts.hostname:
        raise ImproperlyConfigured("EMAIL_URL names no host: smtp://user:password@host:587")
    secure = parts.scheme == "smtps"
    port = port or (465 if secure else 587)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": secure,
        "EMAIL_USE_TLS": not secure and port != 25 and options.get("tls") != "no",
        "EMAIL_TIMEOUT": TIMEOUT,
    }


def _provider(parts: Any, options: dict[str, str]) -> dict[str, Any]:
    backend, prefix, key_setting, host_setting = PROVIDERS[parts.scheme]
    # postmark://TOKEN has the key where others have a host; both keep their case here alone.
    user, _, host = parts.netloc.rpartition("@")
    key = user or host
    if not key:
        raise ImproperlyConfigured(
            f"EMAIL_URL has no key: {parts.scheme}://KEY" + ("@domain" if host_setting else "")
        )
    own = {key_setting: unquote(key)}
    if host_setting:
        if not user:
            raise ImproperlyConfigured(f"EMAIL_URL has no domain: {parts.scheme}://KEY@domain")
        own[host_setting] = host
    own |= {name.upper(): value for name, value in options.items()}
    return {
        "EMAIL_BACKEND": f"anymail.backends.{backend}.EmailBackend",
        "ANYMAIL": {f"{prefix}_{name}": value for name, value in own.items()}
        | {"REQUESTS_TIMEOUT": TIMEOUT},
    }
