"""Rows of a CSV file as one batch in a draft: all of them, or none and a list of what is wrong."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.text import slugify

from apps.wiki import trust
from apps.wiki.models import Company, Park, Ride
from apps.wiki.services import drafts
from longhouse.versioning.batch import BatchOperation, Change, Create, Update
from longhouse.versioning.branches import branch_context
from longhouse.versioning.models import Branch

MAX_BYTES = 2_000_000
MAX_ERRORS = 100  # that are told; a file with more has one cause

# What a file may be of, and what it may say. A key is given by the slug of what it points to.
COLUMNS: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "company": (
        Company,
        ("name", "slug", "country", "founded", "website", "text", "is_operator", "is_manufacturer"),
    ),
    "park": (
        Park,
        ("name", "slug", "operator", "city", "country", "latitude", "longitude", "opened",
         "closed", "status", "website", "text"),
    ),
    "ride": (
        Ride,
        ("park", "name", "slug", "kind", "manufacturer", "model", "height_m", "speed_kmh",
         "length_m", "inversions", "duration_s", "capacity_per_hour", "opened", "closed",
         "status", "text"),
    ),
}  # fmt: skip
_TRUE = {"1", "true", "yes", "x"}
_FALSE = {"", "0", "false", "no"}


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one value. `line` counts the header as 1."""

    line: int
    field: str
    message: str


