import pytest

from longhouse.frontdoor.door import FrontDoor
from longhouse.frontdoor.tests.asgi import ask
from longhouse.frontdoor.tests.build import ABOUT, SHELL

SIGNED_IN = {"Cookie": "theme=dark; sessionid=abc"}


def test_pages_have_clean_addresses(door: FrontDoor) -> None:
    reply = ask(door, "GET", "/about")
    assert (reply.status, reply.body) == (200, ABOUT.encode())
    assert reply["content-type"] == "text/html; charset=utf-8"
    assert reply["content-length"] == str(len(ABOUT))
    assert ask(door, "GET", "/").body == b"<title>Home</title>"
    assert ask(door, "GET", "/%61bout").status == 200


def test_a_slash_at_the_end_is_redirected_with_the_query(door: FrontDoor) -> None:
    reply = ask(door, "GET", "/about/?a=1&b=%20")
    assert (reply.status, reply["location"]) == (308, "/about?a=1&b=%20")
    # Never to another host.
    assert ask(door, "GET", "//about/").status == 404
    assert ask(door, "GET", "//evil.example/").status == 404


def test_redirects_of_the_build(door: FrontDoor) -> None:
    reply = ask(door, "GET", "/old")
    assert (reply.status, reply["location"]) == (301, "/about")


def test_the_shell_and_error_files_cannot_be_asked_for(door: FrontDoor) -> None:
    for path in ("/200", "/200.html", "/404", "/404.html", "/about.html", "/.hidden"):
        assert ask(door, "GET", path).status == 404, path


def test_signed_out_visitors_of_the_app_are_sent_to_sign_in(door: FrontDoor) -> None:
    reply = ask(door, "GET", "/app/orders/7?tab=a%26b&x=1")
    assert reply.status == 302
    assert reply["location"] == "/sign-in?next=/app/orders/7%3Ftab%3Da%2526b%26x%3D1"
    assert reply["cache-control"] == "no-store"
    for cookie in ("sessionid=", "xsessionid=1", "theme=sessionid"):
        assert ask(door, "GET", "/app", {"Cookie": cookie}).status == 302, cookie


def test_signed_in_visitors_get_the_shell(door: FrontDoor) -> None:
    reply = ask(door, "GET", "/app/orders/7", SIGNED_IN)
    assert (reply.status, reply.body) == (200, SHELL.encode())
    assert reply["cache-control"] == "no-cache"
    assert "'sha256-" in reply["content-security-policy"]
    assert ask(door, "GET", "/app/nothing", SIGNED_IN).status == 404


def test_two_cookie_headers_count_as_one(door: FrontDoor) -> None:
    assert ask(door, "GET", "/app", [("Cookie", "sessionid=1"), ("Cookie", "a=1")]).status == 200


@pytest.mark.parametrize("path", ["/about", "/about/", "/app", "/old", "/nothing"])
def test_every_answer_of_the_site_has_each_security_header_once(door: FrontDoor, path: str) -> None:
    reply = ask(door, "GET", path)
    for name in ("x-content-type-options", "cross-origin-opener-policy", "permissions-policy"):
        assert reply[name]
    if reply.body:
        assert "unsafe-inline" not in reply["content-security-policy"]


def test_a_page_can_be_read_and_nothing_else(door: FrontDoor) -> None:
    assert ask(door, "POST", "/about").status == 404
    head, get = ask(door, "HEAD", "/about"), ask(door, "GET", "/about")
    assert (head.status, head.headers, head.body) == (get.status, get.headers, b"")
