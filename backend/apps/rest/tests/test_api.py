import re

import pytest
from django.conf import settings
from django.test import Client

from apps.rest.checks import origins_are_origins, signing_key_is_long_enough
from apps.rest.tests.conftest import problem_of
from apps.users.tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("apps.rest.tests.urls")]


# Who may call ------------------------------------------------------------------------------


def test_nothing_is_open_unless_it_says_so(rest):
    response = rest.get("/api/v1/people/")
    assert problem_of(response, 401)["type"] == "/problems/not-signed-in"
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'


def test_a_session_reads_but_writes_only_with_the_csrf_token(person):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)
    assert browser.get("/api/v1/people/").status_code == 200
    url, body = f"/api/v1/people/{person.pk}/", {"display_name": "Moved"}
    problem = problem_of(browser.patch(url, body, "application/json"), 403)
    assert "CSRF" in problem["detail"]
    token = "t" * 32
    browser.cookies["csrftoken"] = token
    headers = {"x-csrftoken": token}
    answer = browser.patch(url, body, "application/json", headers=headers)
    assert answer.json()["display_name"] == "Moved"


def test_a_token_writes_without_a_csrf_token(rest_as, person):
    url, body = f"/api/v1/people/{person.pk}/", {"display_name": "Moved"}
    assert rest_as(person).patch(url, body, format="json").status_code == 200


# Lists -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("", settings.PAGE_SIZE),
        ("?page_size=5", 5),
        ("?page_size=100000", settings.PAGE_SIZE_MAX),
        ("?page_size=5&page=2", 5),
    ],
)
def test_lists_come_in_pages(rest_as, person, query, rows):
    UserFactory.create_batch(settings.PAGE_SIZE_MAX)  # and who asks
    page = rest_as(person).get(f"/api/v1/people/{query}").json()
    assert (page["count"], len(page["results"])) == (settings.PAGE_SIZE_MAX + 1, rows)


# Errors ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "status", "slug", "errors"),
    [
        ("stale", 409, "stale-write", []),
        (
            "invalid",
            422,
            "invalid-input",
            [{"field": "name", "message": "Too long."}, {"field": "", "message": "No."}],
        ),
        ("nested", 422, "invalid-input", [{"field": "lines.1.price", "message": "No."}]),
        ("forbidden", 403, "not-allowed", []),
        ("crash", 500, "internal-server-error", []),
    ],
)
def test_every_failure_is_a_problem(rest_as, person, how, status, slug, errors):
    client = rest_as(person)
    client.raise_request_exception = False
    response = client.post("/api/v1/people/fail/", {"how": how}, format="json")
    problem = problem_of(response, status)
    assert (problem["type"], problem["errors"]) == (f"/problems/{slug}", errors)
    assert problem["request_id"] == response["X-Request-ID"]
    assert "secret" not in response.content.decode()


def test_bad_values_name_the_field(rest_as, person):
    url = f"/api/v1/people/{person.pk}/"
    body = {"time_zone": "Mars/Olympus", "display_name": "x" * 81}
    problem = problem_of(rest_as(person).patch(url, body, format="json"), 422)
    assert {error["field"] for error in problem["errors"]} == {"time_zone", "display_name"}


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "slug"),
    [
        ("GET", "people/none/", {}, 404, "not-found"),
        ("GET", "people/?page=99", {}, 404, "not-found"),
        ("GET", "nope", {}, 404, "not-found"),
        ("GET", "", {}, 404, "not-found"),
        ("DELETE", "people/", {}, 405, "method-not-allowed"),
        ("GET", "people/", {"accept": "text/html"}, 406, "not-acceptable"),
        ("POST", "people/", {"content-type": "text/plain"}, 415, "unsupported-media-type"),
    ],
)
def test_what_http_refuses_is_a_problem_too(rest_as, person, method, path, headers, status, slug):
    content_type = headers.get("content-type", "application/json")
    response = rest_as(person).generic(
        method, f"/api/v1/{path}", "{}", content_type, headers=headers
    )
    assert problem_of(response, status)["type"] == f"/problems/{slug}"
    if status == 405:
        assert "GET" in response["Allow"]


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[" * 100_000,
        '{"email": NaN}',
        '{"email": 1e999}',
        "1" * 5000,
        '"\\ud800"',
        '{"email": "\\ud800"}',
        '{"email": "a\\u0000@example.org", "password": "x"}',
        b"\xff\xfe",
        "[]",
        "",
    ],
)
def test_nonsense_is_refused(rest, body):
    response = rest.generic("POST", "/api/v1/token/", body, "application/json")
    problem_of(response, 422 if response.status_code == 422 else 400)


