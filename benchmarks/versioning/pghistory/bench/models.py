"""Triggers for each row, as it comes, or for each statement."""

import os

import pghistory
from tables import AreaColumns, ParkColumns

LEVEL = pghistory.Statement if os.environ["BENCH_LEVEL"] == "statement" else pghistory.Row


class Area(AreaColumns):
    pass


@pghistory.track(pghistory.InsertEvent(level=LEVEL), pghistory.UpdateEvent(level=LEVEL))
class Park(ParkColumns):
    pass
