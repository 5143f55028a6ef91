"""What system checks refuse, and what they say to do."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from longhouse.versioning import checks, companions
from longhouse.versioning.base import VersionedModel
from longhouse.versioning.companions import Versioned
from longhouse.versioning.tests.models import Park, Tag

LABEL = "versioning_tests"


def ids(messages: list[Any]) -> set[str]:
    assert all(message.hint for message in messages)
    return {message.id for message in messages}


def test_the_models_of_the_tests_pass() -> None:
    assert checks.check_models() == []


@pytest.fixture
def isolated(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    with isolate_apps("longhouse.versioning.tests") as registry:
        monkeypatch.setattr(checks, "apps", registry)
        yield registry


def test_a_key_from_a_table_that_is_not_versioned(isolated: Any) -> None:
    class Visit(models.Model):  # noqa: DJ008
        park = models.ForeignKey(Park, on_delete=models.CASCADE)
        loose = models.ForeignKey(
            Park, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
        )

        class Meta:
            app_label = LABEL

    (message,) = checks.check_models()
    assert message.id == "versioning.E001"
    assert message.obj == Visit._meta.get_field("park")
    assert "Make Visit a VersionedModel" in str(message.hint)


def test_pairs_that_are_not_versioned(isolated: Any) -> None:
    class Group(models.Model):  # noqa: DJ008
        tags = models.ManyToManyField(Tag)

        class Meta:
            app_label = LABEL

    (message,) = checks.check_models()
    assert (message.id, message.obj) == ("versioning.E002", Group)
    assert "ManyToManyField" in str(message.hint)


def test_what_a_versioned_model_cannot_have(isolated: Any) -> None:
    class Odd(VersionedModel):
        version_policies = {"no_such": "ours"}
        pk = models.CompositePrimaryKey("one", "two")
        one = models.IntegerField()
        two = models.IntegerField(db_column="version_to")

        class Meta:
            app_label = LABEL
            constraints = [models.UniqueConstraint(models.functions.Abs("one"), name="odd_abs")]

    class Made(VersionedModel):
        start = models.IntegerField()
        key: Any = models.GeneratedField(
            expression=models.F("start") + 1,
            output_field=models.IntegerField(),
            db_persist=True,
            primary_key=True,
        )

        class Meta:
            app_label = LABEL

    odd = checks._check(Versioned(Odd))
    assert ids(odd) == {"versioning.E003", "versioning.E005", "versioning.E007", "versioning.W001"}
    assert ids(checks._check(Versioned(Made))) == {"versioning.E004"}


def test_an_engine_that_knows_nothing_of_versions(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    assert checks.check_engines(databases=["default"]) == []

    class Plain:
        ops = object()

    monkeypatch.setattr(checks, "connections", {"default": Plain()})
    (message,) = checks.check_engines(databases=["default"])
    assert message.id == "versioning.E006"
    assert "longhouse.versioning.backends" in str(message.hint)


def test_models_of_migrations_have_no_companions_of_their_own(isolated: Any) -> None:
    before = set(companions.tables)

    class Draft(VersionedModel):
        class Meta:
            app_label = LABEL

    assert set(companions.tables) == before
    assert Draft not in apps.get_models()
