"""What an import would do, and what is wrong with it; nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models

from apps.museum.importing.table import REQUIRED, Row
from apps.museum.models import Era, Location, Machine, MachineModel

ModelKey = tuple[str, str, int]  # name and manufacturer without case, year

OF_MODEL = ("name", "manufacturer", "year", "era", "players", "designer")
OF_MACHINE = ("asset_number", "serial_number", "acquired_on", "notes")
ERAS = {name.casefold(): era.value for era in Era for name in (era.value, era.label)}


@dataclass
class Planned:
    """One row: what it becomes, and by column what is wrong with it."""

    row: Row
    errors: dict[str, str] = field(default_factory=dict)
    key: ModelKey | None = None
    #: None: there is no such model yet
    model_id: UUID | None = None
    model: MachineModel | None = None
    location_id: UUID | None = None
    machine: Machine | None = None


def plan(rows: Sequence[Row]) -> list[Planned]:
    """Check all rows against each other and the database; three queries."""
    numbers = {row.values["asset_number"].upper() for row in rows}
    taken = set(
        Machine.objects.filter(asset_number__in=numbers).values_list("asset_number", flat=True)
    )
    known = models_by_key()
    places = places_by_name()
    seen: dict[str, int] = {}
    new: dict[ModelKey, Planned] = {}
    planned = []
    for row in rows:
        one = Planned(row)
        planned.append(one)
        _model(one, known, new)
        _machine(one, taken, seen)
        name = row.values["location"]
        one.location_id = places.get(name.casefold())
        if name and one.location_id is None:
            one.errors["location"] = f"There is no place called {name}."
        for column in REQUIRED:
            if not row.values[column]:
                one.errors[column] = "This field is required."
    return planned


def models_by_key() -> dict[ModelKey, UUID]:
    rows = MachineModel.objects.values_list("name", "manufacturer", "year", "pk")
    return {(name.casefold(), maker.casefold(), year): pk for name, maker, year, pk in rows}


def places_by_name() -> dict[str, UUID]:
    """By name and by slug."""
    rows = list(Location.objects.values_list("pk", "slug", "name"))
    slugs = {slug.casefold(): pk for pk, slug, _ in rows}
    return slugs | {name.casefold(): pk for pk, _, name in rows}


def _model(one: Planned, known: dict[ModelKey, UUID], new: dict[ModelKey, Planned]) -> None:
    values = one.row.values
    fields = {name: values[name] for name in OF_MODEL if values[name]}
    fields["era"] = ERAS.get(values["era"].casefold(), values["era"])
    model = MachineModel(**fields)
    errors = _clean(model, OF_MODEL)
    if named_badly := errors.keys() & {"name", "manufacturer", "year"}:
        one.errors |= {name: errors[name] for name in OF_MODEL if name in named_badly}
        return
    one.key = (model.name.casefold(), model.manufacturer.casefold(), model.year)
    one.model_id = known.get(one.key)
    if one.model_id is not None:
        return  # the rest says what is known already
    first = new.setdefault(one.key, one)
    if first is not one and not values["era"]:
        errors.pop("era", None)
    elif not values["era"]:
        errors["era"] = "This model is new: say its era."
    elif first.model is not None and first.model.era != model.era:
        errors["era"] = f"Row {first.row.number} says another era of this model."
    one.model = model
    one.errors |= errors


def _machine(one: Planned, taken: set[str], seen: dict[str, int]) -> None:
    values = one.row.values
    fields: dict[str, Any] = {name: values[name] for name in OF_MACHINE if values[name]}
    number = fields["asset_number"] = values["asset_number"].upper()
    one.machine = Machine(**fields)
    errors = _clean(one.machine, OF_MACHINE)
    if number in seen:
        errors["asset_number"] = f"Row {seen[number]} has this asset number already."
    elif number in taken:
        errors["asset_number"] = "Another machine has this asset number."
    seen.setdefault(number, one.row.number)
    one.errors |= errors


def _clean(row: models.Model, names: Sequence[str]) -> dict[str, str]:
    """Django's check of single fields, which asks no database: what is wrong, by field."""
    others = {each.name for each in row._meta.fields} - set(names)
    try:
        row.clean_fields(exclude=others)
    except ValidationError as error:
        return {name: " ".join(messages) for name, messages in error.message_dict.items()}
    return {}
