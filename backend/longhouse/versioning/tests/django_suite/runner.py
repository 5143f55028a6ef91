"""The runner: versions what Django's tests define, makes the branch, judges what failed."""

import os
import tomllib
from functools import wraps
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections, models
from django.db.models.signals import class_prepared
from django.test import TransactionTestCase
from django.test.runner import DiscoverRunner

from longhouse.versioning import companions
from longhouse.versioning.bulk import by_key
from longhouse.versioning.companions import Versioned
from longhouse.versioning.context import MAIN, Layer, View, active
from longhouse.versioning.fields import RevField

HERE = Path(__file__).parent
BRANCH = 1
VIEW = View((Layer(BRANCH), Layer(MAIN)), is_writable=True)


class Hidden(Versioned):
    """A versioned table whose model does not know that it is one."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        meta: Any = model._meta
        self.table = meta.db_table
        self.companion_table = companions.companion_table(model)
        self.rev_field = RevField(name="rev")
        self.rev_field.set_attributes_from_name("rev")
        self.rev = "rev"
        self.pk_field = meta.pk
        self.pk = meta.pk.column
        self.fields = [field for field in meta.local_concrete_fields if not field.generated]
        self.columns = tuple(field.column for field in self.fields)
        self.values = [field for field in self.fields if field is not self.pk_field]
        generated = [field.column for field in meta.local_concrete_fields if field.generated]
        self.all_columns = (*self.columns, *generated)


def versioned_by_us(rows: str) -> None:
    """Version what the suites' apps define, while Django loads them."""

    def version(sender: type[models.Model], **_: Any) -> None:
        meta = sender._meta
        ours = sender.__module__.startswith(("django.", "longhouse."))
        if ours or meta.apps is not apps or apps.ready or issubclass(sender, companions_base()):
            return
        if meta.proxy or meta.abstract or meta.swapped or not meta.managed:
            return
        if len(meta.pk_fields) != 1 or meta.pk.generated:
            return  # the system checks refuse these
        hidden = Hidden(sender)
        companions.tables[hidden.table] = hidden
        companions._known[sender] = hidden if rows == "branch" else None
        companions._make_companion(sender, hidden)

    class_prepared.connect(version, weak=False)


def update_as_ours() -> None:
    """bulk_update writes what that of a versioned model does, with querysets that are Django's."""
    update = models.QuerySet.update

    @wraps(update)
    def shorter(self: models.QuerySet[Any], **values: Any) -> int:
        return update(self, **{name: by_key(value) for name, value in values.items()})

    models.QuerySet.update = shorter  # type: ignore[method-assign]


def companions_base() -> type[models.Model]:
    from longhouse.versioning.base import Version

    return Version


def with_rev(editor: Any) -> None:
    """Tables that are versioned get their column."""
    create_model = editor.create_model

    def create(self: Any, model: Any) -> None:
        create_model(self, model)
        if (versioned := companions.tables.get(model._meta.db_table)) is None:
            return
        table = self.quote_name(versioned.table)
        self.execute(f"ALTER TABLE {table} ADD COLUMN rev bigint NOT NULL DEFAULT 0")
        if model._meta.apps is not apps:  # by a migration, which knows no companion
            create_model(self, versioned.companion)

    editor.create_model = create


def make_branch(alias: str) -> None:
    from longhouse.versioning.models import Branch

    Branch.objects.using(alias).get_or_create(pk=BRANCH, defaults={"name": "suite"})


class Runner(DiscoverRunner):
    rows = "plain"

    def setup_databases(self, **kwargs: Any) -> Any:
        # Its migrations need those of apps that Django's own tests make without any.
        settings.MIGRATION_MODULES["versioning"] = None
        for editor in {connection.SchemaEditorClass for connection in connections.all()}:
            with_rev(editor)
        made = super().setup_databases(**kwargs)
        for alias in connections:
            make_branch(alias)
        set_up = TransactionTestCase._fixture_setup.__func__  # type: ignore[attr-defined]

        def with_branch(case: Any) -> None:
            # After the flush of the test before.
            for alias in case._databases_names(include_mirrors=False):
                make_branch(alias)
            set_up(case)

        TransactionTestCase._fixture_setup = classmethod(with_branch)  # type: ignore[attr-defined]
        if companions.tables:
            active.set(VIEW)
        return made

    def suite_result(self, suite: Any, result: Any, **kwargs: Any) -> int:
        failed = {name_of(case): text for case, text in [*result.failures, *result.errors]}
        return judge(failed, result.testsRun)


def name_of(case: Any) -> str:
    """A test's name; that of its class where its set-up failed; without the parts of a subtest."""
    name = getattr(case, "test_case", case).id()
    return str(name.partition("(")[2].rstrip(")") if name.startswith("setUpClass") else name)


def may_fail(rows: str) -> set[str]:
    """Names of tests that may fail with rows of main, or of a branch."""
    reasons = tomllib.loads((HERE / "expected.toml").read_text())["reason"]
    vendor = "postgresql" if os.environ.get("DATABASE_URL") else "sqlite"
    return {
        name
        for reason in reasons
        if rows in reason["rows"]
        for name in [*reason.get("both", ()), *reason.get(vendor, ())]
    }


def judge(failed: dict[str, str], run: int) -> int:
    """Print what differs from what may; the number of tests that may not fail and did."""
    allowed = may_fail(Runner.rows)
    surprises = {name: text for name, text in failed.items() if name not in allowed}
    for name, text in surprises.items():
        print(f"\n{name}\n{text}")
    print(f"\n{run} tests, {len(failed)} failed, {len(surprises)} of them unexpectedly.")
    for name in sorted(surprises):
        print(f"  {name}")
    if log := os.environ.get("SUITE_LOG"):
        Path(log).write_text("".join(f"=== {name}\n{text}\n" for name, text in failed.items()))
    return len(surprises)
