"""What a suite found: raw figures of every round, kept as JSON, and the arithmetic on them."""

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parents[1] / "results"


@dataclass(frozen=True)
class Measure:
    """One thing that was measured of several peers; less is better.

    Measures of one group are shown beside each other: they have one unit and the same peers.
    """

    name: str
    group: str
    title: str
    unit: str
    samples: Mapping[str, Sequence[float]]  # by peer, one figure for each round


@dataclass(frozen=True)
class PeerFacts:
    title: str
    ours: bool
    versions: Mapping[str, str]


@dataclass(frozen=True)
class Result:
    suite: str
    title: str
    base: str  # the peer that the others are compared with; "" when they are not peers
    peers: Mapping[str, PeerFacts]
    measures: Sequence[Measure]
    notes: Sequence[str] = ()  # what a reader must know, such as what was left out
    machine: Mapping[str, Any] = field(default_factory=dict)

    @property
    def groups(self) -> dict[str, list[Measure]]:
        found: dict[str, list[Measure]] = {}
        for measure in self.measures:
            found.setdefault(measure.group, []).append(measure)
        return found

    def measure(self, name: str) -> Measure | None:
        return next((measure for measure in self.measures if measure.name == name), None)


@dataclass(frozen=True)
class Ratio:
    """Ours divided by theirs: of the medians, and the least and the greatest of one round."""

    middle: float
    low: float
    high: float


def median(samples: Sequence[float]) -> float:
    return statistics.median(samples)


def spread(samples: Sequence[float]) -> float:
    """From the least to the greatest, as a share of the median."""
    middle = median(samples)
    return (max(samples) - min(samples)) / middle if middle else 0.0


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Ratio:
    """Raises ValueError when the two were not measured in the same rounds."""
    rounds = [own / other for own, other in zip(ours, theirs, strict=True)]
    return Ratio(median(ours) / median(theirs), min(rounds), max(rounds))


def save(result: Result) -> Path:
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{result.suite}.json"
    # No clock here tells more than three decimals.
    rounded = json.loads(json.dumps(asdict(result)), parse_float=lambda text: round(float(text), 3))
    path.write_text(json.dumps(rounded, indent=1) + "\n")
    return path


def load(path: Path) -> Result:
    found = json.loads(path.read_text())
    peers = {name: PeerFacts(**facts) for name, facts in found.pop("peers").items()}
    measures = [Measure(**measure) for measure in found.pop("measures")]
    return Result(peers=peers, measures=measures, **found)


def load_all() -> list[Result]:
    return [load(path) for path in sorted(RESULTS.glob("*.json"))]
