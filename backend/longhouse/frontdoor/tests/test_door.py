import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from longhouse.frontdoor import protocol
from longhouse.frontdoor.door import FrontDoor
from longhouse.frontdoor.protocol import ASGIApp, Headers, Receive, Scope, Send
from longhouse.frontdoor.tests.asgi import Response, ask
from longhouse.frontdoor.tests.files import LARGE


def test_compressed_answers(door: FrontDoor) -> None:
    path = "/static/admin/base.0123456789ab.css"
    plain = ask(door, "GET", path)
    packed = ask(door, "GET", path, {"Accept-Encoding": "gzip, br"})
    assert packed["content-encoding"] == "br"
    assert len(packed.body) < len(plain.body)
    assert packed["vary"] == plain["vary"] == "Accept-Encoding"
    assert packed["etag"] != plain["etag"]
    again = {"Accept-Encoding": "br", "If-None-Match": packed["etag"]}
    unchanged = ask(door, "GET", path, again)
    assert (unchanged.status, unchanged.body) == (304, b"")
    assert unchanged["etag"] == packed["etag"]
    assert unchanged["cache-control"] == "public, max-age=31536000, immutable"
    # The tag of one encoding does not validate another.
    assert ask(door, "GET", path, {"If-None-Match": packed["etag"]}).status == 200


@pytest.mark.parametrize("path", ["/static/admin/base.css", "/static/film.mp4", "/hello"])
def test_head_is_get_without_the_body(door: FrontDoor, path: str) -> None:
    head, get = ask(door, "HEAD", path), ask(door, "GET", path)
    assert head.body == b""
    assert head.complete
    assert (head.status, head.headers) == (get.status, get.headers)


def test_large_files_come_in_pieces_and_ranges(door: FrontDoor) -> None:
    whole = ask(door, "GET", "/static/film.mp4")
    assert whole.body == LARGE
    assert len(whole.chunks) > 1
    part = ask(door, "GET", "/static/film.mp4", {"Range": "bytes=1000000-1500000"})
    assert part.status == 206
    assert part.body == LARGE[1_000_000:1_500_001]
    assert part["content-range"] == f"bytes 1000000-1500000/{len(LARGE)}"


def test_other_methods_go_to_django(door: FrontDoor) -> None:
    assert ask(door, "POST", "/static/film.mp4").status == 404
    assert ask(door, "GET", "/hello").body == b"hello"


def test_collected_files(door: FrontDoor) -> None:
    reply = ask(door, "GET", "/static/admin/base.0123456789ab.css", {"Accept-Encoding": "gzip"})
    assert reply.status == 200
    assert "immutable" in reply["cache-control"]
    assert ask(door, "GET", "/static/../media/photos").status == 404


@pytest.mark.parametrize(
    "path",
    ["/static/film.mp4", "/hello", "/nothing", "/api/nothing", "/media/none", "/a%00"],
)
def test_every_answer_has_each_security_header_once(door: FrontDoor, path: str) -> None:
    reply = ask(door, "GET", path)
    assert reply["x-content-type-options"] == "nosniff"
    assert reply["cross-origin-opener-policy"] == "same-origin"
    assert reply["referrer-policy"]
    assert "camera=()" in reply["permissions-policy"]
    if reply.body:
        assert "unsafe-inline" not in reply["content-security-policy"]
    assert reply.get("strict-transport-security") is None


def test_a_view_may_set_a_header_itself(door: FrontDoor) -> None:
    assert ask(door, "GET", "/own-headers")["permissions-policy"] == "camera=(self)"


def test_hsts_and_redirect_follow_the_trusted_proxy(
    settings: Settings, make_door: Callable[..., FrontDoor]
) -> None:
    settings.SECURE_HSTS_SECONDS = 60
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    door = make_door()
    secure = ask(door, "GET", "/static/film.mp4", {"X-Forwarded-Proto": "https"})
    assert secure.status == 200
    assert secure["strict-transport-security"] == "max-age=60; includeSubDomains"
    plain = ask(door, "GET", "/static/film.mp4")
    assert (plain.status, plain["location"]) == (301, "https://testserver/static/film.mp4")
    assert plain.get("strict-transport-security") is None


