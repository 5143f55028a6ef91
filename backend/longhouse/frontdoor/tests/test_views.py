import json

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from longhouse.frontdoor import views
from longhouse.frontdoor.table import inline_hash

HTML = {"Accept": "text/html,*/*;q=0.8"}


@pytest.fixture
def http() -> Client:
    return Client(raise_request_exception=False, headers=HTML)


@pytest.mark.parametrize("accept", ["application/json", "image/*"])
def test_who_wants_no_page_gets_one_line(http: Client, accept: str) -> None:
    reply = http.get("/none.js", headers={"Accept": accept})
    assert reply.status_code == 404
    assert reply["Content-Type"].startswith("text/plain")
    assert len(reply.content) < 100


def test_errors_of_the_api_are_problems(http: Client) -> None:
    reply = http.get("/api/nothing")
    assert reply.status_code == 404
    assert reply["Content-Type"] == "application/problem+json"
    problem = reply.json()
    assert problem["type"] == "/problems/not-found"
    assert set(problem) == {"type", "title", "status", "detail", "errors", "request_id"}
    assert http.get("/api/failing").json()["status"] == 500


def test_failures_tell_nothing_of_the_inside(http: Client) -> None:
    for path in ("/failing", "/api/failing"):
        reply = http.get(path)
        assert reply.status_code == 500
        assert b"secret" not in reply.content
        assert b"Traceback" not in reply.content


def test_errors_have_a_plain_page_that_its_policy_allows(http: Client) -> None:
    for path, status in (("/failing", 500), ("/forbidden", 403)):
        reply = http.get(path)
        assert reply.status_code == status
        html = reply.content.decode()
        assert "<!doctype html>" in html
        assert "<script" not in html
        style = html.partition("<style>")[2].partition("</style>")[0]
        assert f"'{inline_hash(style)}'" in reply["Content-Security-Policy"]
        assert reply["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_refused_form_is_explained(settings: Settings) -> None:
    settings.CSRF_FAILURE_VIEW = "longhouse.frontdoor.views.csrf_failure"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.csrf.CsrfViewMiddleware"]
    http = Client(enforce_csrf_checks=True, headers=HTML)
    assert b"Load the page again" in http.post("/hello").content
    reply = http.post("/api/failing")
    assert (reply.status_code, reply.json()["type"]) == (403, "/problems/csrf-failed")


def test_a_bad_host_is_a_bad_request(http: Client) -> None:
    reply = http.get("/hello", headers={"Host": "evil.example"})
    assert reply.status_code == 400
    assert b"evil" not in reply.content


def test_problem_titles_are_the_status() -> None:
    request = RequestFactory().get("/api/x")
    body = json.loads(getattr(views.permission_denied(request, Exception()), "content"))  # noqa: B009
    assert (body["title"], body["status"]) == ("Forbidden", 403)
