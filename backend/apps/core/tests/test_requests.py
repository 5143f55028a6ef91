import logging
import re  # feature: spa
from typing import Any

import pytest
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.urls import (
    get_resolver,  # feature: spa
    resolve,
)

from apps.core.middleware import RequestIDFilter, current_request_id


def test_live_needs_no_database(client):
    assert client.get("/health/live").json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_checks_the_database(client):
    assert client.get("/health/ready").json() == {"status": "ok"}


@pytest.mark.django_db
def test_not_ready_while_a_migration_waits(client):
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.filter(app="users", name="0001_initial").delete()
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert "migrations to run" in response.json()["status"]


def test_the_callers_request_id_comes_back(client):
    response = client.get("/health/live", headers={"x-request-id": "trace-12345"})
    assert response["X-Request-ID"] == "trace-12345"


@pytest.mark.parametrize("bad", ["short", "x" * 65, "with space and more", "läuft-nicht"])
def test_other_ids_are_replaced(client, bad):
    response = client.get("/health/live", headers={"x-request-id": bad})
    assert response["X-Request-ID"] != bad
    assert len(response["X-Request-ID"]) == 36


def test_log_records_carry_the_id():
    record = logging.LogRecord("a", logging.INFO, "", 0, "", (), None)
    token = current_request_id.set("abc-12345")
    try:
        assert RequestIDFilter().filter(record)
    finally:
        current_request_id.reset(token)
    assert vars(record)["request_id"] == "abc-12345"


def test_cookies_are_for_the_server_and_this_site_alone(rf, db, settings):
    def view(request):
        request.session["word"] = "yes"
        get_token(request)
        return HttpResponse()

    answer: Any = SessionMiddleware(CsrfViewMiddleware(view))(rf.get("/"))
    session = answer.cookies[settings.SESSION_COOKIE_NAME]
    assert session["httponly"]
    assert session["samesite"] == answer.cookies[settings.CSRF_COOKIE_NAME]["samesite"] == "Lax"
    # The page's own script reads this one, to send it back in a header.
    assert not answer.cookies[settings.CSRF_COOKIE_NAME]["httponly"]


def test_who_has_to_sign_in_is_sent_where_that_can_be_done(settings):
    assert callable(resolve(settings.LOGIN_URL).func)


# feature: spa
def test_the_front_end_s_server_passes_every_path_of_django_s_on(settings):
    """In development a browser has one origin, that of Vite."""
    source = (settings.BACKEND.parent / "frontend/src/lib/server/django.ts").read_text()
    passed = set(re.findall(r"'([a-z_]+)'", source))
    ours = {str(one.pattern).partition("/")[0] for one in get_resolver().url_patterns}
    assert {path for path in ours if path and "(" not in path} <= passed


# end feature: spa
