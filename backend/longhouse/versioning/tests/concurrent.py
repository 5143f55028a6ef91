"""Another process at the same database, for tests that need several, or one that is killed.

    python -m longhouse.versioning.tests.concurrent DATABASE WHAT [ARGUMENT...]

DATABASE is JSON: the entry of DATABASES.
"""

import json
import os
import random
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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


WRITERS = 20
STEPS = 8
PARKS = range(2, 51)  # keys of parks; `fill` has 1 and 51 deleted


def moves(number: int) -> Iterator[tuple[str, int]]:
    """What a writer does, in this order, and to which park.

    Writers share the parks that they count on main. In its branch each has some of its own, and
    deletes what it created on main before.
    """
    choice = random.Random(number)
    kinds = ["counts", "locks", "creates", "measures", "adds", "deletes", "tags"]
    for kind in choice.choices(kinds, k=STEPS):
        own = [pk for pk in PARKS if pk % WRITERS == number]
        yield kind, choice.choice(PARKS if kind in ("counts", "locks") else own)


def histories(first: str, last: str) -> None:
    """Writers by these numbers, all at once, each with a branch of its own."""
    numbers = range(int(first), int(last))
    with ThreadPoolExecutor(len(numbers)) as pool:
        list(pool.map(history, numbers))


def history(number: int) -> None:
    from django.db import connection, transaction
    from django.db.models import F

    from longhouse.versioning.branches import branch_context, create_branch
    from longhouse.versioning.tests.models import Park

    branch = create_branch(f"h{number}")
    for step, (kind, _) in enumerate(moves(number)):
        if kind == "deletes":
            name = f"{kind}-{number}-{step}"
            Park.objects.create(name=name, slug=name)
    for step, (kind, pk) in enumerate(moves(number)):
        name = f"{kind}-{number}-{step}"
        with branch_context(None if kind in ("counts", "locks", "creates") else branch):
            park = Park.objects.filter(pk=pk)
            if kind == "counts":
                park.update(visitors=F("visitors") + 1)
            elif kind == "locks":
                with transaction.atomic():
                    one = park.select_for_update().get()
                    one.visitors += 1
                    one.save(update_fields=["visitors"])
            elif kind == "measures":
                park.update(hectares=step + 1)
            elif kind == "deletes":
                Park.objects.get(slug=name).delete()
            elif kind == "tags":
                park.get().tags.create(word=name)
            else:
                Park.objects.create(name=name, slug=name)
    connection.close()


def merges(*names: str) -> None:
    """All at once."""
    from django.db import connection

    from longhouse.versioning.merge import merge
    from longhouse.versioning.models import Branch

    def one(name: str) -> None:
        merge(Branch.objects.get(name=name))
        connection.close()

    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(one, names))


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
        do(what)


def die_within(what: str, milliseconds: str, size: str) -> None:
    """Be killed so long after the beginning: in the middle of whatever statement runs then."""
    kill = threading.Timer(int(milliseconds) / 1000, os.kill, (os.getpid(), signal.SIGKILL))
    kill.start()
    do(what, int(size))
    kill.cancel()


def do(what: str, size: int = 20) -> None:
    if what == "merge":
        merge("b0")
    elif what == "seal":
        seal("1")
    else:
        batch(size)


def batch(size: int) -> None:
    from longhouse.versioning.batch import BatchOperation, Create, Delete, Update
    from longhouse.versioning.tests.models import Park

    parks = list(Park.objects.order_by("pk")[:size])
    for park in parks:
        park.description = "of the batch"
    with BatchOperation(message="Batch", chunk_size=size // 4) as operation:
        operation.process_changes(
            [
                *(Create(Park(name=f"B {n}", slug=f"b-{n}")) for n in range(size)),
                *(Update(park, ["description"]) for park in parks[: size // 4 * 3]),
                *(Delete(Park, park.pk) for park in parks[size // 4 * 3 :]),
            ]
        )


if __name__ == "__main__":
    database, what, *arguments = sys.argv[1:]
    setup(json.loads(database))
    actions: dict[str, Any] = {"fill": fill, "write": write, "merge": merge, "die": die}
    actions |= {"seal": seal, "check": check, "die_within": die_within}
    actions |= {"histories": histories, "merges": merges}
    actions[what](*arguments)
