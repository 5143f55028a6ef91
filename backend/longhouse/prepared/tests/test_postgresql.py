"""Reads of PostgreSQL past psycopg's cursors."""

import pytest
from django.db import ProgrammingError, connection, transaction

from longhouse.prepared import execute, prepare
from longhouse.prepared.tests.models import Maker

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="how PostgreSQL does it"),
]


@prepare
def makers(*, name: str):
    return Maker.objects.filter(name=name).values_list("name", flat=True)


@pytest.fixture
def kept():
    """The statements of the connection, with one read already."""
    from longhouse.prepared.postgresql import statements_of

    Maker.objects.create(name="Alpha")
    assert makers.all(name="Alpha") == ["Alpha"]
    kept = statements_of(connection)
    assert kept is not None
    return kept


def prepared_by_server() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'read_%%'")
        return int(cursor.fetchone()[0])


def test_a_statement_is_prepared_once(kept):
    before = prepared_by_server(), kept.prepared
    assert makers.all(name="Beta") == []
    assert (prepared_by_server(), kept.prepared) == before


def test_a_statement_that_was_dropped_is_prepared_again(kept):
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")  # as psycopg does after a rollback
    assert prepared_by_server() == 0
    with transaction.atomic():
        assert makers.all(name="Alpha") == ["Alpha"]
    assert makers.all(name="Beta") == []
    assert prepared_by_server() == 1


def test_a_table_that_has_changed_is_read_as_it_is_now(kept):
    read = "SELECT * FROM prepared_tests_maker WHERE name = %s"
    assert len(execute.fetch(connection, read, ["Alpha"])[0]) == 2
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE prepared_tests_maker ADD COLUMN town text")
    try:
        assert len(execute.fetch(connection, read, ["Alpha"])[0]) == 3
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE prepared_tests_maker DROP COLUMN town")


def test_an_error_is_djangos_and_leaves_the_connection_usable(kept):
    with pytest.raises(ProgrammingError, match="no_such_table"):
        execute.fetch(connection, "SELECT * FROM no_such_table WHERE name = %s", ["x"])
    assert makers.all(name="Alpha") == ["Alpha"]


def test_behind_a_pooler_cursors_read(kept, monkeypatch):
    before = kept.prepared
    options = {**connection.settings_dict["OPTIONS"], "prepare_threshold": None}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
    assert makers.all(name="Alpha") == ["Alpha"]
    assert kept.prepared == before
