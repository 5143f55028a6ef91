"""Sign-ins by tokens in the admin."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from apps.audit.models import Kind, SecurityEvent  # feature: audit
from apps.rest.models import TokenFamily
from apps.rest.tests.conftest import problem_of, refresh
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db

LIST = reverse("admin:rest_tokenfamily_changelist")


def admin_of(user):
    client = Client()
    client.force_login(user)
    return client


def revoke(client, row):
    body = {"action": "revoke", "_selected_action": [str(row.pk)]}
    return client.post(LIST, body, follow=True)


def test_a_sign_in_is_shown_without_its_tokens_and_ended(rest, sign_in, person, superuser):
    tokens, other = sign_in(person), sign_in(UserFactory.create())
    family = TokenFamily.objects.get(user=person)
    admin = admin_of(superuser)
    page = admin.get(LIST, {"q": person.email}).text
    assert str(family.pk) in page
    one = admin.get(reverse("admin:rest_tokenfamily_change", args=[family.pk])).text
    assert tokens["refresh"] not in page + one
    assert "Revoked: 1." in revoke(admin, family).text
    problem_of(refresh(rest, tokens["refresh"]), 401)
    assert refresh(rest, other["refresh"]).status_code == 200
    # feature: audit
    event = SecurityEvent.objects.get(kind=Kind.TOKEN_REVOKED)
    assert (event.person, event.actor) == (person, superuser)
    # end feature: audit


def test_it_is_never_written_or_deleted_there(sign_in, person, superuser):
    sign_in(person)
    family = TokenFamily.objects.get()
    admin = admin_of(superuser)
    assert admin.get(reverse("admin:rest_tokenfamily_add")).status_code == 403
    url = reverse("admin:rest_tokenfamily_delete", args=[family.pk])
    assert admin.post(url, {"post": "yes"}).status_code == 403
    url = reverse("admin:rest_tokenfamily_change", args=[family.pk])
    assert admin.post(url, {"agent": "Mine"}).status_code == 403
    assert TokenFamily.objects.get().agent == family.agent


def test_who_may_look_may_not_end(rest, sign_in, person):
    looks = UserFactory.create(is_staff=True)
    looks.user_permissions.add(Permission.objects.get(codename="view_tokenfamily"))
    tokens = sign_in(person)
    admin = admin_of(looks)
    assert admin.get(LIST).status_code == 200
    revoke(admin, TokenFamily.objects.get())
    assert refresh(rest, tokens["refresh"]).status_code == 200
    assert admin_of(UserFactory.create(is_staff=True)).get(LIST).status_code == 403


def test_a_person_is_deleted_with_their_sign_ins(sign_in, person, superuser):
    sign_in(person)
    url = reverse("admin:users_user_delete", args=[person.pk])
    assert admin_of(superuser).post(url, {"post": "yes"}).status_code == 302
    assert not TokenFamily.objects.exists()
