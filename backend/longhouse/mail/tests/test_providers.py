import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection
from django.test import override_settings

from longhouse.mail.providers import PROVIDERS, TIMEOUT, mail_settings


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://me:p%40ss@mail.example.org", (587, "me", "p@ss", False, True)),
        ("smtp://mail.example.org:25", (25, "", "", False, False)),
        ("smtp://mail.example.org:2525?tls=no", (2525, "", "", False, False)),
        ("smtps://me:secret@mail.example.org", (465, "me", "secret", True, False)),
    ],
)
def test_smtp(url, expected):
    settings = mail_settings(url)
    names = ("EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "EMAIL_USE_SSL")
    assert tuple(settings[name] for name in (*names, "EMAIL_USE_TLS")) == expected
    assert (settings["EMAIL_HOST"], settings["EMAIL_TIMEOUT"]) == ("mail.example.org", TIMEOUT)


@pytest.mark.parametrize("scheme", PROVIDERS)
def test_every_provider_is_one_that_can_be_asked(scheme):
    has_domain = PROVIDERS[scheme][3]
    extra = {"mailjet": "?secret_key=other", "scaleway": "?project_id=p"}.get(scheme, "")
    settings = mail_settings(f"{scheme}://Key%2F1{'@mg.example.org' if has_domain else ''}{extra}")
    with override_settings(**settings):
        backend = get_connection()
    assert type(backend).__module__.startswith("anymail.backends.")
    assert "Key/1" in settings["ANYMAIL"].values()
    assert settings["ANYMAIL"]["REQUESTS_TIMEOUT"] == TIMEOUT


def test_the_console():
    assert "console" in mail_settings("console:")["EMAIL_BACKEND"]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("secret-key", "begins with nothing:"),
        ("pigeon://secret-key", "begins with pigeon:"),
        ("smtp://", "names no host"),
        ("smtp://me:secret-key@host:x", "no number"),
        ("postmark://", "no key"),
        ("mailgun://secret-key", "no domain"),
    ],
)
def test_a_wrong_url_is_explained_without_its_secret(url, message):
    with pytest.raises(ImproperlyConfigured, match=message) as refused:
        mail_settings(url)
    assert "secret-key" not in str(refused.value)
