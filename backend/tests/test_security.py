"""What the server promises to every browser, asked of the real server."""

from contextlib import closing
from email.message import Message
from http.client import HTTPConnection
from typing import NamedTuple

import pytest

from tests.house import House

PATHS = ["/", "/admin/login/", "/api/nope", "/nope", "/static/"]
PATHS += ["/styleguide", "/sign-in", "/api/session"]  # feature: spa


class Answer(NamedTuple):
    status: int
    headers: Message
    body: bytes


def fetch(house: House, path: str, **headers: str) -> Answer:
    """One GET, with the path exactly as written and without following redirects."""
    with closing(HTTPConnection("localhost", house.port, timeout=20)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_security_headers(house, path):
    headers = fetch(house, path).headers
    policy = str(headers["Content-Security-Policy"])
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    scripts = directives.get("script-src", directives["default-src"])
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert scripts.startswith(("'self'", "'none'"))
    assert directives["frame-ancestors"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert len(headers.get_all("Content-Security-Policy", [])) == 1


# feature: spa
def test_signed_out_visitors_of_the_app_are_sent_to_sign_in(house):
    answer = fetch(house, "/app/profile?from=mail")
    assert answer.status == 302
    assert answer.headers["Location"] == "/sign-in?next=/app/profile%3Ffrom%3Dmail"


# end feature: spa


def test_an_unknown_page_is_a_real_404_with_a_page(house):
    answer = fetch(house, "/no/such/page", Accept="text/html")
    assert answer.status == 404
    assert "<!doctype html" in answer.body.decode().lower()


def test_an_unknown_api_path_is_a_problem_document(house):
    answer = fetch(house, "/api/nope")
    assert (answer.status, answer.headers["Content-Type"]) == (404, "application/problem+json")


def test_a_foreign_host_is_refused(house):
    assert fetch(house, "/admin/login/", Host="evil.example").status == 400


@pytest.mark.parametrize(
    "path", ["/static/../.env", "/media/../db.sqlite3", "/media/%2e%2e/db.sqlite3", "/..%2f.env"]
)
def test_no_path_leads_out(house, path):
    answer = fetch(house, path)
    assert answer.status in (400, 404)
    assert b"SECRET" not in answer.body
    assert b"SQLite format" not in answer.body
