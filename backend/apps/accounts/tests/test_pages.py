"""The account pages that Django renders: they need nothing else."""

import re

import pytest
from django.contrib.staticfiles import finders

from apps.accounts.tests.browser import Browser, code_in_mail
from apps.users.models import User
from apps.users.tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

OPEN = ["login", "signup", "password/reset", "login/code", "password/reset/done"]
OWN = [
    "email",
    "password/change",
    "reauthenticate",
    "2fa",
    "2fa/totp/activate",
    "2fa/webauthn",
    "2fa/webauthn/add",
    "data",
    "delete",
    "sessions",
    "3rdparty",
    "logout",
]


def post(browser, path, **form):
    token = browser.cookies["csrftoken"].value
    return browser.post(path, form, headers={"x-csrftoken": token})


@pytest.mark.parametrize("path", OPEN + OWN)
def test_every_page_is_whole_and_needs_no_inline_script_or_style(person, path):
    browser = Browser()
    if path in OWN:
        browser.sign_in(person)
        browser.reauthenticate()
    page = browser.get(f"/accounts/{path}/")
    assert page.status_code == 200
    assert "Longhouse</title>" in page.text
    assert "<main" in page.text
    assert "style=" not in page.text
    assert not re.search(r"\son\w+=", page.text)
    for tag in re.findall(r"<script[^>]*>", page.text):
        assert "src=" in tag or 'type="application/json"' in tag
    for name in re.findall(r'(?:src|href)="/static/([^"]+)"', page.text):
        assert finders.find(name), name


def test_somebody_signs_up_without_any_script():
    browser = Browser()
    browser.get("/accounts/signup/")
    form = {"email": "new@example.org", "display_name": "Nela", "password1": PASSWORD}
    answer = post(browser, "/accounts/signup/", **form)
    assert answer["location"] == "/accounts/confirm-email/"
    answer = post(browser, answer["location"], code=code_in_mail("new@example.org"))
    assert answer.status_code == 302
    assert browser.is_signed_in()
    assert User.objects.get().display_name == "Nela"


def test_errors_stand_beside_their_fields(person):
    browser = Browser()
    browser.get("/accounts/signup/")
    page = post(browser, "/accounts/signup/", email="no address", display_name="", password1="x")
    assert page.status_code == 200
    for name in ("email", "display_name", "password1"):
        field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page.text)
        assert field
        assert 'aria-invalid="true"' in field[0]
        assert f'id="id_{name}_error"' in page.text


def test_forms_from_elsewhere_are_refused(person):
    browser = Browser()
    answer = browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 403
    assert not browser.is_signed_in()
