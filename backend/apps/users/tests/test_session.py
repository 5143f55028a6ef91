import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from apps.users.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def test_nobody_is_signed_in_at_first(anonymous):
    response = anonymous.get("/api/session")
    assert response.json() == {"user": None}


def test_sign_in_starts_a_session_and_sign_out_ends_it(anonymous, person):
    editors = Group.objects.create(name="editors")
    editors.permissions.add(Permission.objects.get(codename="view_user"))
    person.groups.add(editors)
    anonymous.cookies["sessionid"] = "chosen-by-an-attacker"
    body = {"email": f" {person.email.upper()} ", "password": PASSWORD}
    response = anonymous.send("POST", "/api/session", body)
    assert response.status_code == 200
    user = response.json()["user"]
    assert user["display_name"] == "Pia"
    assert (user["roles"], user["permissions"]) == (["editors"], ["users.view_user"])
    assert anonymous.cookies["sessionid"].value != "chosen-by-an-attacker"

    anonymous.token = anonymous.cookies["csrftoken"].value  # rotated by the sign-in
    assert anonymous.send("DELETE", "/api/session").status_code == 204
    assert anonymous.get("/api/session").json() == {"user": None}


def test_wrong_password_and_unknown_address_look_alike(anonymous, person):
    answers = [
        anonymous.send("POST", "/api/session", {"email": email, "password": "wrong"}).json()
        for email in (person.email, "nobody@example.org")
    ]
    for answer in answers:
        answer.pop("request_id")
    assert answers[0] == answers[1]
    assert answers[0]["status"] == 401
    assert answers[0]["detail"] == "Wrong email address or password."


def test_a_disabled_account_can_not_sign_in(anonymous):
    user = UserFactory.create(is_active=False)
    body = {"email": user.email, "password": PASSWORD}
    assert anonymous.send("POST", "/api/session", body).status_code == 401


def test_sign_in_without_a_csrf_token_is_refused(person):
    client = Client(enforce_csrf_checks=True)
    body = {"email": person.email, "password": PASSWORD}
    for content_type in ("application/json", "text/plain"):
        response = client.post("/api/session", body, content_type)
        assert response.status_code == 403
        assert response["content-type"] == "application/problem+json"
        assert "sessionid" not in response.cookies


def test_guessing_is_slowed_down(anonymous, person):
    body = {"email": person.email, "password": "wrong"}
    codes = [anonymous.send("POST", "/api/session", body).status_code for _ in range(11)]
    assert codes == [401] * 10 + [429]
    response = anonymous.send("POST", "/api/session", body)
    assert int(response["Retry-After"]) > 0
    assert response.json()["type"] == "/problems/too-many-requests"


def test_bad_input_names_the_field(anonymous):
    problem = anonymous.send("POST", "/api/session", {"email": "a@b.org", "pasword": "x"}).json()
    assert problem["status"] == 422
    assert {error["field"] for error in problem["errors"]} == {"password", "pasword"}


def test_guessing_is_slowed_down_for_who_is_signed_in_too(api_as, person, superuser):
    client = api_as(person)
    body = {"email": superuser.email, "password": "wrong"}
    codes = [client.send("POST", "/api/session", body).status_code for _ in range(11)]
    assert codes == [401] * 10 + [429]


def test_guessing_in_the_admin_is_slowed_down(client, superuser):
    form = {"username": superuser.email, "password": "wrong"}
    for _ in range(10):
        response = client.post("/admin/login/", form)
        assert b"correct email address and password" in response.content
    right = form | {"password": PASSWORD}
    response = client.post("/admin/login/", right)
    assert response.status_code == 200
    assert b"too many attempts" in response.content
    assert "sessionid" not in response.cookies


def test_the_admin_signs_in(client, superuser):
    form = {"username": superuser.email, "password": PASSWORD}
    assert client.post("/admin/login/?next=/admin/", form).status_code == 302
