"""Models, told from Django's registry."""

from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q

from longhouse.context.project import Project, dotted, summary

QUESTION = "Which models are there, with which fields, relations, constraints and indexes?"


@dataclass(frozen=True)
class Field:
    """`to`: the related model; `choices`: the values that may be stored."""

    name: str
    type: str
    null: bool = False
    primary_key: bool = False
    unique: bool = False
    index: bool = False
    editable: bool = True
    max_length: int | None = None
    choices: list[str] = field(default_factory=list)
    to: str = ""
    on_delete: str = ""
    related_name: str = ""
    help: str = ""


@dataclass(frozen=True)
class Rule:
    """A constraint or an index; `condition`: the rows that it is about, or what must hold."""

    name: str
    type: str
    fields: list[str] = field(default_factory=list)
    condition: str = ""


@dataclass(frozen=True)
class Manager:
    name: str
    type: str


@dataclass(frozen=True)
class Model:
    """`bases` leaves out Django's plain Model; `managers` leaves out its plain Manager."""

    label: str
    table: str
    doc: str = ""
    bases: list[str] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    constraints: list[Rule] = field(default_factory=list)
    unique_together: list[list[str]] = field(default_factory=list)
    indexes: list[Rule] = field(default_factory=list)
    managers: list[Manager] = field(default_factory=list)
    base_manager: str = ""


@dataclass(frozen=True)
class Models:
    """Fields in the order in which they are declared."""

    models: list[Model]


def collect(project: Project) -> Models:
    found = [model for config in project.apps for model in config.get_models()]
    return Models(sorted(map(_model, found), key=lambda model: model.label))


def count(document: Models) -> str:
    return f"{len(document.models)} models"


def _model(model: type[models.Model]) -> Model:
    meta = model._meta
    doc = summary(model.__doc__)
    fields = [*meta.local_fields, *meta.local_many_to_many, *meta.private_fields]
    return Model(
        label=meta.label,
        table=meta.db_table,
        # Django writes one itself when there is none.
        doc="" if doc.startswith(f"{model.__name__}(") else doc,
        bases=[dotted(base) for base in model.__bases__ if base is not models.Model],
        fields=[_field(item) for item in fields],
        constraints=[_constraint(rule) for rule in meta.constraints],
        unique_together=[list(names) for names in meta.unique_together],
        indexes=[_index(index) for index in meta.indexes],
        managers=[
            Manager(manager.name, dotted(type(manager)))
            for manager in meta.managers
            if type(manager) is not models.Manager
        ],
        base_manager=meta.base_manager_name or "",
    )


def _field(item: Any) -> Field:
    remote = getattr(item, "remote_field", None)
    on_delete = getattr(remote, "on_delete", None)
    choices = item.flatchoices if isinstance(getattr(item, "choices", None), list) else []
    return Field(
        name=item.name,
        type=type(item).__name__,
        null=getattr(item, "null", False),
        primary_key=getattr(item, "primary_key", False),
        unique=getattr(item, "unique", False),
        index=getattr(item, "db_index", False),
        editable=item.editable,
        max_length=_given(item).get("max_length"),
        choices=[str(value) for value, _ in choices],
        to=_label(remote.model) if remote else "",
        on_delete=on_delete.__name__ if on_delete else "",
        related_name=(getattr(remote, "related_name", None) or "") if remote else "",
        help=str(getattr(item, "help_text", "")),
    )


def _given(item: Any) -> dict[str, Any]:
    """What its declaration says, without what the field adds itself."""
    return item.deconstruct()[3] if isinstance(item, models.Field) else {}


def _label(model: Any) -> str:
    return model if isinstance(model, str) else str(model._meta.label)


def _constraint(rule: Any) -> Rule:
    condition = getattr(rule, "condition", None)
    return Rule(
        name=rule.name,
        type=type(rule).__name__,
        fields=[*getattr(rule, "fields", ()), *map(str, getattr(rule, "expressions", ()))],
        condition=in_words(condition) if condition is not None else "",
    )


def _index(index: models.Index) -> Rule:
    ordered = [f"{order and '-'}{name}" for name, order in index.fields_orders]
    return Rule(
        name=index.name,
        type=type(index).__name__,
        fields=[*ordered, *map(str, index.expressions)],
        condition=in_words(index.condition) if index.condition is not None else "",
    )


def in_words(condition: Any) -> str:
    """A condition as one would write it with Q: `status='open' & ~(closed_at__isnull=True)`."""
    if isinstance(condition, tuple):
        name, value = condition
        return f"{name}={_plain(value)!r}"
    if not isinstance(condition, Q):
        return str(condition)
    sign = " | " if condition.connector == Q.OR else " & "
    parts = [
        f"({in_words(child)})" if isinstance(child, Q) and len(child) > 1 else in_words(child)
        for child in condition.children
    ]
    text = sign.join(parts)
    return f"~({text})" if condition.negated else text


def _plain(value: Any) -> Any:
    """Members of TextChoices as the values that are stored, and sets in a fixed order."""
    if isinstance(value, set | frozenset):
        return sorted(map(_plain, value), key=repr)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.value if isinstance(value, models.Choices) else value
