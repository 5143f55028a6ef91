import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from apps.users.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

# The door by password: what it is, and how it says no.
# feature: accounts
DOOR = "/_allauth/browser/v1/auth/login"
REFUSED = 400
# end feature: accounts
# without accounts: DOOR = "/api/session"
# without accounts: REFUSED = 401


def test_nobody_is_signed_in_at_first(anonymous):
    response = anonymous.get("/api/session")
    assert response.json() == {"user": None}


def test_sign_in_starts_a_session_and_sign_out_ends_it(anonymous, person):
    editors = Group.objects.create(name="editors")
    editors.permissions.add(Permission.objects.get(codename="view_user"))
    person.groups.add(editors)
    anonymous.cookies["sessionid"] = "chosen-by-an-attacker"
    body = {"email": f" {person.email.upper()} ", "password": PASSWORD}
    response = anonymous.send("POST", DOOR, body)
    assert response.status_code == 200
    user = anonymous.get("/api/session").json()["user"]
    assert user["display_name"] == "Pia"
    assert (user["roles"], user["permissions"]) == (["editors"], ["users.view_user"])
    assert anonymous.cookies["sessionid"].value != "chosen-by-an-attacker"

    anonymous.token = anonymous.cookies["csrftoken"].value  # rotated by the sign-in
    assert anonymous.send("DELETE", "/api/session").status_code == 204
    assert anonymous.get("/api/session").json() == {"user": None}


def test_wrong_password_and_unknown_address_look_alike(anonymous, person):
    answers = []
    for email in (person.email, "nobody@example.org"):
        answer = anonymous.send("POST", DOOR, {"email": email, "password": "wrong"})
        assert answer.status_code == REFUSED
        answers.append({**answer.json(), "request_id": ""})
    assert answers[0] == answers[1]


def test_a_disabled_account_can_not_sign_in(anonymous):
    user = UserFactory.create(is_active=False)
    body = {"email": user.email, "password": PASSWORD}
    assert anonymous.send("POST", DOOR, body).status_code == REFUSED
    assert anonymous.get("/api/session").json() == {"user": None}


def test_sign_in_without_a_csrf_token_is_refused(person):
    client = Client(enforce_csrf_checks=True)
    body = {"email": person.email, "password": PASSWORD}
    for content_type in ("application/json", "text/plain"):
        response = client.post(DOOR, body, content_type)
        assert response.status_code == 403
        assert response["content-type"] == "application/problem+json"
        assert "sessionid" not in response.cookies


# without accounts: def test_guessing_is_slowed_down(anonymous, person):
# without accounts:     body = {"email": person.email, "password": "wrong"}
# without accounts:     answers = [anonymous.send("POST", DOOR, body) for _ in range(11)]
# without accounts:     assert [answer.status_code for answer in answers] == [401] * 10 + [429]
# without accounts:     response = anonymous.send("POST", DOOR, body)
# without accounts:     assert int(response["Retry-After"]) > 0
# without accounts:     assert response.json()["type"] == "/problems/too-many-requests"


# without accounts: def test_bad_input_names_the_field(anonymous):
# without accounts:     body = {"email": "a@b.org", "pasword": "x"}
# without accounts:     problem = anonymous.send("POST", DOOR, body).json()
# without accounts:     assert problem["status"] == 422
# without accounts:     fields = {error["field"] for error in problem["errors"]}
# without accounts:     assert fields == {"password", "pasword"}


# without accounts: def test_guessing_while_signed_in_is_slowed_down(api_as, person, superuser):
# without accounts:     client = api_as(person)
# without accounts:     body = {"email": superuser.email, "password": "wrong"}
# without accounts:     answers = [client.send("POST", DOOR, body) for _ in range(11)]
# without accounts:     assert [answer.status_code for answer in answers] == [401] * 10 + [429]


# without accounts: def test_guessing_in_the_admin_is_slowed_down(client, superuser):
# without accounts:     form = {"username": superuser.email, "password": "wrong"}
# without accounts:     for _ in range(10):
# without accounts:         response = client.post("/admin/login/", form)
# without accounts:         assert b"correct email address and password" in response.content
# without accounts:     right = form | {"password": PASSWORD}
# without accounts:     response = client.post("/admin/login/", right)
# without accounts:     assert response.status_code == 200
# without accounts:     assert b"too many attempts" in response.content
# without accounts:     assert "sessionid" not in response.cookies


# without accounts: def test_the_admin_signs_in(client, superuser):
# without accounts:     form = {"username": superuser.email, "password": PASSWORD}
# without accounts:     assert client.post("/admin/login/?next=/admin/", form).status_code == 302
