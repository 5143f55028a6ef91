"""The lane answers as Django would, and leaves to Django what it cannot answer."""

import datetime
import uuid
from contextlib import contextmanager
from decimal import Decimal
from functools import wraps
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from ninja import NinjaAPI, Router, Schema
from ninja.throttling import AnonRateThrottle

from longhouse.lane import Lane, lane
from longhouse.lane.shapes import Shape
from longhouse.lane.testing import BothWays
from longhouse.lane.tests import urls
from longhouse.prepared.tests.models import Maker, Thing

pytestmark = [pytest.mark.django_db, pytest.mark.urls("longhouse.lane.tests.urls")]


@contextmanager
def request_id(given: str):
    yield given or "made-here"


@pytest.fixture
def both_ways(client: Client) -> BothWays:
    return BothWays(Lane(WSGIHandler(), urls.api, request_id=request_id), client)


@pytest.fixture
def things():
    maker = Maker.objects.create(name="Alpha")
    made_at = datetime.datetime(2024, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
    return [
        Thing.objects.create(
            name=f"Thing {n}",
            maker=maker,
            colour="red",
            price=Decimal("1.50"),
            weight=1.0,
            size=n,
            made_at=made_at,
        )
        for n in range(3)
    ]


@pytest.fixture
def person(client):
    someone = get_user_model().objects.create_user("p@example.org", "secret", display_name="P")
    client.force_login(someone)
    return someone


def test_a_list(both_ways, things):
    reply = both_ways.answered("/api/things?size=1")
    assert b'"title":"Thing 1","maker":{"id":' in reply.body
    assert both_ways.answered("/api/things").body != reply.body


def test_one_row_and_a_missing_one(both_ways, things):
    both_ways.answered("/api/things/Thing 2")
    assert both_ways.refused("/api/things/Thing 7") == 404


@pytest.mark.parametrize("query", ["size=x", "size=10", "size=", "size=-1"])
def test_bad_input_is_djangos(both_ways, query):
    assert both_ways.refused(f"/api/things?{query}") == 422


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/api/things", "HEAD", 405),
        ("/api/things", "POST", 405),
        ("/api/things/", "GET", 404),
        ("/api/nowhere", "GET", 404),
        ("/elsewhere", "GET", 404),
        ("/api/ordinary", "GET", 200),
        ("/api/broken", "GET", 500),
    ],
)
def test_all_else_is_djangos(both_ways, path, method, status):
    assert both_ways.refused(path, method) == status


def test_an_unknown_host_is_refused_even_when_others_were_answered(both_ways, things):
    both_ways.answered("/api/things")
    assert both_ways.refused("/api/things", HTTP_HOST="evil.example") == 400


