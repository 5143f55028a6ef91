"""The built pages of a machine, and what makes them untrue: what their titles and previews tell.

The front door then asks heads.py instead. Deletions and changes of models come from the admin too,
which is why they are heard of by signals.
"""

import uuid
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.signals import post_save
from django.dispatch import receiver

from apps.core.soft_delete import moved
from apps.museum.models import Machine, MachineModel
from longhouse.frontdoor.retired import retire


def machine_path(slug: str) -> str:
    return f"/machines/{slug}"


def report_path(asset_number: str) -> str:
    return f"/r/{asset_number}"


def retire_pages(machines: QuerySet[Machine]) -> None:
    paths = []
    for slug, asset_number in machines.values_list("slug", "asset_number"):
        paths += [machine_path(slug), report_path(asset_number)]
    retire(*paths)


@receiver(moved)
def machines_or_pictures_moved(deletion_id: uuid.UUID, **_: Any) -> None:
    hit = Q(deletion_id=deletion_id) | Q(photos__deletion_id=deletion_id)
    retire_pages(Machine.all_objects.filter(hit).order_by().distinct())


@receiver(post_save, sender=MachineModel)
def model_changed(instance: MachineModel, **_: Any) -> None:
    retire_pages(Machine.objects.filter(model=instance))
