"""Reads the environment, and `.env` at the repository root, for the settings modules."""

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # feature: museum

import environ
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]

env = environ.Env()
if (ROOT / ".env").is_file():
    # Real environment variables win over the file.
    environ.Env.read_env(ROOT / ".env")


# feature: museum
def require_time_zone(name: str, value: str) -> None:
    """Refuse to start unless the variable's value is a name of the IANA database."""
    try:
        ZoneInfo(value)
    except (OSError, ValueError, ZoneInfoNotFoundError) as error:
        raise ImproperlyConfigured(
            f"{name}: there is no time zone {value!r}. Write one such as Europe/Berlin."
        ) from error


# end feature: museum
def require(*names: str) -> None:
    """Refuse to start unless every variable is set; the message names all that are missing."""
    missing = [name for name in names if not env.str(name, default="").strip()]
    if missing:
        raise ImproperlyConfigured(
            f"Set {', '.join(missing)} in the environment or in {ROOT / '.env'}: "
            "nothing starts without. .env.example explains each."
        )
