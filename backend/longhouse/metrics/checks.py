"""What is wrong with the settings."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

SHORTEST = 20  # characters of a token


@register()
def token_is_long(**_: Any) -> list[CheckMessage]:
    if 0 < len(settings.METRICS_TOKEN) < SHORTEST:
        message = f"METRICS_TOKEN has fewer than {SHORTEST} characters: it can be guessed."
        hint = "python -c 'import secrets; print(secrets.token_urlsafe(32))' prints a new one."
        return [Error(message, hint=hint, id="metrics.E001")]
    return []
