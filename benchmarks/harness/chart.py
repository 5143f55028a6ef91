"""Bar charts as inline SVG; colours come from the page's style sheet."""

from html import escape

from benchmarks.harness.results import Measure, Result, median

WIDTH, ROW, BAR = 360, 40, 12  # units of the drawing, in which text is 12 high


def bars(measure: Measure, result: Result) -> str:
    """A bar for each peer up to its median, with a line from its least to its greatest round."""
    greatest = max(max(samples) for samples in measure.samples.values()) or 1
    scale = WIDTH / greatest
    height = ROW * len(measure.samples)
    said = f"{measure.title}, {measure.unit}: " + ", ".join(
        f"{peer} {number(median(samples))}" for peer, samples in measure.samples.items()
    )
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(said, quote=True)}">'
    ]
    base = median(measure.samples.get(result.base, [0]))
    for row, (peer, samples) in enumerate(measure.samples.items()):
        facts = result.peers[peer]
        top, middle = row * ROW, median(samples)
        kind = "ours" if facts.ours else "peer"
        times = f" · {number(middle / base)}×" if base else ""
        line = top + 20 + BAR / 2
        shown = f"{number(middle)}{times}"
        bar = f'x="0" y="{top + 20}" width="{middle * scale:.1f}" height="{BAR}" rx="2"'
        ends = f'x1="{min(samples) * scale:.1f}" x2="{max(samples) * scale:.1f}"'
        parts += [
            f'<text x="0" y="{top + 14}" class="{kind}">{escape(facts.title)}</text>',
            f'<text x="{WIDTH}" y="{top + 14}" class="figure">{shown}</text>',
            f'<rect {bar} class="{kind}"/>',
            f'<line {ends} y1="{line}" y2="{line}"/>',
        ]
    return "\n".join([*parts, "</svg>"])


def number(value: float) -> str:
    """Three significant digits; thousands with a comma."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
