"""Operations: the runs of workflows, as the people see them who started or look after them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.core.problems import NotFound
from apps.users.models import User
from longhouse.workflows.models import (
    DONE,
    UNDO,
    Kind,
    LogLine,
    Run,
    RunState,
    Step,
    StepState,
)
from longhouse.workflows.values import last_line

#: of a map, how many items are told one by one
STRIP = 2000
LOG_LINES = 200
MAY_SEE_ALL = ("workflows.view_run", "workflows.change_run")


@dataclass(frozen=True)
class Stretch:
    """So many items in a row, or in all, that are in one state."""

    state: str
    count: int


@dataclass(frozen=True)
class Items:
    """What a map came to."""

    total: int
    counts: list[Stretch]
    #: the first STRIP items in their order
    strip: list[Stretch]


@dataclass(frozen=True)
class StepSeen:
    """One step of an operation; `undoes` is the key of the step that it takes back."""

    position: int
    key: str
    kind: str
    state: str
    attempt: int
    started_at: datetime | None
    finished_at: datetime | None
    wake_at: datetime | None
    error: str
    undoes: str | None = None
    items: Items | None = None
    log: list[LogLine] = field(default_factory=list)


def operations(user: User | AnonymousUser) -> QuerySet[Run]:
    """What `user` started, or all for those who look after them; the newest first.

    Each with `items_total` and `items_done`, of all its maps.
    """
    runs = Run.objects.select_related("user")
    if not any(user.has_perm(name) for name in MAY_SEE_ALL):
        runs = runs.filter(user=user.pk) if user.pk else runs.none()
    items = Step.objects.filter(run=OuterRef("pk"), kind=Kind.ITEM)
    return runs.annotate(
        items_total=_number_of(items), items_done=_number_of(items.filter(state__in=DONE))
    )


def _number_of(steps: QuerySet[Step]) -> Coalesce:
    counted = steps.order_by().values("run").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


def operation(user: User | AnonymousUser, run_id: UUID) -> Run:
    """Raises NotFound, for somebody else's as well."""
    run = operations(user).filter(pk=run_id).first()
    if run is None:
        raise NotFound("There is no such operation.")
    return run


def workflows(user: User) -> list[str]:
    """The names of those that `user` sees operations of."""
    return list(operations(user).order_by("workflow").values_list("workflow", flat=True).distinct())


def items(run: Run, *, step: int, state: str = "") -> QuerySet[Step]:
    """The items of the map at this place, in their order. Raises NotFound when there is none."""
    parent = run.steps.filter(kind=Kind.MAP, position=step).first()
    if parent is None:
        raise NotFound("There is no such step, or it has no items.")
    found = parent.items.order_by("position")
    return found.filter(state=state) if state else found


# What is told of one -----------------------------------------------------------------------


def title_of(workflow: str) -> str:
    """Its name in words: "Import orders" for shop.import-orders."""
    words = re.sub(r"[-_]+", " ", workflow.rpartition(".")[2]).strip() or workflow
    return words[:1].upper() + words[1:]


def percent_of(run: Any) -> int | None:
    """How far it is: as it says itself, or by the items of its maps; None when nobody knows."""
    if run.state == RunState.SUCCEEDED:
        return 100
    if run.progress:
        return round(run.progress["percent"])
    return run.items_done * 100 // run.items_total if run.items_total else None


def message_of(run: Run) -> str:
    return str(run.progress["message"]) if run.progress else ""


def said(error: str) -> str:
    """What a traceback ends with. The name of an exception of our own would help nobody."""
    last = last_line(error)
    return re.sub(r"\b[a-z_]\w*(\.\w+)*\.[A-Z]\w*: (?=.)", "", last)


def steps(run: Run) -> list[StepSeen]:
    """The steps of an operation in their order, undoing ones at the end; four queries at most."""
    own = list(run.steps.exclude(kind=Kind.ITEM).order_by("position", "pk"))
    maps = [step.pk for step in own if step.kind == Kind.MAP]
    states: dict[int, list[str]] = defaultdict(list)
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    if maps:
        of_maps = Step.objects.filter(parent__in=maps)
        first = of_maps.filter(position__lt=STRIP).order_by("parent", "position")
        for parent, state in first.values_list("parent", "state"):
            states[parent or 0].append(state)
        grouped = of_maps.order_by("parent", "state").values_list("parent", "state")
        for parent, state, number in grouped.annotate(number=Count("pk")):
            counts[parent or 0][state] = number
    lines: dict[int | None, list[LogLine]] = defaultdict(list)
    for line in log(run):
        lines[line.step_id].append(line)
    for step in own:
        # What a run was stopped in does nothing any more.
        if run.state != RunState.RUNNING and step.kind != Kind.UNDO and step.state not in DONE:
            step.state, step.finished_at = StepState.CANCELLED, run.finished_at
    return [
        StepSeen(
            position=step.position,
            key=step.key.removeprefix(UNDO) if step.kind == Kind.UNDO else step.key,
            kind=step.kind,
            state=step.state,
            attempt=step.attempt,
            started_at=step.started_at,
            finished_at=step.finished_at,
            wake_at=step.wake_at,
            error=said(step.error),
            undoes=step.key.removeprefix(UNDO) if step.kind == Kind.UNDO else None,
            items=_items(counts[step.pk], states[step.pk]) if step.kind == Kind.MAP else None,
            log=lines[step.pk],
        )
        for step in own
    ]


def log(run: Run) -> list[LogLine]:
    """The last lines of its log, the oldest first."""
    return list(reversed(run.log_lines.order_by("-pk")[:LOG_LINES]))


def _items(counts: Counter[str], states: Iterable[str]) -> Items:
    return Items(
        total=counts.total(),
        counts=[Stretch(state, number) for state, number in sorted(counts.items())],
        strip=[Stretch(state, len(list(same))) for state, same in groupby(states)],
    )
