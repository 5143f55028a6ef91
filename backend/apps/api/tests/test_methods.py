"""Every path answers every method: HEAD as GET, one that is not offered by a problem."""

import re

import pytest
from django.urls import get_resolver

from apps.api.api import api

pytestmark = pytest.mark.django_db

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO")


def offers() -> dict[str, set[str]]:
    """The methods of each path."""
    assert get_resolver().url_patterns  # every app's operations are in the API now
    paths = api.get_openapi_schema(path_prefix="/api/")["paths"]
    return {path: {method.upper() for method in found} for path, found in paths.items()}


@pytest.mark.parametrize(("path", "offered"), offers().items(), ids=offers())
def test_a_method_that_is_not_offered_is_a_problem(client, path, offered):
    url = re.sub(r"{(position|branch_id)}", "1", path)  # numbers; all others may be an identifier
    url = re.sub(r"{\w+}", "01890000-0000-7000-8000-000000000000", url)
    allowed = offered | ({"HEAD"} if "GET" in offered else set())
    for method in set(METHODS) - allowed:
        refused = client.generic(method, url)
        assert (method, refused.status_code) == (method, 405)
        assert refused["Content-Type"] == "application/problem+json"
        assert set(refused["Allow"].split(", ")) == allowed
        if method != "HEAD":
            assert refused.json()["type"] == "/problems/method-not-allowed"


def test_head_answers_as_get_without_the_body(client):
    got, asked = client.get("/api/session"), client.head("/api/session")
    assert (asked.status_code, asked.content) == (200, b"")
    alike = ("Content-Type", "Content-Length", "ETag", "Cache-Control")
    assert [asked[name] for name in alike] == [got[name] for name in alike]
    assert client.head("/api/session", headers={"if-none-match": got["ETag"]}).status_code == 304
    assert client.head("/api/profile").status_code == 401
