"""The pages under /accounts/ for taking one's data along, and for leaving."""

import pytest

from apps.accounts.tests.browser import Browser
from apps.users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(person):
    browser = Browser()
    browser.sign_in(person)
    return browser


def post(browser, path):
    return browser.post(path, headers={"x-csrftoken": browser.cookies["csrftoken"].value})


PROVE = "/accounts/reauthenticate/"


@pytest.mark.parametrize("path", ["/accounts/data/export/", "/accounts/delete/"])
def test_the_pages_ask_who_it_is_first(browser, person, path):
    for answer in (browser.get(path), Browser().get(path)):
        assert answer.status_code == 302
        assert answer["location"].startswith((PROVE, "/accounts/login/"))
    browser.reauthenticate()
    assert browser.get(path).status_code == 200


def test_the_page_gives_what_the_api_gives(browser, person):
    browser.reauthenticate()
    answer = browser.get("/accounts/data/export/")
    assert answer["content-disposition"].startswith('attachment; filename="personal-data-')
    assert answer["cache-control"] == "no-store"
    data = answer.json()
    assert data["profile"]["email"] == person.email
    assert set(data) == set(browser.get("/api/profile/export").json())  # feature: spa


def test_exports_by_page_and_api_are_counted_together(browser):
    browser.reauthenticate()
    paths = ["/accounts/data/export/"] * 2
    paths[1] = "/api/profile/export"  # feature: spa
    for path in paths * 5:
        assert browser.get(path).status_code == 200
    refused = browser.get("/accounts/data/export/")
    assert refused.status_code == 429
    assert "Too many attempts" in refused.text
    assert "Longhouse</title>" in refused.text


def test_the_page_deletes_the_account_when_its_form_is_sent(browser, person):
    browser.reauthenticate()
    page = browser.get("/accounts/delete/")
    assert person.email in page.text
    assert User.objects.filter(pk=person.pk).exists()
    assert browser.post("/accounts/delete/").status_code == 403  # from elsewhere
    gone = post(browser, "/accounts/delete/")
    assert (gone.status_code, gone["location"]) == (302, "/accounts/login/")
    assert "Your account is deleted." in browser.get(gone["location"]).text
    assert not User.objects.filter(pk=person.pk).exists()
    assert not browser.is_signed_in()


def test_the_page_says_that_the_last_superuser_stays(superuser):
    browser = Browser()
    browser.sign_in(superuser)
    browser.reauthenticate()
    answer = post(browser, "/accounts/delete/")
    assert answer["location"] == "/accounts/data/"
    assert "Nobody else can run this site" in browser.get(answer["location"]).text
    assert User.objects.filter(pk=superuser.pk).exists()
