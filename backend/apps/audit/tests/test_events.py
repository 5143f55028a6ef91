"""What is logged, of Django's own signals."""

import json
import logging

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.auth.signals import user_login_failed
from django.core.management import call_command
from django.test import RequestFactory
from django.utils import timezone

from apps.audit import services
from apps.audit.models import Kind, SecurityEvent
from apps.core.throttling import RateLimit
from apps.users.models import User
from apps.users.tests.factories import PASSWORD
from apps.users.throttling import sign_in_limit

pytestmark = [pytest.mark.django_db, pytest.mark.urls("apps.audit.tests.urls")]


@pytest.fixture(autouse=True)
def nothing_yet(db):
    SecurityEvent.objects.purge(before=timezone.now())


def kinds(**filters) -> list[str]:
    return list(
        SecurityEvent.objects.filter(**filters).order_by("id").values_list("kind", flat=True)
    )


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post("/in", {"email": email, "password": password}, **extra)


def test_signing_in_and_out_is_logged_with_where_it_came_from(client, person):
    sign_in(
        client, person.email, REMOTE_ADDR="203.0.113.7", headers={"user-agent": "Firefox " * 99}
    )
    client.post("/out")
    assert kinds(person=person) == [Kind.SIGN_IN, Kind.SIGN_OUT]
    event = SecurityEvent.objects.get(kind=Kind.SIGN_IN)
    assert (event.ip, event.network) == ("203.0.113.7", "203.0.113.0/24")
    assert event.user_agent.startswith("Firefox ")
    assert len(event.user_agent) == 200
    assert len(event.request_id) == 36


def test_the_address_is_what_our_proxy_saw(client, person, settings):
    settings.TRUSTED_PROXIES = 1
    headers = {"x-forwarded-for": "198.51.100.1, 2001:db8:1:2:3::4"}
    sign_in(client, person.email, headers=headers)
    event = SecurityEvent.objects.get(kind=Kind.SIGN_IN)
    assert (event.ip, event.network) == ("2001:db8:1:2::/64", "2001:db8:1::/48")


def test_a_wrong_password_is_logged_for_the_person(client, person):
    assert sign_in(client, f" {person.email.upper()} ", "wrong").status_code == 403
    event = SecurityEvent.objects.get(person=person)
    assert (event.kind, event.tried) == (Kind.SIGN_IN_FAILED, "")


def test_what_was_typed_and_fits_nobody_is_recognised_but_not_kept(client, caplog):
    caplog.set_level(logging.INFO, "security")
    typed = "my-secret-password"
    sign_in(client, typed, "wrong")
    sign_in(client, typed.upper(), "wrong")
    first, second = SecurityEvent.objects.all()
    assert first.tried == second.tried == services.digest(typed)
    assert typed not in caplog.text
    assert typed not in str(SecurityEvent.objects.values())


def test_a_zero_byte_that_was_typed_is_no_error(rf: RequestFactory):
    # Forms refuse it; whoever calls authenticate() without one may send this signal.
    user_login_failed.send(__name__, credentials={"email": "a\0@b"}, request=rf.post("/"))
    assert kinds() == [Kind.SIGN_IN_FAILED]


def test_going_on_past_the_limit_is_logged_once(rf: RequestFactory, settings):
    limit = RateLimit(sign_in_limit.scope, "2/m")
    waits = [limit.hit(rf.get("/", REMOTE_ADDR="203.0.113.7")) for _ in range(6)]
    assert [bool(wait) for wait in waits] == [False, False, True, True, True, True]
    assert kinds() == [Kind.SIGN_IN_LIMITED]
    other = RateLimit("something-else", "1/m")
    for _ in range(3):
        other.hit(rf.get("/"))
    assert kinds() == [Kind.SIGN_IN_LIMITED]


def test_a_new_password_is_logged_and_a_renewed_hash_is_not(client, person, settings):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    sign_in(client, person.email)  # renews the hash
    assert User.objects.get(pk=person.pk).password != person.password
    assert kinds() == [Kind.SIGN_IN]
    person.refresh_from_db()
    person.set_password("another correct horse")
    person.save()
    assert kinds() == [Kind.SIGN_IN, Kind.PASSWORD_CHANGED]
    person.set_unusable_password()
    person.save(update_fields=["password"])
    assert kinds() == [Kind.SIGN_IN, Kind.PASSWORD_CHANGED, Kind.PASSWORD_CHANGED]


def test_another_address_is_logged_shortened(person):
    person.email = "new@example.net"
    person.save()
    event = SecurityEvent.objects.get()
    assert event.kind == Kind.EMAIL_CHANGED
    assert event.details == {"old": "p…@example.org", "new": "n…@example.net"}


def test_what_changes_nothing_of_security_is_not_logged(person):
    person.display_name = "Another"
    person.save()
    person.is_staff = True
    person.save(update_fields=["display_name"])  # is_staff is not stored
    assert kinds() == []


def test_who_made_somebody_staff_is_logged(client, person, superuser):
    client.force_login(superuser)
    client.post("/promote", {"person": person.pk})
    access, roles = SecurityEvent.objects.filter(person=person).order_by("id")
    assert (access.kind, access.details) == (Kind.ACCESS_CHANGED, {"is_staff": True})
    assert (roles.kind, roles.details) == (Kind.ROLES_CHANGED, {"added": ["keepers"]})
    assert access.actor == roles.actor == superuser


def test_rights_are_logged_from_both_ends_of_the_relation(person):
    role = Group.objects.create(name="keepers")
    permission = Permission.objects.get(codename="view_user")
    role.user_set.add(person)
    person.groups.clear()
    person.user_permissions.set([permission])
    person.user_permissions.set([])
    events = SecurityEvent.objects.filter(person=person).order_by("id")
    assert list(events.values_list("kind", "details")) == [
        (Kind.ROLES_CHANGED, {"added": ["keepers"]}),
        (Kind.ROLES_CHANGED, {"removed": ["keepers"]}),
        (Kind.PERMISSIONS_CHANGED, {"added": ["users.view_user"]}),
        (Kind.PERMISSIONS_CHANGED, {"removed": ["users.view_user"]}),
    ]


def test_a_superuser_from_the_command_line_is_logged(settings):
    call_command(
        "createsuperuser", email="root@example.org", display_name="Root", interactive=False
    )
    event = SecurityEvent.objects.get(kind=Kind.ACCESS_CHANGED)
    assert event.details == {"is_staff": True, "is_superuser": True}
    assert event.actor is None


def test_one_line_of_json_for_each_event(client, person, caplog):
    caplog.set_level(logging.INFO, "security")
    sign_in(client, person.email)
    services.record(Kind.TOKEN_CREATED, request=None, user=person, name="a\nERROR forged line")
    lines = [record.getMessage() for record in caplog.records if record.name == "security"]
    assert [json.loads(line)["event"] for line in lines] == ["sign-in", "token-created"]
    assert not any("\n" in line for line in lines)
    assert PASSWORD not in caplog.text


def test_people_who_have_been_deleted_leave_events_of_nobody(client, person):
    sign_in(client, person.email)
    person.delete()
    assert SecurityEvent.objects.get(kind=Kind.SIGN_IN).person is None