def test_handlers_are_asked_first_and_may_decline(make_door: Callable[..., FrontDoor]) -> None:
    async def tile(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"X-A", b"1")]})
        await send({"type": "http.response.body", "body": b"tile"})

    def tiles(scope: Scope, headers: Headers) -> ASGIApp | None:
        return tile if scope["path"].startswith("/tiles/") else None

    door = make_door(tiles)
    reply = ask(door, "GET", "/tiles/1/2/3")
    assert reply.body == b"tile"
    assert reply["x-content-type-options"] == "nosniff"
    assert ask(door, "GET", "/hello").body == b"hello"


def test_a_handler_may_have_the_whole_answer(make_door: Callable[..., FrontDoor]) -> None:
    async def wait(scope: Scope, headers: Headers) -> protocol.Response | None:
        word = headers.get(b"x-word")
        return protocol.Response(203, [(b"x-frame-options", b"SAMEORIGIN")], word) if word else None

    door = make_door(wait)
    reply = ask(door, "GET", "/x", {"X-Word": "yes"})
    assert (reply.status, reply.body) == (203, b"yes")
    assert reply["x-frame-options"] == "SAMEORIGIN"
    assert reply["x-content-type-options"] == "nosniff"
    assert ask(door, "GET", "/hello").body == b"hello"


def test_a_failing_handler_is_a_plain_500(make_door: Callable[..., FrontDoor]) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("secret detail")

    reply = ask(make_door(lambda scope, headers: broken), "GET", "/x")
    assert reply.status == 500
    assert reply["content-type"] == "application/problem+json"
    assert b"secret" not in reply.body


def test_websockets_without_a_handler_are_refused(door: FrontDoor) -> None:
    sent: list[dict[str, Any]] = []

    async def run() -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "websocket.connect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = {"type": "websocket", "path": "/ws/", "headers": []}
        await door(scope, receive, send)

    asyncio.run(run())
    assert [message["type"] for message in sent] == ["websocket.close"]


def test_lifespan_starts_and_drains(make_door: Callable[..., FrontDoor]) -> None:
    door = make_door()
    incoming = ["lifespan.startup", "lifespan.shutdown"]
    sent: list[str] = []

    async def run() -> None:
        async def receive() -> dict[str, Any]:
            return {"type": incoming.pop(0)}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message["type"])

        await door({"type": "lifespan"}, receive, send)

    asyncio.run(run())
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(path=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_path_gets_a_whole_answer_without_a_500(door: FrontDoor, path: str) -> None:
    reply: Response = ask(door, "GET", "/" + path.replace("?", ""))
    assert reply.complete
    assert reply.status in {200, 302, 308, 400, 404}
    for name, value in reply.headers:
        assert "\r" not in name + value
        assert "\n" not in name + value


def test_paths_that_are_no_text_reach_django(door: FrontDoor) -> None:
    assert ask(door, "GET", "/x", raw_path=b"/%ff%fe").status == 404
    assert ask(door, "OPTIONS", "/x", raw_path=b"*").status == 400


def test_without_files_everything_is_djangos(
    settings: Settings, make_door: Callable[..., FrontDoor]
) -> None:
    # feature: spa
    settings.FRONTDOOR_SITE = None
    settings.FRONTDOOR_ROUTES = None
    # end feature: spa
    settings.STATIC_ROOT = None
    settings.MEDIA_ROOT = ""
    door = make_door()
    assert ask(door, "GET", "/hello").status == 200
    for path in ("/", "/app", "/static/a.css", "/media/a.jpg"):
        assert ask(door, "GET", path).status == 404, path
