"""The log in the admin: to be read, and nothing else."""

import pytest
from django.urls import reverse

from apps.audit import services
from apps.audit.models import Kind, SecurityEvent
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db

LIST = reverse("admin:audit_securityevent_changelist")


@pytest.fixture
def admin(client, superuser):
    client.force_login(superuser)
    return client


def test_events_are_listed_with_people_and_who_did_it(admin, person, superuser):
    SecurityEvent.objects.create(
        kind=Kind.ROLES_CHANGED, person=person, actor=superuser, details={"added": ["keepers"]}
    )
    page = admin.get(LIST, {"kind__exact": Kind.ROLES_CHANGED}).text
    for user in (person, superuser):
        assert reverse("admin:users_user_change", args=[user.pk]) in page
    assert "added: keepers" in page


@pytest.mark.parametrize("term", ["pia@example.org", "Pia", "203.0.113.7", " Nobody@example.org"])
def test_events_are_found(admin, term):
    pia = UserFactory.create(email="pia@example.org", display_name="Pia")
    tried = services.digest("nobody@example.org")
    SecurityEvent.objects.create(kind=Kind.SIGN_IN_FAILED, person=pia)
    SecurityEvent.objects.create(kind=Kind.SIGN_IN_FAILED, ip="203.0.113.7", tried=tried)
    found = admin.get(LIST, {"q": term}).context["cl"].queryset
    assert found.filter(kind=Kind.SIGN_IN_FAILED).count() == 1


def test_a_list_costs_the_same_however_long_it_is(admin, django_assert_max_num_queries):
    def fill(count: int) -> None:
        for _ in range(count):
            SecurityEvent.objects.create(
                kind=Kind.SIGN_IN, person=UserFactory.create(), actor=UserFactory.create()
            )

    fill(2)
    with django_assert_max_num_queries(12) as few:
        admin.get(LIST)
    fill(10)
    with django_assert_max_num_queries(len(few)):
        admin.get(LIST)


def test_nobody_can_change_or_delete_what_is_there(admin):
    event = SecurityEvent.objects.create(kind=Kind.SIGN_IN, ip="203.0.113.7")
    change = reverse("admin:audit_securityevent_change", args=[event.pk])
    assert admin.get(change).status_code == 200
    assert admin.post(change, {"ip": "1"}).status_code == 403
    assert (
        admin.post(reverse("admin:audit_securityevent_delete", args=[event.pk])).status_code == 403
    )
    assert (
        admin.post(reverse("admin:audit_securityevent_add"), {"kind": "sign-in"}).status_code == 403
    )
    action = {"action": "delete_selected", "_selected_action": [str(event.pk)], "post": "yes"}
    admin.post(LIST, action)
    assert SecurityEvent.objects.get(pk=event.pk).ip == "203.0.113.7"


def test_deleting_a_person_in_the_admin_keeps_their_events(admin, person):
    event = SecurityEvent.objects.create(kind=Kind.SIGN_IN, person=person)
    url = reverse("admin:users_user_delete", args=[person.pk])
    assert admin.post(url, {"post": "yes"}).status_code == 302
    assert SecurityEvent.objects.get(pk=event.pk).person is None
