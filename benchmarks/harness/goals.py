"""The goals, and which of them the results meet."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.harness.results import Ratio, Result, ratio

FILE = Path(__file__).parents[1] / "goals.toml"


@dataclass(frozen=True)
class Goal:
    title: str
    suite: str
    measures: Sequence[str]
    ours: str
    against: str
    at_most: float


@dataclass(frozen=True)
class Verdict:
    """One goal on one measure. `ratio` is None as long as one of the two was not measured."""

    goal: Goal
    measure: str
    ratio: Ratio | None

    @property
    def met(self) -> bool:
        return self.ratio is not None and self.ratio.middle <= self.goal.at_most

    @property
    def distance(self) -> float:
        """How many times too much; below 1 when the goal is met."""
        return self.ratio.middle / self.goal.at_most if self.ratio else float("inf")


def load() -> list[Goal]:
    return [Goal(**goal) for goal in tomllib.loads(FILE.read_text())["goal"]]


def verdicts(goals: Iterable[Goal], results: Iterable[Result]) -> list[Verdict]:
    """Every goal on each of its measures, the farthest from being met first."""
    by_suite = {result.suite: result for result in results}
    found = [
        Verdict(goal, name, _ratio(goal, name, by_suite.get(goal.suite)))
        for goal in goals
        for name in goal.measures
    ]
    return sorted(found, key=lambda verdict: -verdict.distance)


def _ratio(goal: Goal, name: str, result: Result | None) -> Ratio | None:
    measure = result.measure(name) if result else None
    if not measure or not {goal.ours, goal.against} <= measure.samples.keys():
        return None
    return ratio(measure.samples[goal.ours], measure.samples[goal.against])
