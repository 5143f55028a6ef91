"""The log itself: append-only, and written whatever else happens."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from apps.audit import services
from apps.audit.models import Kind, SecurityEvent
from apps.users.models import User

pytestmark = pytest.mark.django_db


def event(**fields) -> SecurityEvent:
    return SecurityEvent.objects.create(kind=Kind.TOKEN_REVOKED, **fields)


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.save(),
        lambda row: row.delete(),
        lambda row: SecurityEvent.objects.update(ip=""),
        lambda row: SecurityEvent.objects.filter(pk=row.pk).delete(),
        lambda row: SecurityEvent.objects.bulk_update([row], ["ip"]),
        lambda row: SecurityEvent.objects.update_or_create({"ip": "1"}, pk=row.pk),
    ],
)
def test_nothing_that_was_written_is_changed_or_deleted(change):
    row = event(ip="203.0.113.7")
    with pytest.raises(TypeError, match="never"), transaction.atomic():
        change(row)
    assert SecurityEvent.objects.get(pk=row.pk).ip == "203.0.113.7"


def test_old_events_are_purged_by_the_command(capsys):
    now = timezone.now()
    old, young = event(at=now - timedelta(days=11)), event(at=now - timedelta(days=9))
    call_command("purge_security_events", "--older-than", "10d")
    left = set(SecurityEvent.objects.values_list("pk", flat=True))
    assert (old.pk in left, young.pk in left) == (False, True)
    assert "1 security events" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["0d", "10", "10w", ""])
def test_the_command_refuses_what_is_no_number_of_days(text):
    with pytest.raises(CommandError, match="400d"):
        call_command("purge_security_events", "--older-than", text)


@pytest.mark.django_db(transaction=True)
@pytest.mark.urls("apps.audit.tests.urls")
def test_events_outlive_the_transaction_that_was_rolled_back(client):
    person = User.objects.create_user("pia@example.org", display_name="Pia")
    assert client.post("/refuse", {"person": person.pk}).status_code == 403
    assert not User.objects.filter(email="never@example.org").exists()
    reused, sign_up = SecurityEvent.objects.order_by("id")
    assert (reused.kind, reused.person) == (Kind.TOKEN_REUSED, person)
    assert (sign_up.kind, sign_up.person) == (Kind.SIGN_UP, None)


def test_an_event_that_cannot_be_written_fails_neither_request_nor_transaction(person, caplog):
    with transaction.atomic():
        # Longer than the column, which PostgreSQL refuses; no text at all, which JSON refuses.
        services.record("x" * 99, request=None, user=User(pk=None))  # type: ignore[arg-type]
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_securityevent RENAME TO gone")
        services.record(Kind.SIGN_IN, request=None, user=person)
        person.display_name = "Still here"
        person.save()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE gone RENAME TO audit_securityevent")
    person.refresh_from_db()
    assert person.display_name == "Still here"
    assert "was not written: sign-in" in caplog.text
