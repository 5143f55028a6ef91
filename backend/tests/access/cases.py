"""What an app says of its routes, and who comes to ask."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from apps.users.models import User
from apps.users.roles import ROLES
from apps.users.tests.factories import (
    PASSWORD,  # feature: accounts
    UserFactory,
)

ANONYMOUS, PERSON, OWNER, STAFF = "anonymous", "person", "owner", "staff"
SIGNED_IN = (PERSON, OWNER, *ROLES, STAFF)
EVERYBODY = (ANONYMOUS, *SIGNED_IN)


@dataclass(frozen=True)
class Case:
    """One route, and the actors who may use it; everybody else is turned away.

    `path` and the texts of `body` may name what the app's `things` returned: "/api/{machine.slug}".
    """

    route: str  # as routes() spells it
    allowed: tuple[str, ...]
    path: str = ""  # what the route itself says, if it has no parameters
    body: Any = None
    files: bool = False  # the body is a form with files
    headers: Mapping[str, str] = field(default_factory=dict)
    confirmed: bool = False  # for people who have just said again who they are

    def url(self, things: Mapping[str, Any]) -> str:
        return (self.path or f"/{self.route.partition(' ')[2]}").format(**things)

    def __str__(self) -> str:
        return self.route


def fill(value: Any, things: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return value.format(**things)
    if callable(value):
        return value()
    if isinstance(value, dict):
        return {name: fill(item, things) for name, item in value.items()}
    return value


def picture() -> SimpleUploadedFile:
    written = io.BytesIO()
    Image.new("RGB", (60, 40)).save(written, "PNG")
    return SimpleUploadedFile("a.png", written.getvalue())


def client_of(actor: str, owner: User, *, confirmed: bool = False) -> Client:
    """A browser in which the actor has signed in."""
    client = Client()
    if actor == ANONYMOUS:
        return client
    user = owner if actor == OWNER else UserFactory.create(is_staff=actor == STAFF)
    if actor in ROLES:
        user.groups.add(Group.objects.get(name=actor))
    client.force_login(user)
    if confirmed:
        confirm(client)
    return client


def confirm(client: Client) -> None:
    """Say again who is signed in, by their password."""
    # feature: accounts
    url = "/_allauth/browser/v1/auth/reauthenticate"
    assert client.post(url, {"password": PASSWORD}, "application/json").status_code == 200
    # end feature: accounts
