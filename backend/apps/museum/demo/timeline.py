"""Gives the written stories their dates, so that the year always ends today.

Everything is placed backwards from its last event and inside the hours of the house, so nothing can
lie in the future or out of order, whatever the moment at which the demo is loaded.
"""

import random
import zoneinfo
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings

from apps.museum.demo.collection import Owned
from apps.museum.demo.stories import ROUTINE, STORIES, Story, Work
from apps.museum.demo.stories.story import GOOD, MARA, MILO, SANA
from apps.museum.models import Priority

ZONE = zoneinfo.ZoneInfo(settings.MUSEUM_TIME_ZONE)
WEDNESDAY, SUNDAY = 2, 6
PUBLIC = {day: (time(11), time(19)) for day in range(WEDNESDAY, SUNDAY + 1)}
TEAM = {0: (time(17), time(21)), 1: (time(17), time(21))} | {
    day: (time(9), time(20)) for day in range(WEDNESDAY, SUNDAY + 1)
}
YEAR = timedelta(days=365)
ROUTINE_SHARE = 0.6
# Closed stories end before the newest open ones begin.
RECENT = timedelta(days=16)
# Days from one event of a story to the next, when the story does not say.
PATIENCE = {
    Priority.UNPLAYABLE: (0.1, 2.0),
    Priority.MAJOR: (0.2, 4.0),
    Priority.UNTRIAGED: (1.0, 5.0),
    Priority.MINOR: (1.0, 9.0),
    Priority.COSMETIC: (2.0, 14.0),
}


@dataclass(frozen=True)
class Dated:
    """A story with the moment of its report and of each of its works."""

    story: Story
    reported_at: datetime
    worked_at: tuple[datetime, ...]


@dataclass(frozen=True)
class Life:
    """What happened to one machine: what was found first, its stories, and the work unasked for."""

    found: tuple[Work, datetime] | None
    stories: tuple[Dated, ...]
    routine: tuple[tuple[Work, datetime], ...]


def open_at(moment: datetime, hours: dict[int, tuple[time, time]]) -> bool:
    local = moment.astimezone(ZONE)
    opening = hours.get(local.weekday())
    return opening is not None and opening[0] <= local.time() <= opening[1]


def earlier(moment: datetime, hours: dict[int, tuple[time, time]], rng: random.Random) -> datetime:
    """A random whole minute of the last session before `moment`."""
    day = moment.astimezone(ZONE).date()
    while True:
        if opening := hours.get(day.weekday()):
            start, end = (datetime.combine(day, at, ZONE) for at in opening)
            minutes = int((min(end, moment) - start).total_seconds() // 60) - 1
            if minutes > 0:
                return start + timedelta(minutes=rng.randrange(minutes))
        day -= timedelta(days=1)


def lives(
    machines: list[tuple[Owned, str, datetime]], *, now: datetime, seed: int
) -> Iterator[tuple[Owned, Life]]:
    """The year of each machine, given as (machine, era, moment of arrival)."""
    by_machine: dict[str, list[Story]] = defaultdict(list)
    for story in STORIES:
        by_machine[story.machine].append(story)
    for owned, era, arrived in machines:
        # A generator of its own, so that a new story moves no other machine's dates.
        rng = random.Random(f"{seed} {owned.key}")
        yield owned, _life(owned, era, arrived, by_machine[owned.key], now, rng)


def _life(
    owned: Owned,
    era: str,
    arrived: datetime,
    stories: list[Story],
    now: datetime,
    rng: random.Random,
) -> Life:
    if not owned.found:
        return Life(None, (), ())
    start = max(now - YEAR + timedelta(days=rng.uniform(0, 9)), arrived + timedelta(days=1))
    found_at = earlier(start, TEAM, rng)
    past = [story for story in stories if story.ago is None]
    # One slot for each story, and a first one in which nothing breaks. A story ends late in its
    # slot, so that the one before is over when it begins.
    slot = (now - RECENT - start) / (len(past) + 1)
    dated = [
        _dated(story, start + slot * (position + rng.uniform(0.55, 0.95)), rng)
        for position, story in enumerate(past, start=1)
    ]
    dated += [
        _dated(story, now - timedelta(days=story.ago), rng)
        for story in stories
        if story.ago is not None
    ]
    routine = []
    if owned.status == GOOD and rng.random() < ROUTINE_SHARE:
        text, minutes = rng.choice(ROUTINE[era])
        at = earlier(start + slot * rng.uniform(0.3, 1), TEAM, rng)
        routine.append((Work(text, minutes, rng.choice((MILO, SANA))), at))
    found = Work(
        owned.found, rng.randrange(15, 60, 5), rng.choice((MILO, SANA, MARA)), owned.status
    )
    return Life((found, found_at), tuple(dated), tuple(routine))


def _dated(story: Story, end: datetime, rng: random.Random) -> Dated:
    """Place a story so that its last event is in the last session before `end`."""
    shortest, longest = PATIENCE[Priority(story.priority)]
    worked_at: list[datetime] = []
    moment = end
    for work in reversed(story.work):
        moment = earlier(moment, TEAM, rng)
        worked_at.insert(0, moment)
        moment -= timedelta(days=work.wait or rng.uniform(shortest, longest))
    hours = TEAM if story.by in (MILO, SANA, MARA) else PUBLIC
    return Dated(story, earlier(moment, hours, rng), tuple(worked_at))
