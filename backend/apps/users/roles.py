"""Who may do what: the one table of roles. Services ask for a permission, never for a role."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

# feature: museum
VISITOR = "visitor"
MAINTAINER = "maintainer"
MANAGER = "manager"

_MAINTAIN = (
    "museum.view_problemreport",
    "museum.change_problemreport",
    "museum.add_logentry",
    "museum.change_logentry",
    "museum.add_photo",
    "museum.add_part",
    "museum.change_part",
)
_MANAGE = (
    "museum.add_machine",
    "museum.change_machine",
    "museum.delete_machine",
    "museum.delete_problemreport",
    "museum.delete_logentry",
    "museum.delete_photo",
    "museum.delete_part",
    "museum.add_machinemodel",
    "museum.change_machinemodel",
    "museum.add_location",
    "museum.change_location",
)
# end feature: museum
# feature: wiki
EDITOR = "editor"
MODERATOR = "moderator"

_EDIT = ("versioning.review_branch", "versioning.merge_branch")
_MODERATE = ("versioning.view_branch", "wiki.change_review")
# end feature: wiki

ROLES: dict[str, tuple[str, ...]] = {
    # feature: museum
    VISITOR: (),
    MAINTAINER: _MAINTAIN,
    MANAGER: _MAINTAIN + _MANAGE,
    # end feature: museum
    # feature: wiki
    EDITOR: _EDIT,
    MODERATOR: _EDIT + _MODERATE,
    # end feature: wiki
    # without museum: # name: what it may do, e.g. "editor": ("blog.add_post", "blog.change_post"),
}


def sync_roles(app_config: AppConfig, using: str, **kwargs: Any) -> None:
    """After `migrate`: make the groups match the table."""
    if app_config.label != "users":
        return
    from django.apps import apps

    for config in apps.get_app_configs():
        create_permissions(config, verbosity=0, using=using)
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.using(using).select_related("content_type")
    }
    for role, names in ROLES.items():
        group, _ = Group.objects.using(using).get_or_create(name=role)
        group.permissions.set(known[name] for name in names)
