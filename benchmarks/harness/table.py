"""A result as text: medians, spread over the rounds, and how many times ours."""

from collections.abc import Sequence

from benchmarks.harness.results import Measure, Result, median, spread

WIDTH = 24


def text(result: Result) -> str:
    """Tables of the measures; those with the same unit share one."""
    lines = []
    for unit in dict.fromkeys(measure.unit for measure in result.measures):
        lines += _table(result, unit, [m for m in result.measures if m.unit == unit])
    return "\n".join([*lines, *(f"  {note}" for note in result.notes)])


def _table(result: Result, unit: str, measures: Sequence[Measure]) -> list[str]:
    ours = next((name for name, facts in result.peers.items() if facts.ours), None)
    lines = ["", f"  {unit}: median, spread over the rounds, multiple of {ours}"]
    for measure in measures:
        lines.append(f"  {measure.title}")
        base = measure.samples.get(ours or "")
        for name, samples in measure.samples.items():
            times = f"{median(samples) / median(base):>8.2f} x" if base and median(base) else ""
            lines.append(
                f"    {name:<{WIDTH}}{median(samples):>10,.0f}{spread(samples):>7.0%}{times}"
            )
    return lines
