"""Django's own signals, and those of the house: sign-ins, people, roles."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import m2m_changed, post_save, pre_save
from django.dispatch import receiver
from django.http import HttpRequest

from apps.audit.middleware import current_request
from apps.audit.models import Kind
from apps.audit.services import record, shortened, signed_in
from apps.core.throttling import rate_limited
from apps.users.models import User
from apps.users.throttling import sign_in_limit

FLAGS = ("is_active", "is_staff", "is_superuser")
WATCHED = {*FLAGS, "email", "password"}


@receiver(user_logged_in, dispatch_uid="audit.signed_in")
def on_sign_in(request: HttpRequest, user: User, **_: Any) -> None:
    signed_in(request=request, user=user)


@receiver(user_logged_out, dispatch_uid="audit.signed_out")
def on_sign_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        record(Kind.SIGN_OUT, request=request, user=user)


@receiver(user_login_failed, dispatch_uid="audit.sign_in_failed")
def on_failure(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    typed = str(credentials.get("username") or credentials.get("email") or "").strip().lower()
    user = User.objects.filter(email=typed).first() if "\0" not in typed else None
    record(
        Kind.SIGN_IN_FAILED,
        request=request or current_request(),
        user=user,
        tried="" if user else typed,
    )


@receiver(rate_limited, dispatch_uid="audit.sign_in_limited")
def on_rate_limit(sender: str, request: HttpRequest, **_: Any) -> None:
    if sender == sign_in_limit.scope:
        record(Kind.SIGN_IN_LIMITED, request=request)


@receiver(pre_save, sender=User, dispatch_uid="audit.before_person")
def before_person(instance: User, update_fields: Iterable[str] | None, **_: Any) -> None:
    """Notes what the save will change; `after_person` tells of it once it is stored."""
    instance._security_changes = []  # type: ignore[attr-defined]
    if update_fields is not None and not WATCHED.intersection(update_fields):
        return
    names = WATCHED if update_fields is None else WATCHED.intersection(update_fields)
    old = User._base_manager.filter(pk=instance.pk).values(*WATCHED).first()
    was: dict[str, Any] = old or {"is_active": True, "is_staff": False, "is_superuser": False}
    changes = instance._security_changes  # type: ignore[attr-defined]
    flags = {name: getattr(instance, name) for name in FLAGS if name in names}
    if changed := {name: now for name, now in flags.items() if now != was[name]}:
        changes.append((Kind.ACCESS_CHANGED, changed))
    if old is None:
        return
    if "email" in names and instance.email != was["email"]:
        addresses = {"old": shortened(was["email"]), "new": shortened(instance.email)}
        changes.append((Kind.EMAIL_CHANGED, addresses))
    # A hash alone is renewed at sign-in, when the way of hashing has changed; `_password` is there
    # when a password was set.
    set_now = instance._password is not None or not instance.has_usable_password()  # type: ignore[attr-defined]
    if "password" in names and instance.password != was["password"] and set_now:
        changes.append((Kind.PASSWORD_CHANGED, {}))


@receiver(post_save, sender=User, dispatch_uid="audit.after_person")
def after_person(instance: User, raw: bool, **_: Any) -> None:
    for kind, details in instance.__dict__.pop("_security_changes", ()):
        if not raw:  # a fixture
            record(kind, request=current_request(), user=instance, **details)


@receiver(m2m_changed, sender=User.groups.through, dispatch_uid="audit.roles")
def on_roles(**signal: Any) -> None:
    _on_membership(Kind.ROLES_CHANGED, "groups", **signal)


@receiver(m2m_changed, sender=User.user_permissions.through, dispatch_uid="audit.permissions")
def on_permissions(**signal: Any) -> None:
    _on_membership(Kind.PERMISSIONS_CHANGED, "user_permissions", **signal)


def _on_membership(
    kind: Kind,
    relation: str,
    *,
    action: str,
    instance: Any,
    reverse: bool,
    model: Any,
    pk_set: set[Any] | None,
    **_: Any,
) -> None:
    change = {"post_add": "added", "post_remove": "removed", "pre_clear": "removed"}.get(action)
    if change is None:
        return
    chosen = model._default_manager.filter(pk__in=pk_set) if pk_set is not None else None
    if reverse:  # group.user_set.add(person, ...)
        given, people = [instance], list(instance.user_set.all() if chosen is None else chosen)
    else:
        given = list(getattr(instance, relation).all() if chosen is None else chosen)
        people = [instance]
    details: dict[str, Any] = {change: [_name(item) for item in given]}
    for person in people if given else ():
        record(kind, request=current_request(), user=person, **details)


@receiver(m2m_changed, sender=Group.permissions.through, dispatch_uid="audit.role")
def on_role(action: str, instance: Any, reverse: bool, pk_set: set[Any] | None, **_: Any) -> None:
    """What a role may do. `migrate` makes it what the table in code says: that is no event."""
    request = current_request()
    change = {"post_add": "added", "post_remove": "removed"}.get(action)
    if request is None or change is None or reverse:
        return
    permissions = Permission.objects.filter(pk__in=pk_set or ())
    details: dict[str, Any] = {change: [_name(permission) for permission in permissions]}
    record(Kind.PERMISSIONS_CHANGED, request=request, role=instance.name, **details)


def _name(given: Group | Permission) -> str:
    if isinstance(given, Group):
        return given.name
    return f"{given.content_type.app_label}.{given.codename}"