def test_https_is_asked_for_as_django_asks(client, things, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_SCHEME", "https")
    both_ways = BothWays(Lane(WSGIHandler(), urls.api, request_id=request_id), client)
    both_ways.answered("/api/things", HTTP_X_SCHEME="https")
    assert both_ways.refused("/api/things") == 301


def test_answers_depend_on_who_is_signed_in(both_ways, person, client):
    assert both_ways.answered("/api/me").body == b'{"email":"p@example.org"}'
    assert both_ways.answered("/api/greeting").body == b'{"known":true}'
    client.cookies.clear()
    assert both_ways.refused("/api/me") == 401
    assert both_ways.answered("/api/greeting").body == b'{"known":false}'


def test_a_session_that_ended_or_was_forged_is_djangos(both_ways, person, client):
    both_ways.answered("/api/greeting")
    Session.objects.all().delete()
    reply = both_ways.get("/api/greeting")
    assert not reply.by_lane
    assert "sessionid" in reply.headers["set-cookie"]  # deleted
    client.cookies["sessionid"] = "forged"
    assert both_ways.refused("/api/me") == 401


def test_a_new_password_ends_the_session_here_too(both_ways, person, client):
    both_ways.answered("/api/me")
    person.set_password("another")
    person.save()
    assert both_ways.refused("/api/me") == 401


def test_somebody_made_inactive_is_out_at_once(both_ways, person):
    both_ways.answered("/api/me")
    person.is_active = False
    person.save()
    assert both_ways.refused("/api/me") == 401


def test_cookies_are_djangos_to_set(both_ways):
    reply = both_ways._ask(both_ways.lane, "/api/token", "GET", {})
    assert not reply.by_lane
    assert "csrftoken" in reply.headers["set-cookie"]
    assert not both_ways._ask(both_ways.lane, "/api/visits", "GET", {}).by_lane


def test_a_counted_visit_counts_once(both_ways, person, client):
    for expected in (1, 2, 3):
        reply = both_ways._ask(both_ways.lane, "/api/visits", "GET", {})
        assert reply.body == b'{"visits":%d}' % expected


def test_sessions_that_are_saved_on_every_request_are_djangos(both_ways, person, settings):
    settings.SESSION_SAVE_EVERY_REQUEST = True
    assert not both_ways._ask(both_ways.lane, "/api/me", "GET", {}).by_lane


@pytest.mark.parametrize("tag", ["*", '"other", {}', "W/{}"])
def test_conditional_requests(both_ways, things, tag):
    etag = both_ways.answered("/api/things").headers["etag"]
    reply = both_ways.get("/api/things", HTTP_IF_NONE_MATCH=tag.format(etag))
    assert (reply.status, reply.by_lane) == (304, True)
    assert both_ways.get("/api/things", HTTP_IF_NONE_MATCH='"other"').status == 200


def test_a_change_is_seen_by_the_next_request(both_ways, things):
    before = both_ways.answered("/api/things/Thing 1")
    things[1].size = 7
    things[1].save()
    after = both_ways.get("/api/things/Thing 1", HTTP_IF_NONE_MATCH=before.headers["etag"])
    assert after.status == 200
    assert b'"size":7' in after.body


class RefuseAll:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)


class OnlyHeaders(RefuseAll):
    lane_safe = True

    def __call__(self, request):
        response = self.get_response(request)
        response["X-House"] = request.headers.get("X-Wing", "main")
        response["Vary"] = "X-Wing"
        return response


@pytest.mark.parametrize(
    "change",
    [
        {"MIDDLEWARE": [f"{__name__}.RefuseAll"]},
        {
            "MIDDLEWARE": ["django.middleware.common.CommonMiddleware"],
            "DISALLOWED_USER_AGENTS": ["bad"],
        },
    ],
)
def test_an_unknown_middleware_closes_the_lane(client, things, settings, change):
    for name, value in change.items():
        setattr(settings, name, value)
    both_ways = BothWays(Lane(WSGIHandler(), urls.api, request_id=request_id), client)
    assert not both_ways._ask(both_ways.lane, "/api/things", "GET", {}).by_lane


class KeepsSome(OnlyHeaders):
    @staticmethod
    def lane_declines(request):
        return "X-Wing" in request.headers


def test_a_middleware_keeps_some_requests_to_itself(client, things, settings):
    settings.MIDDLEWARE = [f"{__name__}.KeepsSome"]
    both_ways = BothWays(Lane(WSGIHandler(), urls.api, request_id=request_id), client)
    assert both_ways.answered("/api/things").headers["x-house"] == "main"
    for _ in range(2):  # nor when its headers are known
        reply = both_ways.get("/api/things", HTTP_X_WING="east")
        assert (reply.headers["x-house"], reply.by_lane) == ("east", False)


def test_headers_that_vary_are_kept_apart(client, things, settings):
    settings.MIDDLEWARE = [f"{__name__}.OnlyHeaders"]
    both_ways = BothWays(Lane(WSGIHandler(), urls.api, request_id=request_id), client)
    assert both_ways.answered("/api/things").headers["x-house"] == "main"
    reply = both_ways.get("/api/things", HTTP_X_WING="east")
    assert (reply.headers["x-house"], reply.by_lane) == ("east", False)


def test_no_more_kinds_of_answers_are_kept_than_fit(both_ways, things, monkeypatch, settings):
    settings.ALLOWED_HOSTS = ["*"]
    monkeypatch.setattr("longhouse.lane.wsgi.MAX_REMEMBERED", 2)
    for host in ("a.example", "b.example", "c.example", "d.example"):
        both_ways.get("/api/things", HTTP_HOST=host)
    assert len(both_ways.lane.remembered) == 2


