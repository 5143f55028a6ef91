from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import reversion
from bench.models import Park
from django.contrib.auth.models import User
from reversion.models import Version
from work import LIST, PAGE, Work


class Reversion(Work):
    def fill(self, rows: int) -> None:
        self.user = User.objects.create(username="bench")
        super().fill(rows)

    @contextmanager
    def writing(self) -> Iterator[None]:
        with reversion.create_revision():
            yield
            reversion.set_user(self.user)

    def create(self, found: Sequence[Any]) -> None:
        with self.writing():
            for park in Park.objects.bulk_create(found, batch_size=1000):
                reversion.add_to_revision(park)

    def change(self, found: Sequence[Any]) -> None:
        with self.writing():
            super().change(found)
            for park in found:
                reversion.add_to_revision(park)

    def as_of_list(self) -> list[Any]:
        """It has no lists of the past: the same rows, one by one."""
        return self.as_of_ids()

    def as_of_ids(self) -> list[Any]:
        return [
            Version.objects.get_for_object_reference(Park, pk)
            .filter(revision__date_created__lte=self.moment)
            .first()
            .field_dict
            for pk in range(100, 100 + LIST)
        ]

    def page(self) -> list[Any]:
        versions = Version.objects.get_for_object(Park.objects.get(pk=1))
        found = [
            one.field_dict
            for one in versions.select_related("revision", "revision__user")[: PAGE + 1]
        ]
        return [
            {name: (old.get(name), new[name]) for name in new if new[name] != old.get(name)}
            for new, old in pairwise(found)
        ]


work = Reversion()
