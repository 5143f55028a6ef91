"""Permissions of our own models, and the table of roles that CONTEXT_ROLES names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.contrib.auth import get_permission_codename
from django.db.models import Model
from django.utils.module_loading import import_string

from longhouse.context import conf
from longhouse.context.project import Project

QUESTION = "Which permissions are there, and which roles hold each?"


@dataclass(frozen=True)
class Permission:
    """`model` is missing when a role holds a permission of no model of ours."""

    name: str
    model: str = ""
    roles: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Permissions:
    """A superuser has every permission without a role."""

    roles: list[str]
    permissions: list[Permission]


def collect(project: Project) -> Permissions:
    path = conf.roles()
    roles: Mapping[str, tuple[str, ...]] = import_string(path) if path else {}
    models = {
        name: model._meta.label
        for config in project.apps
        for model in config.get_models()
        for name in _names(model)
    }
    held = {name for names in roles.values() for name in names}
    return Permissions(
        roles=sorted(roles),
        permissions=[
            Permission(
                name=name,
                model=models.get(name, ""),
                roles=sorted(role for role, names in roles.items() if name in names),
            )
            for name in sorted({*models, *held})
        ],
    )


def count(document: Permissions) -> str:
    return f"{len(document.permissions)} permissions, {len(document.roles)} roles"


def _names(model: type[Model]) -> Iterator[str]:
    meta = model._meta
    for action in meta.default_permissions:
        yield f"{meta.app_label}.{get_permission_codename(action, meta)}"
    for codename, _ in meta.permissions:
        yield f"{meta.app_label}.{codename}"
