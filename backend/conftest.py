"""Fixtures for every test: people, and clients that speak as them."""

import json  # feature: spa
from collections.abc import Callable  # feature: spa
from typing import Any

import pytest
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler  # feature: spa
from django.test import Client  # feature: spa

from apps.api.api import api  # feature: spa
from apps.core.middleware import request_id  # feature: spa
from apps.users.models import User
from apps.users.tests.factories import UserFactory
from longhouse.lane import Lane  # feature: spa
from longhouse.lane.testing import BothWays  # feature: spa


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    # Rate limits must not leak from one test into the next.
    cache.clear()


@pytest.fixture(autouse=True)
def media(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PRIVATE_ROOT = tmp_path / "private"  # feature: museum


# feature: spa
@pytest.fixture
def both_ways() -> Callable[..., BothWays]:
    """Asks the API through the lane and past it, as somebody or nobody."""

    def as_(person: User | None = None) -> BothWays:
        client = Client()
        if person is not None:
            client.force_login(person)
        return BothWays(Lane(WSGIHandler(), api, request_id=request_id), client)

    return as_


# end feature: spa
@pytest.fixture
def person(db: None) -> User:
    """Somebody with an account and no role."""
    return UserFactory.create(display_name="Pia")


@pytest.fixture
def superuser(db: None) -> User:
    return UserFactory.create(display_name="Ada", is_staff=True, is_superuser=True)


# feature: spa
class ApiClient(Client):
    """A browser's fetch: JSON bodies, the CSRF token, and the session of `user`."""

    def __init__(self, user: User | None = None) -> None:
        super().__init__(enforce_csrf_checks=True)
        if user:
            self.force_login(user)
        self.token = self.get("/api/session").cookies["csrftoken"].value

    def send(self, method: str, path: str, body: Any = None, **extra: Any) -> Any:
        headers = {"x-csrftoken": self.token}
        return self.generic(
            method, path, json.dumps(body or {}), "application/json",
            headers=headers, **extra,
        )  # fmt: skip

    def upload(self, path: str, **fields: Any) -> Any:
        return super().post(path, fields, headers={"x-csrftoken": self.token})


@pytest.fixture
def api_as(db: None) -> Callable[[User | None], ApiClient]:
    return ApiClient


@pytest.fixture
def anonymous(db: None) -> ApiClient:
    return ApiClient()


# end feature: spa
