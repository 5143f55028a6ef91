"""Every mail of allauth's in the house's look: text and HTML, with the link or the code in both."""

from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.utils import timezone

from apps.accounts.links import site
from longhouse.mail.compose import parse

TEMPLATES = Path(allauth.__file__).parent / "templates"
PREFIXES = sorted(
    str(path.relative_to(TEMPLATES)).removesuffix("_subject.txt")
    for path in TEMPLATES.glob("*/email/*_subject.txt")
)
LINK = "https://www.example.org/account/some/where?a=1"


@pytest.fixture
def given(rf: Any, person: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(("activate_url", "password_reset_url", "signup_url"), LINK),
        "user": person,
        "email": person.email,
        "current_site": site(),
        "key": "k",
        "ip": "192.0.2.1",
        "user_agent": "A <b>browser</b>",
        "timestamp": timezone.now(),
        "provider": "Elsewhere",
        "from_email": "old@example.org",
        "to_email": person.email,
        "deleted_email": "old@example.org",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["", "ABC-123"])
@pytest.mark.parametrize("prefix", PREFIXES)
def test_text_and_page_say_the_same(rf, given, prefix, code):
    with context.request_context(rf.get("/")):
        message: Any = get_adapter().render_mail(prefix, "pia@example.org", given | {"code": code})
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    assert message.subject
    assert "\n" not in message.subject
    assert (LINK in message.body) == (LINK.replace("&", "&amp;") in html)
    assert ("ABC-123" in message.body) == ("ABC-123" in html)
    assert "{{" not in message.body
    assert "<b>browser" not in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("prefix", "code"),
    [
        ("account/email/email_confirmation", "ABC-123"),
        ("account/email/email_confirmation_signup", ""),
        ("account/email/login_code", "ABC-123"),
        ("account/email/password_reset_key", ""),
        ("account/email/account_already_exists", ""),
        ("account/email/unknown_account", ""),
    ],
)
def test_what_is_to_be_done_stands_out(rf, given, prefix, code):
    with context.request_context(rf.get("/")):
        message = get_adapter().render_mail(prefix, "pia@example.org", given | {"code": code})
    html = message.alternatives[0][0]
    assert ('class="code"' in html) == bool(code)
    assert 'class="button" href' in html or code


def test_blocks_are_told_apart():
    kinds = [
        block.code or block.url or block.text for block in parse("a\n\n    b\n\n> c: https://d.e/")
    ]
    assert kinds == ["a", "b", "https://d.e/"]
