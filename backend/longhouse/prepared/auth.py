"""Django's own authentication backend, reading people and permissions by prepared queries."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend as DjangoModelBackend
from django.contrib.auth.models import Permission
from django.db.models import QuerySet

from longhouse.prepared.query import prepare

Name = tuple[str, str]  # app label, codename


class Person(NamedTuple):
    """A row that has been read already."""

    pk: Any
    values: tuple[Any, ...]  # of columns_of_person()
    session: str  # what the session holds by which it was read, to the letter

    def instance(self) -> Any:
        return _instance(self.pk, self.values)


_read_already: ContextVar[Person | None] = ContextVar("person_read_already", default=None)


@prepare
def person(*, pk: Any) -> QuerySet[Any, tuple[Any, ...]]:
    return get_user_model()._default_manager.filter(pk=pk).values_list(*columns_of_person())


@prepare
def own_permissions(*, pk: Any) -> QuerySet[Permission, Name]:
    return _names(Permission.objects.filter(user=pk))


@prepare
def group_permissions(*, pk: Any) -> QuerySet[Permission, Name]:
    return _names(Permission.objects.filter(group__user=pk))


class ModelBackend(DjangoModelBackend):
    """For `AUTHENTICATION_BACKENDS`, in the place of Django's."""

    def get_user(self, user_id: Any) -> Any:
        known = _read_already.get()
        if row := known.values if known and known.pk == user_id else person.first(pk=user_id):
            user = _instance(user_id, row)
            return user if self.user_can_authenticate(user) else None
        return None

    def _get_permissions(self, user_obj: Any, obj: Any, from_name: str) -> Any:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        cache = f"_{from_name}_perm_cache"
        if user_obj.is_superuser or hasattr(user_obj, cache):
            return super()._get_permissions(user_obj, obj, from_name)  # type: ignore[misc]
        query = own_permissions if from_name == "user" else group_permissions
        names = {f"{app}.{codename}" for app, codename in query.all(pk=user_obj.pk)}
        setattr(user_obj, cache, names)
        return names


@contextmanager
def read_already(person: Person | None) -> Iterator[None]:
    """In the block, the backend takes this row instead of reading it."""
    token = _read_already.set(person)
    try:
        yield
    finally:
        _read_already.reset(token)


@cache
def columns_of_person() -> list[str]:
    return [field.attname for field in get_user_model()._meta.concrete_fields]


def _instance(pk: Any, row: tuple[Any, ...]) -> Any:
    return get_user_model().from_db(person.alias(pk=pk), columns_of_person(), row)


def _names(permissions: QuerySet[Permission]) -> QuerySet[Permission, Name]:
    return permissions.order_by().values_list("content_type__app_label", "codename")
