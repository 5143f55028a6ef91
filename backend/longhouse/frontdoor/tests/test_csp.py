import re

from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from longhouse.frontdoor.csp import (
    CSP,
    ContentSecurityPolicyMiddleware,
    LazyNonce,
    build_policy,
    get_nonce,
    with_hashes,
)


def test_policies_are_built_as_django_6_builds_them() -> None:
    policy = {
        "default-src": [CSP.SELF],
        "script-src": (CSP.SELF, CSP.NONCE),
        "img-src": {"data:", "blob:"},
        "object-src": CSP.NONE,
        "style-src": [CSP.NONCE],
        "upgrade-insecure-requests": True,
        "block-all-mixed-content": False,
        "report-uri": None,
    }
    assert build_policy(policy) == (
        "default-src 'self'; script-src 'self'; img-src blob: data:; object-src 'none';"
        " upgrade-insecure-requests"
    )
    assert "script-src 'self' 'nonce-abc';" in build_policy(policy, "abc")
    assert "style-src 'nonce-abc';" in build_policy(policy, "abc")


def test_a_nonce_exists_once_it_is_printed() -> None:
    nonce = LazyNonce()
    assert not nonce
    text = str(nonce)
    assert nonce
    assert str(nonce) == text
    assert re.fullmatch(r"[\w-]{22}", text)


def test_hashes_extend_what_holds_for_the_directive() -> None:
    policy = {"default-src": [CSP.SELF], "style-src": [CSP.NONE]}
    extended = with_hashes(policy, ["sha256-a"], ["sha256-b"])
    assert extended["script-src"] == ["'self'", "'sha256-a'"]
    assert extended["style-src"] == ["'sha256-b'"]
    assert with_hashes(policy, [], []) == policy


def test_the_nonce_of_a_page_is_in_its_policy(settings: Settings) -> None:
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"context_processors": ["longhouse.frontdoor.csp.csp"]},
        }
    ]
    http = Client()
    first, second = http.get("/inline"), http.get("/inline")
    nonces = [re.findall(r'nonce="([^"]+)"', r.content.decode())[0] for r in (first, second)]
    assert nonces[0] != nonces[1]
    assert f"'nonce-{nonces[0]}'" in first["Content-Security-Policy"]
    assert "nonce" not in http.get("/hello")["Content-Security-Policy"]


def middleware(settings: Settings, response: HttpResponse) -> HttpResponse:
    request = RequestFactory().get("/")
    answer = ContentSecurityPolicyMiddleware(lambda _: response)(request)
    assert not get_nonce(request)
    assert isinstance(answer, HttpResponse)
    return answer


def test_a_view_may_set_its_own_policy(settings: Settings) -> None:
    own = HttpResponse(headers={"Content-Security-Policy": "default-src 'none'"})
    assert middleware(settings, own)["Content-Security-Policy"] == "default-src 'none'"


def test_reports_may_be_asked_for_without_enforcing(settings: Settings) -> None:
    settings.SECURE_CSP = {}
    settings.SECURE_CSP_REPORT_ONLY = {"default-src": [CSP.SELF]}
    answer = middleware(settings, HttpResponse())
    assert "Content-Security-Policy" not in answer
    assert answer["Content-Security-Policy-Report-Only"] == "default-src 'self'"


def test_debug_pages_may_show_their_styles(settings: Settings) -> None:
    settings.DEBUG = True
    assert "Content-Security-Policy" not in middleware(settings, HttpResponse(status=500))
    assert "Content-Security-Policy" in middleware(settings, HttpResponse())
    settings.DEBUG = False
    assert "Content-Security-Policy" in middleware(settings, HttpResponse(status=500))