def test_what_cannot_be_in_the_lane_is_refused_at_the_start():
    def made(**options: Any) -> NinjaAPI:
        api = NinjaAPI(urls_namespace="lane-tests")
        method = options.pop("method", "get")
        getattr(api, method)("/x", response=dict, **options)(lane(lambda request: {}))
        return api

    for options in ({"method": "post"}, {"throttle": [AnonRateThrottle("1/m")]}):
        with pytest.raises(TypeError, match="cannot be in the lane"):
            Lane(WSGIHandler(), made(**options), request_id=request_id)


def team_only(function: Any) -> Any:
    @wraps(function)
    def check(request, *args, **values):
        raise PermissionDenied

    return check


@pytest.mark.parametrize("mode", [None, "operation", "view"])
def test_no_decorator_is_gone_past(mode):
    router = Router()
    entry = lane(lambda request: {})
    router.get("/x", response=dict)(entry if mode else team_only(entry))
    if mode:
        router.add_decorator(team_only, mode=mode)
    api = NinjaAPI(urls_namespace="lane-tests")
    api.add_router("", router)
    with pytest.raises(TypeError, match="go past a decorator"):
        Lane(WSGIHandler(), api, request_id=request_id)


def test_a_key_that_is_rotated_signs_nobody_out(client, person, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key of no value that is long enough for every check"
    both_ways = BothWays(Lane(WSGIHandler(), urls.api, request_id=request_id), client)
    reply = both_ways._ask(both_ways.lane, "/api/me", "GET", {})
    assert (reply.status, reply.by_lane) == (200, False)
    assert "sessionid" in reply.headers["set-cookie"]


def test_paths_are_read_as_django_reads_them(both_ways, things):
    Thing.objects.filter(size=1).update(name="Müller")
    path = "/api/things/Müller".encode().decode("latin-1")
    assert b"M\xc3\xbcller" in both_ways.answered(path).body


def test_what_stands_in_a_header_is_checked_every_time(both_ways):
    for word in ("one", "two"):
        reply = both_ways.answered("/api/word?times=2", HTTP_X_WORD=word)
        assert reply.body == f'{{"word":"{word}{word}"}}'.encode()
    assert both_ways.refused("/api/word?times=2") == 422


def test_arguments_of_a_url_are_checked_once(both_ways, things):
    for size in (1, 0, 1):
        both_ways.answered(f"/api/things?size={size}")
    kept = both_ways.lane.checked
    assert [query for _, query in kept] == ["size=1", "size=0"]
    assert both_ways.refused("/api/things?size=10") == 422
    assert len(kept) == 2


def test_long_paths_are_not_kept(both_ways, things):
    both_ways.refused("/api/things/" + "x" * 500)
    assert both_ways.lane._kept.cache_info().currsize == 0


@pytest.mark.parametrize("header", ["HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"])
def test_preconditions_are_djangos(both_ways, things, header):
    value = '"other"' if header == "HTTP_IF_MATCH" else "Mon, 01 Jan 2024 00:00:00 GMT"
    both_ways.refused("/api/things", **{header: value})


class Inner(Schema):
    id: uuid.UUID
    word: str


class Outer(Schema):
    first: int
    inner: Inner
    last: str
    extra: list[Inner]

    @staticmethod
    def resolve_last(row: object) -> str:
        return "never"


def test_shapes_take_columns_where_the_schema_has_them():
    shape = Shape(Outer, later=("last", "extra"))
    assert shape.columns == ("first", "inner__id", "inner__word")
    made = shape.make(1, "i", "w")
    assert (made.first, made.inner.word, made.last, made.extra) == (1, "w", None, None)


@pytest.mark.parametrize(
    ("later", "message"), [(("extra",), "resolved"), (("last", "extra", "typo"), "no field typo")]
)
def test_shapes_refuse_what_they_cannot_fill(later, message):
    with pytest.raises(TypeError, match=message):
        Shape(Outer, later=later)
