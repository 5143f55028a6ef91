"""What every model of the house starts from."""

from collections.abc import Collection
from typing import Any, ClassVar, Self

from django.core.exceptions import FieldDoesNotExist, ValidationError
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


def validate(row: models.Model, *, exclude: Collection[str] = ()) -> None:
    """Django's `full_clean`, for values that come from no form. Raises ValidationError.

    It refuses None where the column has no NULL as well, which Django passes over in a field that
    may be blank, and names a relation as its value is given: location_id.
    """
    errors: dict[str, Any] = {
        field.name: ValidationError(field.error_messages["null"], code="null")
        for field in row._meta.concrete_fields
        if field.blank and field.editable and not (field.null or field.primary_key)
        if field.name not in exclude and getattr(row, field.attname) is None
    }
    try:
        row.full_clean(exclude={*exclude, *errors})
    except ValidationError as error:
        errors |= error.error_dict
    if errors:
        raise ValidationError({input_name(row, name): found for name, found in errors.items()})


def input_name(model: models.Model | type[models.Model], name: str) -> str:
    """The name under which callers give the value of a field: location_id for `location`."""
    try:
        return str(getattr(model._meta.get_field(name), "attname", name))
    except FieldDoesNotExist:
        return name


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
        validate(self)
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
