"""What versioned tables must say, told by tables that are not versioned.

A Line is main or a branch, kept in Python. An operation runs on the versioned models in the line's
branch, and on their plain twins, loaded with what the line says; both must be the same afterwards.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.db import models
from django.db.models import (
    Avg,
    Case,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Sum,
    Value,
    When,
    Window,
)

from longhouse.versioning.branches import branch_context
from longhouse.versioning.models import Branch
from longhouse.versioning.tests.models import (
    Area,
    Park,
    PlainArea,
    PlainPark,
    PlainRide,
    PlainTag,
    Ride,
    Tag,
)

Rows = dict[Any, Any]  # primary key -> values of the row, without the key
State = dict[str, Rows]  # table -> rows


@dataclass(frozen=True)
class World:
    """One set of twins."""

    Area: Any
    Tag: Any
    Park: Any
    Ride: Any

    @property
    def models(self) -> dict[str, Any]:
        return {"area": self.Area, "tag": self.Tag, "park": self.Park, "ride": self.Ride}

    @property
    def Pair(self) -> Any:
        return self.Park.tags.through

    def dump(self) -> State:
        state: State = {}
        for table, names in COLUMNS.items():
            rows = self.models[table].objects.values_list("pk", *names)
            state[table] = {row[0]: tuple(_hashable(value) for value in row[1:]) for row in rows}
        park = self.Park.tags.field.m2m_column_name()
        tag = self.Park.tags.field.m2m_reverse_name()
        state["pair"] = dict.fromkeys(self.Pair.objects.values_list(park, tag), ())
        return state


COLUMNS = {
    "area": ("name", "country", "parent_id"),
    "tag": ("word",),
    "park": (
        *("name", "slug", "description", "hectares", "visitors", "is_open", "opened_on"),
        *("facts", "area_id"),
    ),
    "ride": ("name", "park_id", "height"),
}
KEYS = {  # columns that point elsewhere
    "area": {"parent_id": "area"},
    "park": {"area_id": "area"},
    "ride": {"park_id": "park"},
}
VERSIONED = World(Area, Tag, Park, Ride)
PLAIN = World(PlainArea, PlainTag, PlainPark, PlainRide)


def _hashable(value: Any) -> Any:
    return tuple(sorted(value.items())) if isinstance(value, dict) else value


def clear() -> None:
    """Empty the plain tables."""
    PLAIN.Pair.objects.all()._raw_delete("default")
    for table in ("ride", "park", "tag", "area"):
        PLAIN.models[table].objects.all()._raw_delete("default")


def load(state: State) -> None:
    """Make the plain tables say this."""
    clear()
    for table, names in COLUMNS.items():
        model = PLAIN.models[table]
        rows = [
            model(
                pk=pk,
                **{n: dict(v) if n == "facts" else v for n, v in zip(names, row, strict=True)},
            )
            for pk, row in state[table].items()
        ]
        model.objects.bulk_create(rows)
    field = PLAIN.Park.tags.field
    PLAIN.Pair.objects.bulk_create(
        PLAIN.Pair(**{field.m2m_column_name(): park, field.m2m_reverse_name(): tag})
        for park, tag in state["pair"]
    )


versions = count(1)


@dataclass
class Line:
    """Main (no base), or a branch: what it holds, and what that was made from."""

    base: "Line | None" = None
    branch: Branch | None = None
    pinned: dict[str, Any] | None = None  # what is seen of the base
    # table -> key -> (version, row or None); for main all there is
    held: dict[str, Rows] = field(default_factory=dict)
    # table -> key -> (version, row), None where there was none
    origin: dict[str, Rows] = field(default_factory=dict)

    def seen(self) -> dict[str, Any]:
        """table -> key -> (version, row)."""
        below = {} if self.base is None else (self.pinned or self.base.seen())
        shown: dict[str, Any] = {}
        for table in (*COLUMNS, "pair"):
            rows = {**below.get(table, {}), **self.held.get(table, {})}
            shown[table] = {key: row for key, row in rows.items() if row[1] is not None}
        return shown

    def state(self) -> State:
        return {t: {key: row for key, (_, row) in rows.items()} for t, rows in self.seen().items()}

    @contextmanager
    def active(self) -> Any:
        # Fetched anew: what a base is pinned to moves on.
        with branch_context(self.branch and Branch.objects.get(pk=self.branch.pk)):
            yield

    def write(self, table: str, key: Any, row: Any) -> None:
        held = self.held.setdefault(table, {})
        if self.base is None:
            held[key] = (next(versions), row)
            if row is None:
                del held[key]
            return
        origin = self.origin.setdefault(table, {})
        below = (self.pinned or self.base.seen())[table]
        # What was made here may have come into the base since: deleted here, it is hidden.
        if key not in held or (row is None and origin[key] is None):
            origin[key] = below.get(key)
        held[key] = (next(versions), row)
        if row is None and origin[key] is None:
            del held[key], origin[key]

    def take(self, new: State) -> None:
        """What an operation has made of it."""
        old = self.state()
        for table in new:
            for key in {*old[table], *new[table]}:
                if old[table].get(key) != new[table].get(key):
                    self.write(table, key, new[table].get(key))

    def run(self, operation: Callable[[World], Any]) -> None:
        """On both, which must agree about what it gives and what there is then."""
        load(self.state())
        expected = operation(PLAIN)
        new = PLAIN.dump()
        with self.active():
            given = operation(VERSIONED)
            made = VERSIONED.dump()
        assert given == expected
        assert made == new
        self.take(new)

    def rebased(self, prefer: str | None) -> tuple[dict[str, Rows], set[tuple[str, ...]]]:
        """What the branch would hold after a refresh, and the conflicts in the way."""
        assert self.base is not None
        below = self.base.seen()
        merged: dict[str, Rows] = {}
        conflicts = set()
        for table, rows in self.held.items():
            for key, (_, theirs) in rows.items():
                base, ours = self.origin[table][key], below[table].get(key)
                row, found = _three_ways(table, key, base, ours, theirs, prefer)
                conflicts |= found
                if row is not _NOTHING:
                    merged.setdefault(table, {})[key] = row
        return merged, conflicts

    def refresh(self, prefer: str | None) -> None:
        assert self.base is not None
        merged, _ = self.rebased(prefer)
        below = self.base.seen()
        self.pinned = below if self.pinned is not None else None
        self.held = {
            t: {
                # Only rows that the base has changed are written anew.
                k: (
                    self.held[t][k][0] if below[t].get(k) == self.origin[t][k] else next(versions),
                    r,
                )
                for k, r in rows.items()
            }
            for t, rows in merged.items()
        }
        self.origin = {t: {k: below[t].get(k) for k in rows} for t, rows in merged.items()}

    def pick(self, before: State, after: State) -> "Line":
        """A branch of this that holds what has changed from one state to the other."""
        picked = Line(base=self)
        below = self.seen()
        for table in after:
            for key in {*before[table], *after[table]}:
                old, new = before[table].get(key), after[table].get(key)
                if old == new:
                    continue
                ours = below[table].get(key)
                same = ours is not None and ours[1] == old
                origin = None if old is None else (ours if same else (next(versions), old))
                picked.origin.setdefault(table, {})[key] = origin
                picked.held.setdefault(table, {})[key] = (next(versions), new)
        return picked

    def dangling(self) -> set[tuple[str, ...]]:
        """Rows that point nowhere, but for those of the base that do so there already."""
        assert self.base is not None
        state, below = self.state(), self.base.state()

        def gone(table: str, key: Any, target: str, value: Any) -> bool:
            is_here = key in self.held.get(table, {}) or value in below[target]
            return value is not None and value not in state[target] and is_here

        found: set[tuple[str, ...]] = {
            (table, str(key), column.removesuffix("_id"))
            for table, columns in KEYS.items()
            for key, row in state[table].items()
            for column, target in columns.items()
            if gone(table, key, target, row[COLUMNS[table].index(column)])
        }
        for pair in state["pair"]:
            for target, value in zip(("park", "tag"), pair, strict=True):
                if gone("pair", pair, target, value):
                    found.add(("pair", "", target))
        return found

    def merge(self) -> None:
        """After a refresh."""
        assert self.base is not None
        for table, rows in self.held.items():
            for key, (_, row) in rows.items():
                self.base.write(table, key, row)
        self.held, self.origin = {}, {}
        if self.pinned is not None:
            self.pinned = self.base.seen()


_NOTHING = object()  # the branch holds the key no more


def _three_ways(
    table: str, key: Any, base: Any, ours: Any, theirs: Any, prefer: str | None
) -> tuple[Any, set[tuple[str, ...]]]:
    def undecided(kind: str, name: str = "") -> set[tuple[str, ...]]:
        return set() if prefer else {(table, str(key), kind, name)}

    if base is None:  # created here
        if ours is None:
            return theirs, set()
        if ours[1] == theirs or table == "pair":
            return _NOTHING, set()
        return (theirs if prefer == "theirs" else _NOTHING), undecided("exists")
    if ours is None:
        if theirs is None or table == "pair":
            return _NOTHING, set()
        return (theirs if prefer == "theirs" else _NOTHING), undecided("deleted")
    if ours[0] == base[0]:
        return theirs, set()
    if theirs is None:
        if table == "pair":
            return None, set()
        return (None if prefer == "theirs" else _NOTHING), undecided("changed")
    merged, found = [], set()
    names = COLUMNS.get(table, ())  # pairs have no values
    for name, was, mine, other in zip(names, base[1], ours[1], theirs, strict=True):
        value = mine if other == was else other
        if other != was and mine not in (was, other):
            value = other if prefer == "theirs" else mine
            found |= undecided("field", name.removesuffix("_id"))
        merged.append(value)
    return tuple(merged), found


# Twenty shapes of queries -------------------------------------------------------------------------

QUERIES: list[Callable[[World, int], Any]] = [
    lambda w, n: list(
        w.Park.objects.filter(visitors__gt=n).order_by("-visitors", "pk").values_list("pk")[:5]
    ),
    lambda w, n: w.Park.objects.filter(is_open=True).count(),
    lambda w, n: w.Park.objects.count(),
    lambda w, n: w.Park.objects.aggregate(s=Sum("visitors"), n=Count("pk"), m=Max("hectares")),
    lambda w, n: list(
        w.Park.objects.values("area__name")
        .annotate(n=Count("pk"), v=Avg("visitors"))
        .order_by("area__name")
    ),
    lambda w, n: [
        (park.pk, park.name, park.area and park.area.name)
        for park in w.Park.objects.select_related("area").order_by("pk")[:30]
    ],
    lambda w, n: list(
        w.Park.objects.filter(area__country="ES").order_by("pk").values_list("pk", "area__name")
    ),
    lambda w, n: list(
        w.Area.objects.annotate(n=Count("parks"), t=Sum("parks__visitors"))
        .order_by("pk")
        .values_list("pk", "name", "n", "t")
    ),
    lambda w, n: [
        (area.pk, [park.pk for park in area.parks.all()])
        for area in w.Area.objects.prefetch_related(
            Prefetch("parks", w.Park.objects.order_by("pk"))
        ).order_by("pk")
    ],
    lambda w, n: list(
        w.Area.objects.filter(Exists(w.Park.objects.filter(area=OuterRef("pk"), visitors__gt=n)))
        .order_by("pk")
        .values_list("pk", flat=True)
    ),
    lambda w, n: list(
        w.Area.objects.filter(parks__is_open=False).distinct().order_by("pk").values_list("pk")
    ),
    lambda w, n: list(
        w.Park.objects.exclude(area__country="FR")
        .filter(Q(visitors__lt=n) | Q(name__contains="a"))
        .order_by("pk")
        .values_list("pk", flat=True)
    ),
    lambda w, n: list(
        w.Park.objects.annotate(r=Window(Count("pk"), partition_by="area_id"))
        .order_by("pk")
        .values_list("pk", "r")
    ),
    lambda w, n: list(
        w.Ride.objects.filter(park__in=w.Park.objects.filter(area__country="ES"))
        .order_by("pk")
        .values_list("pk", "name")
    ),
    lambda w, n: list(
        w.Park.objects.filter(
            visitors__gt=Subquery(w.Park.objects.order_by("visitors").values("visitors")[1:2])
        )
        .order_by("pk")
        .values_list("pk", flat=True)
    ),
    lambda w, n: sorted(
        w.Park.objects.filter(visitors__lt=n)
        .union(w.Park.objects.filter(is_open=True))
        .values_list("pk", flat=True)
    ),
    lambda w, n: sorted(w.Park.objects.in_bulk([1, 2, 3, n])),
    lambda w, n: list(w.Park.objects.dates("opened_on", "year")),
    lambda w, n: sorted(w.Tag.objects.filter(parks__visitors__gt=n).values_list("word", flat=True)),
    lambda w, n: list(
        w.Park.objects.annotate(t=Count("tags", distinct=True), r=Count("rides", distinct=True))
        .filter(t__gte=1)
        .order_by("pk")
        .values_list("pk", "t", "r")
    ),
    lambda w, n: list(
        w.Park.objects.annotate(k=Case(When(visitors__gt=n, then=Value("big")), default=F("name")))
        .values_list("k")
        .annotate(c=Count("*"))
        .order_by("k")
    ),
    lambda w, n: [
        (p.pk, sorted(t.word for t in p.tags.all()), [r.name for r in p.rides.all()])
        for p in w.Park.objects.prefetch_related(
            "tags", Prefetch("rides", w.Ride.objects.order_by("pk"))
        ).order_by("pk")
    ],
    lambda w, n: list(w.Area.objects.filter(parts__parts__isnull=True).order_by("pk", "parts__pk")
        .values_list("pk", "parts__name", "parent__name")),
    lambda w, n: w.Park.objects.filter(facts__n__gt=n).exists(),
]  # fmt: skip


def compare(state: State, active: Callable[[], AbstractContextManager[None]], number: int) -> None:
    """Every query on both: what `active` makes readable must be `state`."""
    load(state)
    for position, query in enumerate(QUERIES):
        expected = query(PLAIN, number)
        with active():
            given = query(VERSIONED, number)
        assert _plain(given) == _plain(expected), f"query {position} of {number}"


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, models.Model):
        return value.pk
    return value
