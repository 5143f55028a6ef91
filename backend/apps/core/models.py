"""What every model of the house starts from."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F
from django.utils import timezone
from uuid_utils.compat import uuid7

from apps.core.problems import StaleWrite


class BaseModel(models.Model):
    """A time-ordered UUID (version 7, RFC 9562) as primary key, and two timestamps in UTC."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
        get_latest_by = "created_at"


class VersionedRow(models.Model):
    """Optimistic locking: a write names the version it saw, and fails when that is outdated."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    #: what a person calls one of these in "This … was changed"
    stale_noun: ClassVar[str] = "record"

    def save_version(self, *, seen: int, fields: list[str]) -> None:
        """Validate, then write `fields` and step the version, if the stored one is still `seen`.

        Raises ValidationError for bad values and StaleWrite when another write came first.
        """
        self.full_clean()
        columns: dict[str, Any] = {name: getattr(self, name) for name in fields}
        columns["updated_at"] = now = timezone.now()
        won = (
            type(self)
            ._base_manager.filter(pk=self.pk, version=seen)
            .update(version=F("version") + 1, **columns)
        )
        if not won:
            raise StaleWrite(
                f"This {self.stale_noun} was changed by somebody else since you opened it. "
                "Reload to see their change, then make yours again."
            )
        self.version = seen + 1
        self.updated_at = now

    def locked(self) -> Self:
        """The row as it is now, locked until the transaction ends (where the database can)."""
        return type(self)._base_manager.select_for_update(of=("self",)).get(pk=self.pk)
