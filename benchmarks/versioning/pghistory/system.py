from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pghistory
import pghistory.models
from bench.models import Park
from django.db import transaction
from work import LIST, PAGE, Work

Event: Any = Park._meta.get_field("events").related_model


class PgHistory(Work):
    @contextmanager
    def writing(self) -> Iterator[None]:
        with transaction.atomic(), pghistory.context(user=1):
            yield

    def then(self) -> Any:
        """It has no reading of the past: the last event of each row until then."""
        last = Event.objects.filter(pgh_created_at__lte=self.moment)
        last = last.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
        return Event.objects.filter(pgh_id__in=last.values("pgh_id"))

    def as_of_ids(self) -> list[Any]:
        found = Event.objects.filter(
            pgh_created_at__lte=self.moment, pgh_obj_id__in=range(100, 100 + LIST)
        )
        return list(found.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id"))

    def page(self) -> list[Any]:
        events = pghistory.models.Events.objects.tracks(Park.objects.get(pk=1))
        return [
            (event.pgh_diff, event.pgh_created_at)
            for event in events.order_by("-pgh_created_at")[:PAGE]
        ]


work = PgHistory()
