"""Another process at the same database, for tests that need several, or one that is killed.

    python -m longhouse.versioning.tests.concurrent DATABASE WHAT [ARGUMENT...]

DATABASE is JSON: the entry of DATABASES.
"""

import json
import os
import signal
import sys
from typing import Any

import django
from django.conf import settings


def setup(database: dict[str, Any]) -> None:
    settings.configure(
        DATABASES={"default": database},
        INSTALLED_APPS=[
            *("django.contrib.auth", "django.contrib.contenttypes"),
            *("longhouse.versioning", "longhouse.versioning.tests"),
        ],
        MIGRATION_MODULES=dict.fromkeys(
            ("auth", "contenttypes", "versioning", "versioning_tests"), None
        ),
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        SECRET_KEY="of no value",
    )
    django.setup()


def fill(rows: str) -> None:
    from django.core.management import call_command

    from longhouse.versioning.branches import branch_context, create_branch
    from longhouse.versioning.tests.models import Area, Park

    call_command("migrate", run_syncdb=True, verbosity=0)
    Area.objects.create(name="North")
    Park.objects.bulk_create(
        Park(name=f"Park {n}", slug=f"park-{n}", area_id=1) for n in range(int(rows))
    )
    for number in range(2):
        with branch_context(create_branch(f"b{number}")):
            parks = Park.objects.filter(pk__gt=int(rows) // 2 * number)
            parks = parks.filter(pk__lte=int(rows) // 2 * (number + 1))
            parks.update(description=f"of {number}")
            parks.filter(pk=int(rows) // 2 * number + 1).delete()
            Park.objects.create(name=f"New {number}", slug=f"new-{number}")


def write(writers: str, times: str) -> None:
    """Count up on main and in a branch, by F() and by lock-then-save."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection, transaction
    from django.db.models import F

    from longhouse.versioning.branches import branch_context
    from longhouse.versioning.models import Branch
    from longhouse.versioning.tests.models import Park

    def count(_: int) -> None:
        branch = Branch.objects.get(name="b1")
        for _ in range(int(times)):
            for where in (None, branch):
                with branch_context(where):
                    Park.objects.filter(pk=100).update(visitors=F("visitors") + 1)
                    with transaction.atomic():
                        park = Park.objects.select_for_update().get(pk=99)
                        park.visitors += 1
                        park.save(update_fields=["visitors"])
        connection.close()

    with ThreadPoolExecutor(int(writers)) as pool:
        list(pool.map(count, range(int(writers))))


def merge(name: str) -> None:
    from longhouse.versioning.merge import merge
    from longhouse.versioning.models import Branch

    merge(Branch.objects.get(name=name), prefer="theirs")


def seal(times: str) -> None:
    from longhouse.versioning.integrity import seal

    for _ in range(int(times)):
        seal()


def check(head: str = "") -> None:
    """Verify that nothing was tampered with, nor is left to be sealed; print the head of main."""
    from longhouse.versioning.integrity import heads, read_head, verify

    report = verify([read_head(head)] if head else [])
    assert (report.problems, report.unsealed) == ([], 0)
    print(heads()["main"].signed(), flush=True)


def die(what: str, after: str) -> None:
    """Be killed before the statement number `after` of a merge, a batch, or of sealing."""
    from django.db import connection

    left = int(after)

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        if not sql.startswith(("SAVEPOINT", "RELEASE")):
            left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        if what == "merge":
            merge("b0")
        elif what == "seal":
            seal("1")
        else:
            batch()


def batch() -> None:
    from longhouse.versioning.batch import BatchOperation, Create, Delete, Update
    from longhouse.versioning.tests.models import Park

    parks = list(Park.objects.order_by("pk")[:20])
    for park in parks:
        park.description = "of the batch"
    with BatchOperation(message="Batch", chunk_size=5) as operation:
        operation.process_changes(
            [
                *(Create(Park(name=f"B {n}", slug=f"b-{n}")) for n in range(20)),
                *(Update(park, ["description"]) for park in parks[:15]),
                *(Delete(Park, park.pk) for park in parks[15:]),
            ]
        )


if __name__ == "__main__":
    database, what, *arguments = sys.argv[1:]
    setup(json.loads(database))
    actions: dict[str, Any] = {"fill": fill, "write": write, "merge": merge, "die": die}
    actions |= {"seal": seal, "check": check}
    actions[what](*arguments)
