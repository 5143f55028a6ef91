import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.wsgi import get_wsgi_application
from pytest_django import Settings

from longhouse.frontdoor import heads, site
from longhouse.frontdoor.csp import CSP
from longhouse.frontdoor.door import FrontDoor
from longhouse.frontdoor.protocol import Handler
from longhouse.frontdoor.tests import urls
from longhouse.frontdoor.tests.build import write_build, write_with_twins


@pytest.fixture(autouse=True)
def product(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """Settings of a product with a build, collected files and uploads below the path it gives."""
    write_build(tmp_path / "dist")
    static = tmp_path / "static"
    write_with_twins(static / "admin" / "base.css", b"a { color: red }\n" * 50)
    write_with_twins(static / "admin" / "base.0123456789ab.css", b"a { color: red }\n" * 50)
    manifest = {"paths": {"admin/base.css": "admin/base.0123456789ab.css"}, "version": "1.1"}
    (static / "staticfiles.json").write_text(json.dumps(manifest))
    (tmp_path / "media" / "photos").mkdir(parents=True)
    settings.ROOT_URLCONF = "longhouse.frontdoor.tests.urls"
    settings.MIDDLEWARE = [
        "django.middleware.security.SecurityMiddleware",
        "longhouse.frontdoor.csp.ContentSecurityPolicyMiddleware",
        "django.middleware.common.CommonMiddleware",
    ]
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.SECURE_SSL_REDIRECT = False
    settings.SITE_URL = "https://www.example.org"
    settings.LOGIN_URL = "/sign-in"
    settings.STATIC_URL = "/static/"
    settings.STATIC_ROOT = static
    settings.MEDIA_URL = "/media/"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.FRONTDOOR_SITE = tmp_path / "dist" / "site"
    settings.FRONTDOOR_ROUTES = tmp_path / "dist" / "routes.json"
    settings.FRONTDOOR_RETIRED = tmp_path / "var" / "retired.json"
    settings.FRONTDOOR_THREADS = 2
    settings.FRONTDOOR_MAX_BODY = 4 * 1024 * 1024
    settings.SECURE_CSP = {
        "default-src": [CSP.SELF],
        "script-src": [CSP.SELF, CSP.NONCE],
        "style-src": [CSP.SELF],
        "frame-ancestors": [CSP.NONE],
    }
    site.reset()
    urls.produced.clear()
    urls.ended.clear()
    urls.hold.clear()
    yield tmp_path
    urls.hold.set()
    site.reset()


@pytest.fixture
def make_door() -> Iterator[Callable[..., FrontDoor]]:
    doors = []

    def make(*handlers: Handler) -> FrontDoor:
        doors.append(FrontDoor(get_wsgi_application(), handlers))
        return doors[-1]

    yield make
    urls.hold.set()
    for door in doors:
        door.pool.close()


@pytest.fixture
def door(make_door: Callable[..., FrontDoor]) -> FrontDoor:
    return make_door()


@pytest.fixture
def page_heads(monkeypatch: pytest.MonkeyPatch) -> dict[str, heads.HeadFunction]:
    """The registry of page heads, empty for the length of a test."""
    registry: dict[str, heads.HeadFunction] = {}
    monkeypatch.setattr(heads, "_functions", registry)
    return registry
