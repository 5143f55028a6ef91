"""Interleaved rounds: A B C, A B C, ... so that what else the machine does meets all peers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.harness import usage
from benchmarks.harness.load_generator import CONNECTIONS, Load, LoadGenerator, Shot, WrongAnswer
from benchmarks.harness.scenarios import Scenario, Target, prove

UNIT = "server CPU, µs per request"
LEAST = 4 * CONNECTIONS  # requests in a window, however slow the peer
MANY = 10_000_000  # requests: until the time is over
LONGEST = 60  # seconds of a window, however slow the peer


@dataclass(frozen=True)
class Plan:
    """How long to measure: so many rounds of windows of so many seconds each."""

    rounds: int
    seconds: float
    warm_up: float  # seconds, once for every peer and scenario


QUICK = Plan(rounds=3, seconds=0.35, warm_up=0.5)
FULL = Plan(rounds=9, seconds=2, warm_up=3)

#: scenario -> peer -> one figure for each round
Samples = dict[str, dict[str, list[float]]]


@dataclass(frozen=True)
class Figures:
    """CPU microseconds per request: of the peers, and of what they share (a database)."""

    own: Samples
    shared: Samples

    def add(self, scenario: str, peer: str, own: float, shared: float) -> None:
        for samples, value in ((self.own, own), (self.shared, shared)):
            samples.setdefault(scenario, {}).setdefault(peer, []).append(value)


def measure(
    targets: Mapping[str, Target],
    scenarios: Sequence[Scenario],
    plan: Plan,
    generator: LoadGenerator,
    shared: Callable[[], float] = lambda: 0.0,
) -> Figures:
    """Prove, warm up and load every peer with every scenario.

    `shared` reads the CPU seconds of what all peers use. Raises SystemExit with the peer's name
    when an answer is wrong, before or under load.
    """
    windows = [
        _Window(target, scenario, prove(target, scenario), generator, shared)
        for scenario in scenarios
        for target in targets.values()
    ]
    for window in windows:
        window.warm_up(plan)
    figures = Figures({}, {})
    for number in range(plan.rounds):
        print(f"    Round {number + 1} of {plan.rounds}", flush=True)
        for window in windows:
            own, also = window.load()
            figures.add(window.scenario.name, window.target.server.name, own, also)
    return figures


@dataclass
class _Window:
    """One peer under the load of one scenario, as often as there are rounds."""

    target: Target
    scenario: Scenario
    shots: Sequence[Shot]
    generator: LoadGenerator
    shared: Callable[[], float]
    amount: int = 0  # requests; known after the warm-up

    def warm_up(self, plan: Plan) -> None:
        load = self._send(amount=MANY, seconds=plan.warm_up)
        self._reset()
        self.amount = max(LEAST, round(load.answered / load.seconds * plan.seconds))

    def load(self) -> tuple[float, float]:
        """CPU microseconds per request: the peer's own, and of what it shares.

        A fixed number of requests, so that none is under way when the clock is read.
        """
        pids = self.target.server.pids()
        before, before_shared = usage.cpu_seconds(pids), self.shared()
        load = self._send(amount=self.amount, seconds=LONGEST)
        own, also = usage.cpu_seconds(pids) - before, self.shared() - before_shared
        self._reset()
        if load.answered != self.amount:
            raise self._failed(f"only {load.answered} answers in {LONGEST} seconds")
        if self.target.server.pids() != pids:
            raise self._failed("its processes changed under load: their CPU is not known")
        return own / load.answered * 1e6, also / load.answered * 1e6

    def _send(self, *, amount: int, seconds: float) -> Load:
        server = self.target.server
        try:
            return self.generator.send(server.origin, self.shots, amount=amount, seconds=seconds)
        except WrongAnswer as error:
            raise self._failed(str(error)) from error

    def _reset(self) -> None:
        if self.scenario.reset:
            self.scenario.reset(self.target.server.name)

    def _failed(self, what: str) -> SystemExit:
        server = self.target.server
        return SystemExit(f"{server.name}, {self.scenario.name}: {what}\n{server.log_tail()}")
