from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.models import Park
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Value
from reading import Reading
from shapes import SHAPES
from work import PAGE

from longhouse.versioning.branches import as_of, branch_context, create_branch
from longhouse.versioning.commits import attributed
from longhouse.versioning.merge import merge
from longhouse.versioning.models import Branch, Commit

CHUNK = 500


class Longhouse(Reading):
    def fill(self, rows: int) -> None:
        self.user = User.objects.create(username="bench")
        self.branches: dict[int, Branch] = {}  # by their number of changes
        self.made = 0
        super().fill(rows)

    @contextmanager
    def writing(self) -> Iterator[None]:
        with transaction.atomic(), attributed(author=self.user, message="bench"):
            yield

    def then(self) -> Any:
        return Park.objects.as_of(self.moment)

    def page(self) -> list[Any]:
        found = Park.objects.get(pk=1).history[:PAGE]
        return [(one.changes, one.commit and one.commit.author) for one in found]

    # Branches ----------------------------------------------------------------------------------

    def create_branch(self) -> Branch:
        self.made += 1
        return create_branch(f"b{self.made}")

    def changed_branch(self, changes: int, updated: float = 0.8, created: float = 0.1) -> Branch:
        """A branch with so many changes, spread over the table; the rest are deletions."""
        branch = self.create_branch()
        with branch_context(branch):
            keys = list(Park.objects.order_by("pk").values_list("pk", flat=True))
            new = int(changes * created)
            keys = keys[:: len(keys) // (changes - new)][: changes - new]
            chunks = [keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK)]
            left = int(changes * updated)
            with self.writing():
                for chunk in chunks:
                    few = chunk[:left]
                    left -= len(few)
                    Park.objects.filter(pk__in=few).update(
                        visitors=F("visitors") + 10, name=Value("changed")
                    )
                    Park.objects.filter(pk__in=chunk[len(few) :]).delete()
                self.more(new)
        return branch

    def keep_branch(self, changes: int) -> None:
        self.branches[changes] = self.changed_branch(changes)
        self.settle()

    def other_branches(self, count: int) -> None:
        """What others work on at the same time."""
        for _ in range(count):
            self.changed_branch(100)
        self.settle()

    def shape_in_branch(self, name: str, changes: int) -> None:
        with branch_context(self.branches[changes]):
            SHAPES[name]()

    def remember(self) -> None:
        """A moment, and what happens after it."""
        self.last = Commit.objects.order_by("-pk").first()
        for start in range(1, 500, 100):
            with self.writing():
                Park.objects.filter(pk__range=(start, start + 99)).update(
                    visitors=F("visitors") + 1
                )
        self.settle()

    def shape_as_of(self, name: str) -> None:
        with as_of(self.last):
            SHAPES[name]()

    # Merges ------------------------------------------------------------------------------------

    def prepare_merge(self, changes: int) -> Branch:
        return self.changed_branch(changes, updated=0.6, created=0.3)

    def merge(self, branch: Branch) -> None:
        assert merge(branch) is not None


work = Longhouse()