@dataclass
class Report:
    """What an import has done, or would do."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[Wrong] = field(default_factory=list)
    draft: Branch | None = None


def import_csv(text: str, *, kind: str, by: Any, dry_run: bool) -> Report:
    """Bring a file into a new draft, by one commit.

    Rows are known by their slugs: those that are there are changed, others created. Columns that
    the file does not have stay as they are; an empty value empties its field. With errors nothing
    is written, and `errors` names line and field. Raises ValidationError for what is no such file.
    """
    if kind not in COLUMNS:
        raise ValidationError({"kind": "Choose what the file has."})
    model, names = COLUMNS[kind]
    required = {"name", "park"} & set(names)
    lines = _parsed(text, names, required, trust.level(by).import_rows)
    report = Report()
    with transaction.atomic():
        draft = drafts.start(by=by, title=f"Import of {len(lines)} {_many(model, len(lines))}")
        with branch_context(draft):
            changes = _Rows(model, lines, report).changes()
            if not report.errors:
                with BatchOperation(message=draft.title, author=by) as batch:
                    batch.process_changes(changes)
                report.created, report.updated = batch.created, batch.updated
        if dry_run or report.errors or not changes:
            transaction.set_rollback(True)
        else:
            report.draft = draft
    return report


def _many(model: type[models.Model], number: int) -> str:
    meta = model._meta
    return str(meta.verbose_name if number == 1 else meta.verbose_name_plural)


def _parsed(
    text: str, names: tuple[str, ...], required: set[str], limit: int
) -> list[tuple[int, dict[str, str]]]:
    if len(text.encode()) > MAX_BYTES:
        raise ValidationError({"file": f"A file has at most {MAX_BYTES // 1_000_000} MB."})
    if "\0" in text:
        raise ValidationError({"file": "This is no text."})
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        header = [name.strip() for name in reader.fieldnames or []]
        reader.fieldnames = header
        unknown = [name for name in header if name not in names]
        if unknown or not required <= set(header) or len(set(header)) != len(header):
            raise ValidationError(
                {
                    "file": "The first line names the columns, each once. There are: "
                    f"{', '.join(names)}. Needed: {', '.join(sorted(required))}."
                    + (f" Unknown: {', '.join(unknown)}." if unknown else "")
                }
            )
        lines: list[tuple[int, dict[str, str]]] = []
        for row in reader:
            if len(lines) >= limit:
                raise ValidationError(
                    {"file": f"Your imports have at most {limit} rows: split the file."}
                )
            if None in row or None in row.values():
                raise ValidationError(
                    {"file": f"Line {reader.line_num} has another number of columns."}
                )
            lines.append((reader.line_num, {name: row[name].strip() for name in header}))
    except csv.Error as error:
        raise ValidationError({"file": f"Line {reader.line_num}: {error}."}) from None
    if not lines:
        raise ValidationError({"file": "The file has no rows."})
    return lines


class _Rows:
    """The rows of a file beside what is there, by a fixed number of queries."""

    def __init__(
        self, model: type[models.Model], lines: list[tuple[int, dict[str, str]]], report: Report
    ) -> None:
        self.model = model
        self.lines = lines
        self.report = report
        self.fields = [model._meta.get_field(name) for name in lines[0][1] if name != "slug"]
        self.targets: dict[str, dict[str, Any]] = {
            one.name: self._by_slug(one) for one in self.fields if one.is_relation
        }
        self.known = self._known()

    def _by_slug(self, relation: Any) -> dict[str, Any]:
        slugs = {row[relation.name] for _, row in self.lines}
        rows = relation.related_model._base_manager.filter(slug__in=slugs)
        return {row.slug: row for row in rows}

    def _known(self) -> dict[Any, Any]:
        slugs = {_slug(row) for _, row in self.lines}
        return {self._identity(row): row for row in self.model._base_manager.filter(slug__in=slugs)}

    def _identity(self, row: Any) -> Any:
        return (row.park_id, row.slug) if self.model is Ride else row.slug

    def changes(self) -> list[Change]:
        """What is to be done; the report has what is wrong."""
        created: list[Change] = []
        updated: list[Change] = []
        seen: dict[Any, int] = {}
        names = [one.name for one in self.fields]
        for line, row in self.lines:
            values = dict(self._values(line, row))
            if len(values) < len(self.fields):
                continue
            slug = _slug(row)
            identity = (
                (values["park"].pk, slug) if self.model is Ride and "park" in values else slug
            )
            if identity in seen:
                self._wrong(line, "slug", f"Line {seen[identity]} is about the same.")
                continue
            seen[identity] = line
            known = self.known.get(identity)
            target: Any = known if known is not None else self.model(slug=slug)
            before = {name: getattr(target, name) for name in names} if known else None
            for name, value in values.items():
                setattr(target, name, value)
            if before == values:
                self.report.unchanged += 1
            elif self._is_valid(line, target):
                if known is None:
                    created.append(Create(target))
                else:
                    target.updated_at = timezone.now()
                    updated.append(Update(target, [*names, "updated_at"]))
        return [*created, *updated]

    def _values(self, line: int, row: dict[str, str]) -> Iterator[tuple[str, Any]]:
        for one in self.fields:
            text = row[one.name]
            try:
                yield one.name, self._value(one, text)
            except ValidationError as error:
                self._wrong(line, one.name, " ".join(error.messages))

    def _value(self, one: Any, text: str) -> Any:
        if one.is_relation:
            if not text and one.null:
                return None
            if text not in self.targets[one.name]:
                raise ValidationError(f"There is none with the slug “{text}”.")
            return self.targets[one.name][text]
        if isinstance(one, models.BooleanField):
            if text.lower() not in _TRUE | _FALSE:
                raise ValidationError("Write yes or no.")
            return text.lower() in _TRUE
        if not text:
            return None if one.null else one.clean(one.get_default(), None)
        return one.clean(text, None)

    def _is_valid(self, line: int, row: Any) -> bool:
        try:
            row.clean_fields(exclude=[one.name for one in self.fields if one.is_relation])
            row.clean()
            for constraint in self.model._meta.constraints:
                if isinstance(constraint, models.CheckConstraint):
                    constraint.validate(self.model, row)
        except ValidationError as error:
            for name, messages in getattr(error, "message_dict", {"": error.messages}).items():
                for message in messages:
                    self._wrong(line, "" if name == "__all__" else name, message)
            return False
        return True

    def _wrong(self, line: int, name: str, message: str) -> None:
        if len(self.report.errors) < MAX_ERRORS:
            self.report.errors.append(Wrong(line, name, message))


def _slug(row: dict[str, str]) -> str:
    return row.get("slug") or slugify(row["name"])
