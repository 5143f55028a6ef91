"""Secrets of second factors, encrypted at rest by keys that come from DJANGO_SECRET_KEY."""

import logging
from base64 import urlsafe_b64encode
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction

logger = logging.getLogger("security")

# How every Fernet token begins: its version, then a time before the year 2106. No secret of
# allauth's (base32, hex) does.
TOKEN = "gAAAAA"  # noqa: S105


class Unreadable(Exception):
    """Encrypted by a key that is neither DJANGO_SECRET_KEY nor one of its fallbacks."""


def encrypt(secret: str) -> str:
    return _fernet().encrypt(secret.encode()).decode()


def decrypt(stored: str) -> str:
    """Raises Unreadable. What was stored before secrets were encrypted is given as it is."""
    if not stored.startswith(TOKEN):
        return stored
    try:
        return _fernet().decrypt(stored).decode()
    except InvalidToken:
        raise Unreadable from None


def renewed(stored: str) -> str:
    """The same secret, encrypted by the key of today; unchanged if it is already."""
    if stored.startswith(TOKEN):
        try:
            _of(settings.SECRET_KEY).decrypt(stored)
        except InvalidToken:
            pass
        else:
            return stored
    return encrypt(decrypt(stored))


def renew_all(*, using: str = "default") -> int:
    """Encrypt every stored secret by the key of today; how many authenticators that changed.

    One that cannot be read stays as it is, and is told in the log.
    """
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
    rows = Authenticator.objects.using(using).filter(type__in=kinds)
    changed = unreadable = 0
    for pk, data in rows.values_list("pk", "data").iterator():
        try:
            if _each_secret(data, renewed) != data:
                changed += _renew(rows, pk)
        except Unreadable:
            unreadable += 1
    if unreadable:
        logger.error(
            "%s second factors cannot be read: their key is in DJANGO_SECRET_KEY_FALLBACKS no more",
            unreadable,
        )
    return changed


def _renew(rows: Any, pk: int) -> int:
    """Locked, for a recovery code may be used up meanwhile."""
    with transaction.atomic(using=rows.db):
        found = rows.select_for_update().filter(pk=pk).first()
        if found is None:
            return 0
        found.data = _each_secret(found.data, renewed)
        found.save(update_fields=["data"])
    return 1


def _each_secret(data: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """What allauth keeps of one authenticator, with each of its secrets changed."""
    changed = {name: change(data[name]) for name in ("secret", "seed") if name in data}
    if codes := data.get("migrated_codes"):
        return data | changed | {"migrated_codes": [change(code) for code in codes]}
    return data | changed


def _fernet() -> MultiFernet:
    return MultiFernet([_of(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


@lru_cache(maxsize=8)
def _of(secret_key: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"apps.accounts.encryption")
    return Fernet(urlsafe_b64encode(derived.derive(secret_key.encode())))
