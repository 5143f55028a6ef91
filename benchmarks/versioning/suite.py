"""Version control of model data: what it costs, beside libraries of history and plain Django."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import product

from benchmarks.harness.processes import Conversation
from benchmarks.harness.results import Measure, PeerFacts, Result
from benchmarks.harness.rounds import FULL, Plan
from benchmarks.versioning.systems import OURS, PLAIN, System, databases, running, systems

TITLE = "Versioning: history, branches, merges"
BRANCH, AS_OF = f"{OURS}-branch", f"{OURS}-as-of"
UNIT = "CPU milliseconds"
VENDORS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
READ_ROWS = 100_000
CHANGES = 100
TURNS = 3
# What libraries of history do; those that lose it are left out.
LOST = {"update": ("simple-history", "reversion")}
REPEATED = {
    "save": "Save one row, in a transaction of its own",
    "update": "QuerySet.update of all rows",
    "as_of_list": "The first 100 of a list, as of a moment",
    "as_of_ids": "100 rows by their keys, as of a moment",
    "page": "History of a row: 25 versions with what has changed",
}
ONCE = {"bulk_create": "bulk_create", "bulk_update": "bulk_update"}
GROWTH = ("get by key", "order, page", "aggregate", "group", "children with parents")
NOTES = """\
CPU of the client and, on PostgreSQL, of its server process, for one time.
django-reversion has no lists of the past: the same number of rows, one by one. Of django-pghistory
they are written by hand. QuerySet.update is not seen by django-simple-history or django-reversion.
A branch has 100 changes where nothing else is said: 80 % updates, 10 % creations, 10 % deletions.
A merge has 60 %, 30 % and 10 %; beside it bulk_update of two fields of as many rows.
django-pghistory cannot have its statements prepared by PostgreSQL, all others have.
PostgreSQL runs without fsync: the disk is nobody's cost here. It plans without parallel workers,
whose work is not counted. What is measured has run often enough for it to keep to a plan: of
"exists" that is one for all values, plain and on main; it is the worse, and not used in branches.\
""".splitlines()

#: measure -> peer -> one figure for each round
Samples = dict[str, dict[str, list[float]]]


def run(plan: Plan) -> Result:
    found = systems()
    measures: list[Measure] = []
    with databases() as places:
        for vendor, place in places.items():
            suite = Suite(vendor, place, plan, found)
            measures += suite.history() + suite.reads() + suite.growth()
    facts = {name: system.facts for name, system in found.items()}
    ours = facts[OURS]
    facts[BRANCH] = replace(ours, title="Longhouse: in a branch")
    facts[AS_OF] = replace(ours, title="Longhouse: as of a moment")
    for measure in measures:
        for peer in measure.samples:
            facts.setdefault(peer, PeerFacts(peer, ours=True, versions=ours.versions))
    used = {peer for measure in measures for peer in measure.samples}
    left_out = [] if "postgresql" in places else ["PostgreSQL was left out: it is not installed."]
    return Result(
        "versioning", TITLE, OURS, {name: facts[name] for name in facts if name in used},
        measures, [*NOTES, *left_out],
    )  # fmt: skip


def in_turns(asked: Mapping[str, Callable[[], float]]) -> dict[str, float]:
    """The least of each one's turns. They alternate: what slows the machine meets all of them."""
    turns = [{name: ask() for name, ask in asked.items()} for _ in range(TURNS)]
    return {name: min(turn[name] for turn in turns) for name in asked}


def add(samples: dict[str, list[float]], figures: Mapping[str, float]) -> None:
    """A figure of each peer, of one round."""
    for peer, figure in figures.items():
        samples.setdefault(peer, []).append(figure)


