"""Companions are migrated by ordinary migrations, and so are open branches."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations import operations
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import OperationWriter

from longhouse.versioning.branches import as_of, branch_context, create_branch
from longhouse.versioning.companions import tables
from longhouse.versioning.fields import RevField
from longhouse.versioning.merge import merge
from longhouse.versioning.models import Commit
from longhouse.versioning.tests.models import Area, Park

LABEL = "versioning_tests"


def state_now() -> ProjectState:
    return ProjectState.from_apps(apps)


def detected(before: ProjectState, after: ProjectState) -> list[Any]:
    detector: Any = MigrationAutodetector(before, after, NonInteractiveMigrationQuestioner())
    found = detector._detect_changes()
    return [operation for migration in found.get(LABEL, []) for operation in migration.operations]


def test_nothing_changes_without_a_reason() -> None:
    assert detected(state_now(), state_now()) == []


def test_a_first_migration_makes_tables_companions_and_pairs() -> None:
    before = state_now()
    for label, name in list(before.models):
        if label == LABEL:
            before.remove_model(label, name)
    found = detected(before, state_now())
    made = {one.name: one for one in found if isinstance(one, operations.CreateModel)}
    assert {"Park", "ParkVersion", "Park_tagsVersion", "ThemeParkVersion"} <= set(made)
    assert "Park_tags" not in made  # comes with its field, which brings the column
    names = {name for name, _ in made["ParkVersion"].fields}
    assert {"version_branch", "version_to", "slug", "area"} <= names
    unique = [
        one.name
        for one in made["ParkVersion"].options.get("constraints", [])
        + [op.constraint for op in found if isinstance(op, operations.AddConstraint)
           and op.model_name == "parkversion"]
    ]  # fmt: skip
    assert len(unique) == 3  # the row itself, its slug, its name where it is open
    for one in found:
        OperationWriter(one).serialize()


def test_a_new_field_comes_to_both() -> None:
    before = state_now()
    before.remove_field(LABEL, "area", "country")
    before.remove_field(LABEL, "areaversion", "country")
    found = detected(before, state_now())
    assert [(type(one).__name__, one.model_name, one.name) for one in found] == [
        ("AddField", "area", "country"),
        ("AddField", "areaversion", "country"),
    ]


@pytest.mark.django_db(transaction=True)
def test_an_open_branch_survives_a_migration() -> None:
    area = Area.objects.create(name="North")
    first = Commit.objects.latest("pk")
    branch = create_branch("draft")
    with branch_context(branch):
        Area.objects.update(name="South")
    before = state_now()
    after = before.clone()
    add = [
        operations.AddField(model, "motto", models.CharField(max_length=9, default="-"))
        for model in ("area", "areaversion")
    ]
    for operation in add:
        operation.state_forwards(LABEL, after)
    with connection.schema_editor() as editor:
        for operation in add:
            operation.database_forwards(LABEL, editor, before, after)
    try:
        # As a data migration does, with models of its time.
        historical: Any = after.apps.get_model(LABEL, "Area")
        historical._default_manager.update(motto="Up")
        with branch_context(branch):
            areas = historical._default_manager.filter(pk=area.pk)
            assert areas.update(motto="Down") == 1
            assert [(one.name, one.motto) for one in areas.filter(motto="Down")] == [
                ("South", "Down")
            ]
            assert areas.filter(motto="Down").count() == 1
            made = historical._default_manager.create(name="Made", motto="New")
            assert historical._default_manager.get(motto="New").pk == made.pk
            assert historical._default_manager.filter(motto="New").delete()[0] == 1
            assert historical._default_manager.count() == 1
        with as_of(first):
            assert Area.objects.get().name == "North"
        with branch_context(branch):
            assert Area.objects.get().name == "South"
        with connection.cursor() as cursor:
            cursor.execute("SELECT motto FROM versioning_tests_area")
            assert cursor.fetchall() == [("Up",)]
            cursor.execute("SELECT version_op, motto FROM versioning_tests_area_v ORDER BY 1, 2")
            assert cursor.fetchall() == [(0, "-"), (1, "New"), (2, "-"), (2, "Down")]
    finally:
        with connection.schema_editor() as editor:
            for operation in reversed(add):
                operation.database_backwards(LABEL, editor, after, before)
    merge(branch)
    assert Area.objects.get().name == "South"


def test_pairs_get_their_column_where_migrations_make_the_table() -> None:
    state = state_now()
    through: Any = state.apps.get_model(LABEL, "Park").tags.through
    assert isinstance(through._meta.get_field("rev"), RevField)
    assert through not in [versioned.model for versioned in tables.values()]
    field = Park._meta.get_field("tags").clone()
    text = OperationWriter(operations.AddField("park", "tags", field)).serialize()[0]
    assert "longhouse.versioning.fields.ManyToManyField" in text
