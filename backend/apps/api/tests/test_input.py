"""What callers may send: refused with a problem, never a crash."""

import json

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller(api_as, person):
    return api_as(person)


def test_a_body_that_is_too_large_is_refused(caller):
    body = {"display_name": "x" * 2**20}
    response = caller.send("PATCH", "/api/profile", body)
    assert response.status_code == 413
    assert response.json()["type"] == "/problems/too-large"


def test_a_zero_character_is_refused(caller):
    # PostgreSQL cannot store it.
    body = {"display_name": "a\0"}
    response = caller.send("PATCH", "/api/profile", body)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "display_name"


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"display_name": 1e999}',
        "1" * 5000,
        '"\\ud800"',
        '{"display_name": "\\ud800"}',
    ],
)
def test_nonsense_is_refused(caller, body):
    response = caller.generic(
        "PATCH", "/api/profile", body, "application/json", headers={"x-csrftoken": caller.token}
    )
    assert response.status_code in {400, 422}
    assert json.loads(response.content)["status"] == response.status_code


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", "x"),
        ("multipart/form-data; boundary=b", "--b\r\nnonsense"),
        ("application/x-www-form-urlencoded", "&".join(f"f{n}=" for n in range(1001))),
    ],
)
def test_a_broken_form_is_refused(caller, content_type, body):
    response = caller.generic("PATCH", "/api/profile", body, content_type)
    assert response.status_code in {400, 403}
    assert response.json()["status"] == response.status_code


@pytest.mark.parametrize("body", ["[]", "null", '"x"', "3", "[1]", ""])
def test_a_body_that_is_no_object_is_told_so(caller, body):
    response = caller.generic(
        "PATCH", "/api/profile", body, "application/json", headers={"x-csrftoken": caller.token}
    )
    assert response.status_code == 422
    assert response.json()["errors"] == [{"field": "", "message": "Send a JSON object."}]
