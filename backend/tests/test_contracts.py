"""Every operation of every OpenAPI document, asked as it says it may be: it answers as it says.

The first call of each is one that its app accepts (`tests/access.py`); Schemathesis makes the
others, of its own values and those of the first.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import Client
from django.urls import get_resolver
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

# feature: spa
from apps.api.api import api

# end feature: spa
from apps.rest.docs import document  # feature: rest
from apps.users.models import User
from apps.users.tests.factories import UserFactory
from tests.access.cases import Case, confirm, fill
from tests.access.test_access import CASES

EXAMPLES = 15  # of each operation
CHECKS: list[Any] = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
CSRF = "t" * 32
HEADERS = {"Host": "testserver", "X-CSRFToken": CSRF, "If-Match": "*"}


def documents() -> Iterator[dict[str, Any]]:
    assert get_resolver().url_patterns  # they add the operations
    yield from ()
    yield document()  # feature: rest
    yield api.get_openapi_schema(path_prefix="/api/")  # feature: spa


def shape(path: str) -> str:
    """A path without the names of its parameters, which frameworks change."""
    return re.sub(r"<[^>]*>|{[^}]*}", "{}", path.lstrip("/"))


CASE_OF = {shape(case.route): (module, case) for module, case in CASES}
SCHEMAS = [schemathesis.openapi.from_dict(found) for found in documents()]
OPERATIONS = [
    (operation, *CASE_OF[name])
    for schema in SCHEMAS
    for found in schema.get_all_operations()
    if isinstance(found, Ok)
    for operation in [found.ok()]
    if (name := f"{operation.method.upper()} {shape(operation.path)}") in CASE_OF
]


@pytest.fixture
def owner(db: None) -> User:
    UserFactory.create(is_superuser=True)  # the last one could not leave
    return UserFactory.create(is_superuser=True, is_staff=True)


@pytest.fixture
def app(owner: User) -> Iterator[Callable[..., Any]]:
    """The house, as one sees it who may do everything and owns what there is."""
    client = Client()
    client.force_login(owner)
    confirm(client)
    client.cookies["csrftoken"] = CSRF
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    house = WSGIHandler()
    # As Django's own test client: the connection holds the test's transaction.
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        caller = {"HTTP_COOKIE": cookies, "REMOTE_ADDR": "127.0.0.1"}
        return house(environ | caller, start_response)

    yield answer
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


def test_no_operation_is_left_out():
    described = {
        f"{method.upper()} {path}"
        for found in documents()
        for path, methods in found["paths"].items()
        for method in methods
    }
    asked = {f"{operation.method.upper()} {operation.path}" for operation, _, _ in OPERATIONS}
    assert described == asked


@pytest.mark.parametrize(
    ("operation", "module", "case"),
    OPERATIONS,
    ids=[f"{operation.method.upper()} {operation.path}" for operation, _, _ in OPERATIONS],
)
def test_an_operation_answers_as_its_document_says(operation, module, case, app, owner):
    things = module.things(owner) if hasattr(module, "things") else {}
    place = parameters(operation.path, case.url(things))
    first = accepted_call(operation, case, things, place)
    assert ask(first, app) < 400
    known = dict(first.body) if isinstance(first.body, dict) else {}

    @seed(1)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(made=operation.as_strategy(), names=st.sets(st.sampled_from(sorted(known) or [""])))
    def others(made: Any, names: set[str]) -> None:
        made.path_parameters = place
        made.headers.pop("If-Match", None)
        if known and isinstance(made.body, dict):
            made.body |= {name: known[name] for name in names}
        ask(made, app)

    others()


def ask(call: Any, app: Callable[..., Any]) -> int:
    """The status of the answer, whose changes are undone."""
    cache.clear()  # limits count elsewhere
    with transaction.atomic():
        answer = call.call(app=app, headers=HEADERS)
        transaction.set_rollback(True)
    call.validate_response(answer, checks=CHECKS)
    return int(answer.status_code)


def parameters(path: str, url: str) -> dict[str, str]:
    """{"slug": "comet"} from /things/{slug}/ and /things/comet/."""
    pattern = re.sub(r"{([^}]*)}", r"(?P<\1>[^/]+)", path)
    found = re.fullmatch(pattern, url)
    assert found, (path, url)
    return found.groupdict()


def accepted_call(
    operation: Any, case: Case, things: Mapping[str, Any], place: dict[str, str]
) -> Any:
    body = fill(case.body, things)
    if body is None:
        return operation.Case(path_parameters=place)
    if case.files:
        body = {
            name: value.read() if isinstance(value, UploadedFile) else value
            for name, value in body.items()
        }
    media_type = "multipart/form-data" if case.files else "application/json"
    return operation.Case(path_parameters=place, body=body, media_type=media_type)
