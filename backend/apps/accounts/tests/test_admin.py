import pytest
from django.urls import reverse

from apps.accounts.tests.browser import Browser, flow

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/admin/", "/admin/users/user/", "/admin/login/?next=/admin/"])
def test_the_admin_sends_people_to_the_one_sign_in(client, settings, path):
    answer = client.get(path, follow=False)
    if answer["location"].startswith("/admin/login/"):
        answer = client.get(answer["location"])
    assert answer.status_code == 302
    assert answer["location"].startswith(f"{settings.LOGIN_URL}?next=/admin/")


def test_the_admin_has_no_sign_in_of_its_own(client, superuser):
    form = {"username": superuser.email, "password": "correct horse battery"}
    answer = client.post("/admin/login/?next=/admin/", form)
    assert answer.status_code == 302
    assert "sessionid" not in answer.cookies


def test_one_session_opens_the_admin_too(superuser):
    browser = Browser()
    browser.sign_in(superuser)
    assert browser.get("/admin/").status_code == 200
    assert browser.get("/admin/login/?next=/admin/users/user/")["location"] == "/admin/users/user/"
    assert browser.get("/admin/login/?next=https://evil.example/")["location"] == "/admin/"


def test_who_waits_for_the_second_factor_is_not_in(superuser):
    browser = Browser()
    browser.sign_in(superuser)
    browser.turn_totp_on()
    waiting = Browser()
    assert flow(waiting.sign_in(superuser)) == "mfa_authenticate"
    assert waiting.get("/admin/").status_code == 302


def test_somebody_without_the_right_is_told_so(client, person):
    client.force_login(person)
    assert client.get("/admin/login/?next=/admin/").status_code == 403


def test_staff_can_be_required_to_have_a_second_factor(superuser, settings):
    settings.STAFF_SECOND_FACTOR = True
    browser = Browser()
    browser.sign_in(superuser)
    refused = browser.get("/admin/", follow=False)
    assert refused["location"].startswith(reverse("admin:login"))
    # To where a second factor is set up.
    assert browser.get(refused["location"])["location"] in {"/app/security", "/accounts/2fa/"}
    browser.turn_totp_on()
    assert browser.get("/admin/").status_code == 200
