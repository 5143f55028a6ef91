import json
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client

from apps.users.tests.factories import UserFactory
from tests.access.cases import EVERYBODY, STAFF, Case, client_of, fill
from tests.access.routes import routes

pytestmark = pytest.mark.django_db

# The site of Django's admin looks after itself, model by model; here: nobody but staff.
ADMIN = "admin/"
# What stands for a parameter of a route where nothing needs to be there.
SAMPLES = {"int": "1", "slug": "x", "uuid": "00000000-0000-7000-8000-000000000000"}
OPEN_IN_ADMIN = {"login/", "logout/", "jsi18n/"}


def _modules() -> Iterator[ModuleType]:
    for config in apps.get_app_configs():
        if (Path(config.path) / "tests" / "access.py").exists():
            yield import_module(f"{config.name}.tests.access")


CASES: list[tuple[ModuleType, Case]] = [
    (module, case) for module in _modules() for case in module.CASES
]
# Of packages, whose own tests ask more: what is there for all, and what for those who signed in.
OPEN = sorted({route for module in _modules() for route in getattr(module, "OPEN", ())})
GUARDED = sorted({route for module in _modules() for route in getattr(module, "GUARDED", ())})


def test_every_route_says_who_may_use_it():
    known = {case.route for _, case in CASES} | set(OPEN) | set(GUARDED)
    ours = {route for route in routes() if not route.partition(" ")[2].startswith(ADMIN)}
    missing, gone = sorted(ours - known), sorted(known - ours)
    assert not missing, f"Say in the app's tests/access.py who may use these: {missing}"
    assert not gone, f"There is no such route any more: {gone}"


@pytest.mark.parametrize("actor", EVERYBODY)
@pytest.mark.parametrize(("module", "case"), CASES, ids=[str(case) for _, case in CASES])
def test_who_may_and_who_may_not(module: ModuleType, case: Case, actor: str):
    owner = UserFactory.create()
    things = module.things(owner) if hasattr(module, "things") else {}
    client = client_of(actor, owner, confirmed=case.confirmed)
    method = case.route.partition(" ")[0]
    body = fill(case.body, things)
    answer = _ask(client, method, case.url(things), body, files=case.files, headers=case.headers)
    if actor in case.allowed:
        assert answer.status_code < 400, answer.content
        assert not _is_sent_to_sign_in(answer), answer["Location"]
    else:
        # What is somebody else's may as well not exist.
        turned_away = answer.status_code in {401, 403, 404} or _is_sent_to_sign_in(answer)
        assert turned_away, (answer.status_code, answer.content[:500])


@pytest.mark.parametrize("route", GUARDED)
def test_nobody_comes_here_without_signing_in(route: str):
    method, _, path = route.partition(" ")
    assert "(" not in path, f"{route} needs a Case of its own"
    for kind, sample in SAMPLES.items():
        path = re.sub(f"<{kind}:[a-z_]+>", sample, path)
    answer = _ask(Client(), method, f"/{path}", None, files=False)
    # 409: there is no sign-in under way that this could be a step of
    turned_away = answer.status_code in {401, 403, 409} or _is_sent_to_sign_in(answer)
    assert turned_away, (answer.status_code, answer.content[:500])


@pytest.mark.parametrize("actor", [actor for actor in EVERYBODY if actor != STAFF])
def test_the_admin_is_for_staff(actor):
    client = client_of(actor, UserFactory.create())
    asked = 0
    for route in sorted(routes()):
        path = route.partition(" ")[2].removeprefix(ADMIN)
        if not route.startswith(f"GET {ADMIN}") or path in OPEN_IN_ADMIN or "(" in path:
            continue
        path = re.sub("<[^>]*>", "1", path)
        answer = client.get(f"/{ADMIN}{path}")
        assert answer.status_code in {403, 404} or "/login" in answer["Location"], route
        asked += 1
    assert asked > 10


def _ask(
    client: Any,
    method: str,
    url: str,
    body: Any,
    *,
    files: bool,
    headers: Mapping[str, str] | None = None,
) -> Any:
    if files:
        return client.post(url, body)
    if method == "GET":
        return client.get(url)
    return client.generic(
        method, url, json.dumps(body or {}), "application/json", headers=dict(headers or {})
    )


def _is_sent_to_sign_in(answer: Any) -> bool:
    doors = {str(settings.LOGIN_URL), "/admin/login/"}
    doors.add("/accounts/login/")  # feature: accounts
    return answer.status_code == 302 and answer["Location"].partition("?")[0] in doors