class Suite:
    """Everything on one database."""

    def __init__(self, vendor: str, place: str, plan: Plan, systems: Mapping[str, System]) -> None:
        self.vendor, self.place, self.plan = vendor, place, plan
        self.is_full = plan == FULL
        self.systems = {
            name: system for name, system in systems.items() if system.only_on in ("", vendor)
        }

    def say(self, what: str) -> None:
        print(f"    {VENDORS[self.vendor]}: {what}", flush=True)

    def measure(
        self, name: str, group: str, title: str, samples: Mapping[str, Sequence[float]]
    ) -> Measure:
        group = f"{VENDORS[self.vendor]}: {group}"
        return Measure(f"{self.vendor} {name}", group, title, UNIT, samples)

    # Beside libraries of history ----------------------------------------------------------------

    def history(self) -> list[Measure]:
        rows = 10_000 if self.is_full else 2_000
        bulk = rows // 2
        samples: Samples = {name: {} for name in (*REPEATED, *ONCE)}
        with running(self.systems, self.place) as workers:
            for name, worker in workers.items():
                self.say(f"history of {rows:,} rows, {name}")
                worker.ask("fill", rows)
                worker.ask("age")
                worker.ask("check")
            # What makes histories longer comes late, and last what some of them lose.
            kept = [what for what in REPEATED if what not in LOST]
            rounds = range(1, self.plan.rounds + 1)
            for whats, number in product((kept, [*ONCE], [*LOST]), rounds):
                self.say(f"{', '.join(whats)}: round {number}")
                for what in whats:
                    asked = {
                        name: worker for name, worker in workers.items()
                        if name not in LOST.get(what, ())
                    }  # fmt: skip
                    order = ("once", what, bulk) if what in ONCE else ("measure", what)
                    add(samples[what], in_turns({
                        name: partial(worker.ask, *order) for name, worker in asked.items()
                    }))  # fmt: skip
        titles = {**REPEATED, **{what: f"{ONCE[what]} of {bulk:,} rows" for what in ONCE}}
        groups = {"save": "one row", "page": "one row", "as_of_list": "the past",
                  "as_of_ids": "the past"}  # fmt: skip
        shown = ("save", "page", "bulk_create", "bulk_update", "update", "as_of_list", "as_of_ids")
        return [
            self.measure(what, groups.get(what, "many rows"), titles[what], samples[what])
            for what in shown
        ]

    # Shapes of queries, and merges ---------------------------------------------------------------

    def reads(self) -> list[Measure]:
        two = {name: self.systems[name] for name in (OURS, PLAIN)}
        with running(two, self.place) as workers:
            for name, worker in workers.items():
                self.say(f"{READ_ROWS:,} rows, {name}")
                worker.ask("fill", READ_ROWS)
            ours = workers[OURS]
            ours.ask("other_branches", 20)
            ours.ask("keep_branch", CHANGES)
            ours.ask("remember")
            shapes: list[str] = ours.ask("shapes")
            samples = self._shapes(workers, shapes)
            measures = [
                self.measure(f"read {name}", "shapes of queries, 100,000 rows", name, samples[name])
                for name in shapes
            ]
            middle = {
                peer: [
                    math.exp(sum(math.log(samples[name][peer][number]) for name in shapes)
                             / len(shapes))
                    for number in range(self.plan.rounds)
                ]
                for peer in (OURS, PLAIN, BRANCH, AS_OF)
            }  # fmt: skip
            title = "Geometric mean of all shapes"
            measures.append(self.measure("reads", "reads", title, middle))
            sizes = (10_000, 100_000) if self.is_full else (10_000,)
            return measures + [self._merge(workers, size) for size in sizes]

    def _shapes(self, workers: Mapping[str, Conversation], shapes: Sequence[str]) -> Samples:
        samples: Samples = {}
        for number in range(self.plan.rounds):
            self.say(f"shapes of queries, round {number + 1} of {self.plan.rounds}")
            for name in shapes:
                orders = {
                    PLAIN: ("shape", name),
                    OURS: ("shape", name),
                    BRANCH: ("shape_in_branch", name, CHANGES),
                    AS_OF: ("shape_as_of", name),
                }
                asked = {
                    peer: partial(workers[PLAIN if peer == PLAIN else OURS].ask, "measure", *order)
                    for peer, order in orders.items()
                }
                add(samples.setdefault(name, {}), in_turns(asked))
        return samples

    def _merge(self, workers: Mapping[str, Conversation], size: int) -> Measure:
        self.say(f"merges of {size:,} changes")
        orders = {OURS: "merge", PLAIN: "bulk_update"}
        samples: dict[str, list[float]] = {}
        for _ in range(min(self.plan.rounds, 3)):
            add(samples, {
                peer: workers[peer].ask("once", what, size) for peer, what in orders.items()
            })  # fmt: skip
        title = f"Merge of {size:,} changes; bulk_update of as many rows"
        return self.measure(f"merge {size}", "merge", title, samples)

    # Growth ------------------------------------------------------------------------------------

    def growth(self) -> list[Measure]:
        return [*self._by_rows(), *self._by_changes(), *self._by_branches()]

    def _by_rows(self) -> list[Measure]:
        creation: dict[str, list[float]] = {}
        reading: Samples = {}
        merging: dict[str, list[float]] = {}
        sizes = (1_000, 20_000, 100_000) if self.is_full else (1_000, 20_000)
        titles = {f"{OURS}-{rows}": f"{rows:,} rows" for rows in sizes}
        with running(dict.fromkeys(titles, self.systems[OURS]), self.place) as workers:
            ours = {titles[name]: worker for name, worker in workers.items()}
            for rows, (title, worker) in zip(sizes, ours.items(), strict=True):
                self.say(f"growth, {title}")
                worker.ask("fill", rows)
                worker.ask("keep_branch", CHANGES)
            for _ in range(self.plan.rounds):
                add(creation, in_turns({
                    title: partial(worker.ask, "measure", "create_branch")
                    for title, worker in ours.items()
                }))  # fmt: skip
                add(merging, {
                    title: worker.ask("once", "merge", CHANGES) for title, worker in ours.items()
                })  # fmt: skip
                self._grow(reading, ours, CHANGES)
        group = "growth with rows"
        return [
            self.measure("branch creation", group, "Create a branch", creation),
            self.measure("merge by rows", group, f"Merge {CHANGES} changes", merging),
            *self._grown("rows", group, reading),
        ]

    def _by_changes(self) -> list[Measure]:
        reading: Samples = {}
        merging: dict[str, list[float]] = {}
        with running({OURS: self.systems[OURS]}, self.place) as workers:
            ours = workers[OURS]
            ours.ask("fill", READ_ROWS if self.is_full else 20_000)
            for changes in (100, 1_000, 10_000):
                self.say(f"growth, {changes:,} changes")
                ours.ask("keep_branch", changes)
                title = f"{changes:,} changes"
                for _ in range(self.plan.rounds):
                    self._grow(reading, {title: ours}, changes)
                    merging.setdefault(title, []).append(ours.ask("once", "merge", changes))
        group = "growth with changes of the branch"
        return [
            self.measure("merge by changes", group, "Merge", merging),
            *self._grown("changes", group, reading),
        ]

    def _by_branches(self) -> list[Measure]:
        reading: Samples = {}
        with running({OURS: self.systems[OURS]}, self.place) as workers:
            ours = workers[OURS]
            ours.ask("fill", 5_000)
            ours.ask("keep_branch", CHANGES)
            there = 1
            for count in (1, 10, 100) if self.is_full else (1, 50):
                self.say(f"growth, {count:,} branches")
                ours.ask("other_branches", count - there)
                there = count
                for _ in range(self.plan.rounds):
                    self._grow(reading, {f"{count:,} branches": ours}, CHANGES)
        return self._grown("branches", "growth with branches, 5,000 rows", reading)

    def _grow(self, samples: Samples, ours: Mapping[str, Conversation], changes: int) -> None:
        for name in GROWTH:
            add(samples.setdefault(name, {}), in_turns({
                title: partial(worker.ask, "measure", "shape_in_branch", name, changes)
                for title, worker in ours.items()
            }))  # fmt: skip

    def _grown(self, what: str, group: str, samples: Samples) -> list[Measure]:
        return [self.measure(f"{name} by {what}", group, name, samples[name]) for name in GROWTH]
