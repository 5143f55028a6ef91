"""All results as one page that needs nothing else: goals, plots, tables, versions."""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from benchmarks.harness.chart import bars, number
from benchmarks.harness.goals import Verdict, verdicts
from benchmarks.harness.goals import load as load_goals
from benchmarks.harness.results import RESULTS, Measure, Result, load_all, median, spread

PAGE = RESULTS / "index.html"
STYLE = Path(__file__).with_name("page.css")
HOW_TO_READ = (
    "Less is better everywhere. A bar ends at the median of the rounds; the line across it goes "
    "from the least to the greatest round. × is the multiple of ours. Read ratios: other work may "
    "have run on the same machine."
)


def render(results: Sequence[Result], goals: Sequence[Verdict]) -> str:
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            "<title>Longhouse: benchmarks</title>",
            f"<style>\n{STYLE.read_text()}</style>\n</head>\n<body>",
            "<h1>Longhouse beside its peers</h1>",
            f"<p>{escape(HOW_TO_READ)}</p>",
            _goals(goals),
            *(_suite(result) for result in results),
            "</body>\n</html>\n",
        ]
    )


def _goals(goals: Iterable[Verdict]) -> str:
    rows = []
    for verdict in goals:
        met = "met" if verdict.met else "missed"
        what = escape(f"{verdict.goal.title} ({verdict.measure})")
        found = "not measured yet"
        if ratio := verdict.ratio:
            single = f"single rounds {number(ratio.low)} to {number(ratio.high)}"
            found = f'<b>{number(ratio.middle)}×</b> <span class="quiet">{single}</span>'
        goal = f"{what}<br>{found}; at most {verdict.goal.at_most}×"
        rows.append([f'<span class="{met}">{met}</span>', goal])
    head = ["", "What is measured: ours as a multiple of the peer's"]
    return f"<h2>Goals</h2>\n{_table(head, rows)}"


def _suite(result: Result) -> str:
    machine = " · ".join(
        f"{name.replace('_', ' ')} {value}" for name, value in result.machine.items()
    )
    versions = [
        [escape(facts.title), escape(", ".join(f"{n} {v}" for n, v in facts.versions.items()))]
        for facts in result.peers.values()
    ]
    return "\n".join(
        [
            f'<h2 id="{result.suite}">{escape(result.title)}</h2>',
            f'<p class="quiet">{escape(machine)}</p>',
            *(f"<p>{escape(note)}</p>" for note in result.notes),
            *(_group(group, measures, result) for group, measures in result.groups.items()),
            f"<details><summary>Versions</summary>\n{_table(['', ''], versions)}</details>",
        ]
    )


def _group(group: str, measures: Sequence[Measure], result: Result) -> str:
    charts = (
        f"<figure>\n<figcaption>{escape(measure.title)}</figcaption>\n{bars(measure, result)}\n"
        "</figure>"
        for measure in measures
    )
    peers = dict.fromkeys(peer for measure in measures for peer in measure.samples)
    rows = [
        [escape(result.peers[peer].title), *(_cell(measure, peer) for measure in measures)]
        for peer in peers
    ]
    head = ["", *(escape(measure.title) for measure in measures)]
    return "\n".join(
        [
            f"<h3>{escape(group)}</h3>",
            f'<p class="quiet">{escape(measures[0].unit)}</p>',
            f'<div class="charts">\n{"".join(charts)}\n</div>',
            f"<details><summary>Figures</summary>\n{_table(head, rows, figures_from=1)}</details>",
        ]
    )


def _cell(measure: Measure, peer: str) -> str:
    samples = measure.samples.get(peer)
    return f"{number(median(samples))} (±{spread(samples) / 2:.0%})" if samples else "-"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], figures_from: int = 99) -> str:
    """Cells are HTML already."""

    def line(cells: Sequence[str], tag: str) -> str:
        right = f'<{tag} class="figure">'
        return "".join(
            f"{right if place >= figures_from else f'<{tag}>'}{cell}</{tag}>"
            for place, cell in enumerate(cells)
        )

    body = "\n".join(f"<tr>{line(cells, 'td')}</tr>" for cells in rows)
    return (
        f'<div class="scroll"><table>\n<thead><tr>{line(head, "th")}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table></div>"
    )


def write() -> Path:
    """Renew the page from the results that are there."""
    results = load_all()
    PAGE.write_text(render(results, verdicts(load_goals(), results)))
    return PAGE
