"""What comes from one sign-in by tokens, and how it ends."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from apps.rest.models import TokenFamily
from apps.rest.tests.conftest import get_people, problem_of, refresh
from apps.users.tests.factories import PASSWORD, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("apps.rest.tests.urls")]


def sign_out(rest, token, **body):
    return rest.post("/api/v1/token/blacklist/", {"refresh": token, **body}, format="json")


def let_the_grace_pass():
    late = timezone.now() - settings.TOKEN_REUSE_GRACE - timedelta(seconds=1)
    assert TokenFamily.objects.update(rotated_at=late) == 1


def test_a_refresh_token_works_once(rest, sign_in, person):
    first = sign_in(person)["refresh"]
    second = refresh(rest, first).json()
    assert get_people(rest, second["access"]).status_code == 200
    problem = problem_of(refresh(rest, first), 401)
    assert problem["detail"] == "This refresh token was used already."
    assert refresh(rest, second["refresh"]).status_code == 200


def test_a_family_tells_which_program_it_is(rest, sign_in, person):
    token = sign_in(person)["refresh"]
    headers = {"user-agent": "Pocket/1.0 " + "x" * 300}
    rest.post("/api/v1/token/refresh/", {"refresh": token}, format="json", headers=headers)
    family = TokenFamily.objects.get()
    assert (family.user, family.rotation, family.address) == (person, 1, "127.0.0.1")
    assert family.agent.startswith("Pocket/1.0 xxx")


def test_a_client_that_raced_with_itself_stays_signed_in(rest, sign_in, person):
    first = sign_in(person)["refresh"]
    second = refresh(rest, first).json()
    problem_of(refresh(rest, first), 401)
    assert get_people(rest, second["access"]).status_code == 200
    assert refresh(rest, second["refresh"]).status_code == 200


def test_a_used_token_that_comes_late_ends_the_whole_family(rest, sign_in, person, caplog):
    first = sign_in(person)
    second = refresh(rest, first["refresh"]).json()
    let_the_grace_pass()
    problem_of(refresh(rest, first["refresh"]), 401)
    assert f"of {person.pk} has ended" in caplog.text
    for tokens in (first, second):
        problem_of(get_people(rest, tokens["access"]), 401)
        problem_of(refresh(rest, tokens["refresh"]), 401)


def test_a_thief_who_rotates_all_the_time_is_found_out(rest, sign_in, person):
    stolen = sign_in(person)["refresh"]
    thief = refresh(rest, stolen).json()
    thief = refresh(rest, thief["refresh"]).json()
    problem_of(refresh(rest, stolen), 401)
    problem_of(get_people(rest, thief["access"]), 401)
    problem_of(refresh(rest, thief["refresh"]), 401)


@pytest.mark.parametrize("change", ["password", "no password", "disabled"])
def test_a_new_password_and_being_disabled_end_all_families(rest, sign_in, person, change):
    somebody = sign_in(UserFactory.create())
    here, elsewhere = sign_in(person), sign_in(person)
    if change == "password":
        person.set_password("another horse battery")
    elif change == "no password":
        person.set_unusable_password()
    else:
        person.is_active = False
    person.save()
    assert not TokenFamily.objects.filter(user=person, revoked_at=None).exists()
    # Nothing brings them back.
    person.is_active = True
    person.set_password(PASSWORD)
    person.save()
    for tokens in (here, elsewhere):
        problem_of(get_people(rest, tokens["access"]), 401)
        problem_of(refresh(rest, tokens["refresh"]), 401)
    assert refresh(rest, somebody["refresh"]).status_code == 200
    assert refresh(rest, sign_in(person)["refresh"]).status_code == 200


def test_another_hash_of_the_same_password_ends_nothing(rest, sign_in, person, settings):
    tokens = sign_in(person)
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    sign_in(person)
    old = person.password
    person.refresh_from_db()
    assert person.password != old
    assert TokenFamily.objects.filter(revoked_at=None).count() == 2
    assert tokens


def test_other_sign_ins_outlive_a_family_that_ended(rest, sign_in, person):
    other, first = sign_in(person), sign_in(person)
    refresh(rest, refresh(rest, first["refresh"]).json()["refresh"])
    problem_of(refresh(rest, first["refresh"]), 401)
    problem_of(get_people(rest, first["access"]), 401)
    assert get_people(rest, other["access"]).status_code == 200
    assert refresh(rest, other["refresh"]).status_code == 200


def test_signing_out_ends_access_and_refresh_tokens(rest, sign_in, person):
    tokens, other = sign_in(person), sign_in(person)
    assert sign_out(rest, tokens["refresh"]).json() == {}
    problem_of(get_people(rest, tokens["access"]), 401)
    problem_of(refresh(rest, tokens["refresh"]), 401)
    problem_of(sign_out(rest, tokens["refresh"]), 401)
    assert get_people(rest, other["access"]).status_code == 200


def test_signing_out_everywhere_ends_all_of_one_person(rest, sign_in, person):
    somebody = sign_in(UserFactory.create())
    here, elsewhere = sign_in(person), sign_in(person)
    assert sign_out(rest, here["refresh"], everywhere=True).status_code == 200
    for tokens in (here, elsewhere):
        problem_of(get_people(rest, tokens["access"]), 401)
        problem_of(refresh(rest, tokens["refresh"]), 401)
    assert get_people(rest, somebody["access"]).status_code == 200
    # Whoever has been signed out cannot sign out others.
    again = sign_in(person)
    problem_of(sign_out(rest, here["refresh"], everywhere=True), 401)
    assert get_people(rest, again["access"]).status_code == 200


def test_signing_in_clears_what_has_expired(sign_in, person):
    sign_in(person)
    TokenFamily.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    sign_in(person)
    assert TokenFamily.objects.count() == 1


def test_a_call_reads_family_and_person_in_one_query(
    rest, sign_in, person, django_assert_num_queries
):
    access = sign_in(person)["access"]
    # One for the token, its family and its person; the count and the page of the list.
    with django_assert_num_queries(3):
        assert get_people(rest, access).status_code == 200
