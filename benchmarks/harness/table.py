"""A result as text: a table for each group, and the goals."""

from collections.abc import Iterable, Sequence

from benchmarks.harness.goals import Verdict
from benchmarks.harness.results import Measure, Result, median, spread

FIRST, OTHER = 26, 23  # columns


def text(result: Result) -> str:
    """Median, spread over the rounds, and the multiple of ours."""
    lines: list[str] = []
    for group, measures in result.groups.items():
        multiple = f", multiple of {result.base}" if result.base else ""
        lines += ["", f"  {group}: {measures[0].unit} (spread over the rounds{multiple})"]
        lines += _table(measures, result.base)
    return "\n".join([*lines, "", *(f"  {note}" for note in result.notes)])


def _table(measures: Sequence[Measure], base: str) -> list[str]:
    # Titles are longer than columns: they stand above, by number.
    lines = [f"    {number}: {measure.title}" for number, measure in enumerate(measures, 1)]
    numbers = "".join(f"{number:>{OTHER}}" for number in range(1, len(measures) + 1))
    lines.append(" " * (FIRST + 2) + numbers)
    peers = dict.fromkeys(peer for measure in measures for peer in measure.samples)
    for peer in peers:
        cells = "".join(f"{_cell(measure, peer, base):>{OTHER}}" for measure in measures)
        lines.append(f"  {peer:<{FIRST}}{cells}".rstrip())
    return lines


def _cell(measure: Measure, peer: str, base: str) -> str:
    if peer not in measure.samples:
        return "-"
    samples = measure.samples[peer]
    middle = median(samples)
    shown = f"{middle:,.0f}" if middle >= 10 else f"{middle:.2f}"
    one = median(measure.samples[base]) if base in measure.samples else 0
    times = f"{middle / one:.2f}x" if one else ""
    return f"{shown} ({spread(samples):.0%}){times:>8}"


def goals(verdicts: Iterable[Verdict]) -> str:
    """Which goals are met, the farthest from it first."""
    lines = ["  Goals, ours as a multiple of the peer's:"]
    for verdict in verdicts:
        found = f"{verdict.ratio.middle:.2f}x" if verdict.ratio else "not measured"
        met = "met" if verdict.met else "MISSED"
        lines.append(
            f"    {met:<8}{found:>14} of at most {verdict.goal.at_most}x   "
            f"{verdict.goal.title} ({verdict.measure})"
        )
    return "\n".join(lines)
