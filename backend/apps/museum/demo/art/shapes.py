"""What several centerpieces are cut from."""

from apps.museum.demo.art.canvas import Color, Point, Sheet
from apps.museum.demo.art.palettes import Palette


def shape(
    sheet: Sheet, ink: Palette, c: Point, points: list[tuple[float, float]], fill: Color
) -> None:
    """A polygon given around `c`, with its flat shadow."""
    sheet.polygon([(c[0] + x + 10, c[1] + y + 13) for x, y in points], ink.ink)
    sheet.polygon([(c[0] + x, c[1] + y) for x, y in points], fill)