def test_a_body_that_is_too_large_is_refused(rest):
    body = {"email": "a@example.org", "password": "x" * 2**20}
    response = rest.post("/api/v1/token/", body, format="json")
    assert problem_of(response, 413)["type"] == "/problems/too-large"


@pytest.mark.urls("config.urls")
@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v1/nope/", "/api/v1/token"])
def test_the_root_shows_nothing(rest, path):
    assert problem_of(rest.get(path), 404)["type"] == "/problems/not-found"


# Other origins -----------------------------------------------------------------------------

APP = "https://app.example.org"


def ask_before(rest, path, origin=APP):
    headers = {"origin": origin, "access-control-request-method": "GET"}
    return rest.options(path, headers=headers | {"access-control-request-headers": "authorization"})


@pytest.fixture
def allowed(settings):
    settings.CORS_ALLOWED_ORIGINS = [APP]


def test_an_allowed_origin_may_call(allowed, rest, rest_as, person):
    answer = ask_before(rest, "/api/v1/people/")
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == APP
    assert "authorization" in answer["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer
    assert "origin" in answer["Vary"]
    page = rest_as(person).get("/api/v1/people/", headers={"origin": APP})
    assert page["Access-Control-Allow-Origin"] == APP
    assert re.search(r"\bRetry-After\b", page["Access-Control-Expose-Headers"])


def test_an_error_can_be_read_by_an_allowed_origin(allowed, rest):
    response = rest.get("/api/v1/nope", headers={"origin": APP})
    assert response.status_code == 404
    assert response["Access-Control-Allow-Origin"] == APP


@pytest.mark.parametrize(
    ("path", "origin"),
    [
        ("/api/v1/people/", "https://evil.example"),
        ("/api/v1/people/", "https://app.example.org.evil.example"),
        ("/api/v1/people/", "http://app.example.org"),
        ("/api/v1/people/", "null"),
        ("/api/session", APP),
        ("/admin/", APP),
        ("/api/v10/people/", APP),
    ],
)
def test_other_origins_and_other_paths_are_closed(allowed, rest, path, origin):
    assert "Access-Control-Allow-Origin" not in ask_before(rest, path, origin)
    headers = {"origin": origin}
    assert "Access-Control-Allow-Origin" not in rest.get(path, headers=headers)


@pytest.mark.parametrize(
    "origin",
    [
        *("*", "null", "https://*", "https://*.example.org", "app.example.org"),
        *("https://app.example.org/", "https://App.example.org", "https://a b", "ftp://a.org"),
        *("https://user@a.org", "https://a.org:port", "https://", "nonsense", "https://-a.org"),
    ],
)
def test_a_check_names_an_origin_that_no_browser_sends(settings, origin):
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example.org", origin]
    (message,) = origins_are_origins()
    assert repr(origin) in message.msg
    assert "https://app.example.org" in (message.hint or "")


def test_origins_that_browsers_send_pass_the_check(settings):
    settings.CORS_ALLOWED_ORIGINS = [
        *("https://app.example.org", "http://localhost:3000", "http://127.0.0.1:8080"),
        *("http://[::1]:5173", "https://xn--bcher-kva.example"),
    ]
    assert origins_are_origins() == []


@pytest.mark.parametrize(("key", "found"), [(None, 0), ("k" * 31, 1), ("k" * 32, 0)])
def test_a_check_refuses_a_short_signing_key(settings, key, found):
    settings.SIMPLE_JWT = {"SIGNING_KEY": key} if key else {}
    assert len(signing_key_is_long_enough()) == found
