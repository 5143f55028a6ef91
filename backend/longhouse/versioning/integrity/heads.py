"""Heads of the chain, signed, to be kept where who can write to the database cannot."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Max

from longhouse.versioning.context import MAIN
from longhouse.versioning.models import Branch, Seal


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of the chain that tells of one branch; it covers all before it."""

    branch: int
    number: int
    hash: str

    def signed(self) -> str:
        """A line of text for outside the database."""
        return _signer().sign(f"{self.branch} {self.number} {self.hash}")


def heads(*, using: str = DEFAULT_DB_ALIAS) -> dict[str, Head]:
    """The head of main and of each branch that has sealed commits, by its name."""
    entries = Seal.objects.using(using).exclude(kind=Seal.Kind.DELETION)
    last = dict(entries.values_list("branch").annotate(Max("id")).order_by())
    names = dict(Branch.objects.using(using).filter(pk__in=last).values_list("pk", "name"))
    names[MAIN] = "main"
    found = Seal.objects.using(using).filter(pk__in=last.values())
    return {
        names[entry.branch]: Head(entry.branch, entry.pk, entry.hash)
        for entry in found
        if entry.branch in names
    }


def read_head(line: str) -> Head:
    """Of a signed line. Raises ValueError when the signature is not ours."""
    try:
        branch, number, hash_ = _signer().unsign(line.strip()).split(" ")
    except BadSignature as error:
        raise ValueError(f"Not a head signed with a known key: {line.strip()}") from error
    return Head(int(branch), int(number), hash_)


def _signer() -> Signer:
    """With VERSIONING_SIGNING_KEYS, the newest first; else with SECRET_KEY and its fallbacks."""
    keys: list[Any] = list(getattr(settings, "VERSIONING_SIGNING_KEYS", ()))
    salt = "longhouse.versioning.heads"
    if not keys:
        return Signer(salt=salt)
    return Signer(key=keys[0], fallback_keys=keys[1:], salt=salt)
