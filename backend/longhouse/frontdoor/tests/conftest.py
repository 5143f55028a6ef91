from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.wsgi import get_wsgi_application
from pytest_django import Settings

from longhouse.frontdoor import heads, site  # feature: spa
from longhouse.frontdoor.csp import CSP
from longhouse.frontdoor.door import FrontDoor
from longhouse.frontdoor.protocol import Handler
from longhouse.frontdoor.tests import urls
from longhouse.frontdoor.tests.build import write_build  # feature: spa
from longhouse.frontdoor.tests.files import write_static


@pytest.fixture(autouse=True)
def product(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """Settings of a product whose files lie below the path it gives."""
    write_static(tmp_path / "static")
    (tmp_path / "media" / "photos").mkdir(parents=True)
    settings.ROOT_URLCONF = "longhouse.frontdoor.tests.urls"
    settings.MIDDLEWARE = [
        "django.middleware.security.SecurityMiddleware",
        "longhouse.frontdoor.csp.ContentSecurityPolicyMiddleware",
        "django.middleware.common.CommonMiddleware",
    ]
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.SECURE_SSL_REDIRECT = False
    settings.STATIC_URL = "/static/"
    settings.STATIC_ROOT = tmp_path / "static"
    settings.MEDIA_URL = "/media/"
    settings.MEDIA_ROOT = tmp_path / "media"
    # feature: spa
    write_build(tmp_path / "dist")
    settings.SITE_URL = "https://www.example.org"
    settings.LOGIN_URL = "/sign-in"
    settings.FRONTDOOR_SITE = tmp_path / "dist" / "site"
    settings.FRONTDOOR_ROUTES = tmp_path / "dist" / "routes.json"
    settings.FRONTDOOR_RETIRED = tmp_path / "var" / "retired.json"
    # end feature: spa
    settings.FRONTDOOR_THREADS = 2
    settings.FRONTDOOR_MAX_BODY = 4 * 1024 * 1024
    settings.SECURE_CSP = {
        "default-src": [CSP.SELF],
        "script-src": [CSP.SELF, CSP.NONCE],
        "style-src": [CSP.SELF],
        "frame-ancestors": [CSP.NONE],
    }
    site.reset()  # feature: spa
    urls.produced.clear()
    urls.ended.clear()
    urls.hold.clear()
    yield tmp_path
    urls.hold.set()
    site.reset()  # feature: spa


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


# feature: spa
@pytest.fixture
def page_heads(monkeypatch: pytest.MonkeyPatch) -> dict[str, heads.HeadFunction]:
    """The registry of page heads, empty for the length of a test."""
    registry: dict[str, heads.HeadFunction] = {}
    monkeypatch.setattr(heads, "_functions", registry)
    return registry


# end feature: spa
