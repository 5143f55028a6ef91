"""What ends sign-ins by tokens, whichever form, API or command was the door."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from apps.rest import services
from apps.users.models import User


@receiver(post_save, sender=User, dispatch_uid="rest.end_families")
def on_person_saved(instance: User, created: bool, raw: bool, **_: Any) -> None:
    if created or raw:
        return
    # `_password` is there when a password was set, not when the way of hashing has changed.
    new_password = instance._password is not None or not instance.has_usable_password()  # type: ignore[attr-defined]
    if new_password or not instance.is_active:
        services.end_families(user=instance, reason="password" if new_password else "disabled")
