from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from bench.models import Park
from django.contrib.auth.models import User
from simple_history.utils import bulk_create_with_history, bulk_update_with_history
from work import BATCH, PAGE, Work


class SimpleHistory(Work):
    def fill(self, rows: int) -> None:
        self.user = User.objects.create(username="bench")
        super().fill(rows)

    def create(self, found: Sequence[Any]) -> None:
        bulk_create_with_history(found, Park, batch_size=1000, default_user=self.user)

    def change(self, found: Sequence[Any]) -> None:
        bulk_update_with_history(
            found, Park, ["visitors", "name"], batch_size=BATCH, default_user=self.user
        )

    def then(self) -> Any:
        return Park.history.as_of(self.moment)

    def page(self) -> list[Any]:
        park = Park.objects.get(pk=1)
        found = list(park.history.select_related("history_user")[: PAGE + 1])
        return [new.diff_against(old).changes for new, old in pairwise(found)]


work = SimpleHistory()
