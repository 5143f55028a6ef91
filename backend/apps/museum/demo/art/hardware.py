"""The parts of a playfield. Each casts a flat shadow, like a second plate out of register."""

import math
import random

from apps.museum.demo.art.canvas import Color, Point, Sheet, bezier, mix, polar
from apps.museum.demo.art.palettes import Palette

SHADOW = (7.0, 10.0)


def _shifted(point: Point) -> Point:
    return point[0] + SHADOW[0], point[1] + SHADOW[1]


def bumper(sheet: Sheet, ink: Palette, at: Point, radius: float, cap: Color, spikes: int) -> None:
    sheet.circle(_shifted(at), radius, ink.ink)
    sheet.circle(at, radius, ink.light)
    sheet.ring(at, radius, radius * 0.12, ink.ink)
    sheet.circle(at, radius * 0.72, cap)
    sheet.star(at, radius * 0.6, radius * 0.3, spikes, mix(cap, ink.light, 0.75))
    sheet.circle(at, radius * 0.2, cap)


def post(sheet: Sheet, ink: Palette, at: Point, radius: float = 9) -> None:
    sheet.circle(_shifted(at), radius, ink.ink)
    sheet.circle(at, radius, ink.light)
    sheet.circle(at, radius * 0.45, ink.ink)


def rubber(sheet: Sheet, ink: Palette, points: list[Point], fill: Color | None = None) -> None:
    """A rubber ring around posts, with a plastic on top when `fill` is given."""
    closed = [*points, points[0]]
    sheet.polygon([_shifted(point) for point in points], ink.ink)
    sheet.line([_shifted(point) for point in closed], ink.ink, 20)
    sheet.line(closed, ink.light, 20)
    sheet.polygon(points, fill or mix(ink.ground, ink.light, 0.2))
    for point in points:
        sheet.circle(point, 6, ink.ink)


def slingshots(sheet: Sheet, ink: Palette, fill: Color) -> None:
    for side in (-1, 1):
        points: list[Point] = [(425 + side * x, y) for x, y in ((262, 790), (262, 890), (172, 948))]
        rubber(sheet, ink, points, fill)
        sheet.circle((425 + side * 240, 876), 9, ink.accent)
        # The guide that leads to the flipper, and the wall of the outlane.
        guide = [(425 + side * x, y) for x, y in ((312, 800), (312, 930), (196, 1000))]
        sheet.line([_shifted(point) for point in guide], ink.ink, 10)
        sheet.line(guide, ink.light, 9)


def flipper(
    sheet: Sheet, ink: Palette, pivot: Point, degrees: float, length: float, fill: Color
) -> None:
    tip = polar(pivot, length, degrees)
    thick = 23 if length > 100 else 17
    sheet.capsule(_shifted(pivot), _shifted(tip), thick, thick * 0.55, ink.ink)
    sheet.capsule(pivot, tip, thick, thick * 0.55, fill)
    sheet.capsule(pivot, tip, thick - 6, thick * 0.55 - 5, ink.light)
    sheet.circle(pivot, thick * 0.4, fill)


def inserts(
    sheet: Sheet, ink: Palette, points: list[Point], fill: Color, radius: float = 15
) -> None:
    for number, point in enumerate(points):
        sheet.circle(point, radius + 4, ink.ink)
        sheet.circle(point, radius, fill if number % 3 else mix(fill, ink.light, 0.7))


def arrow(sheet: Sheet, ink: Palette, at: Point, degrees: float, size: float, fill: Color) -> None:
    for grow, tone in ((1.28, ink.ink), (1.0, fill)):
        tip = polar(at, size * grow, degrees)
        left, right = (polar(at, size * 0.8 * grow, degrees + turn) for turn in (140, -140))
        sheet.polygon([tip, left, polar(at, size * 0.25 * grow, degrees + 180), right], tone)


def bank(
    sheet: Sheet, ink: Palette, at: Point, count: int, degrees: float, fills: tuple[Color, ...]
) -> None:
    """Drop targets in a row through `at`."""
    pitch = 44
    sheet.tilted(_shifted(at), count * pitch + 12, 40, degrees, ink.ink)
    sheet.tilted(at, count * pitch + 12, 34, degrees, ink.ink)
    for number in range(count):
        center = polar(at, (number - (count - 1) / 2) * pitch, degrees)
        sheet.tilted(center, pitch - 6, 22, degrees, fills[number % len(fills)])
        lower = polar(center, 6, degrees + 90)
        sheet.tilted(lower, pitch - 6, 8, degrees, mix(fills[number % len(fills)], ink.ink, 0.35))


def lanes(sheet: Sheet, ink: Palette, count: int, y: float, fill: Color) -> None:
    """Rollover lanes at the top of the arch."""
    pitch = 84
    left = 425 - (count * pitch) / 2
    for number in range(count + 1):
        x = left + number * pitch
        sheet.capsule(_shifted((x, y - 34)), _shifted((x, y + 34)), 9, 9, ink.ink)
        sheet.capsule((x, y - 34), (x, y + 34), 9, 9, ink.light)
    inserts(sheet, ink, [(left + (k + 0.5) * pitch, y + 4) for k in range(count)], fill, 17)


def ramp(sheet: Sheet, ink: Palette, path: list[Point], width: float, tint: Color) -> None:
    """A plastic ramp: two rails, a floor that lets the print through, ribs for speed."""
    sheet.line([_shifted(point) for point in path], mix(ink.ground, ink.ink, 0.7), width)
    sheet.line(path, ink.light, width)
    sheet.line(path, tint, width - 12)
    for number in range(3, len(path) - 2, 5):
        (x0, y0), (x1, y1) = path[number], path[number + 1]
        angle = math.degrees(math.atan2(y1 - y0, x1 - x0))
        sheet.tilted(path[number], 7, width - 26, angle, mix(tint, ink.light, 0.5))


def wireform(sheet: Sheet, ink: Palette, path: list[Point]) -> None:
    sheet.line([_shifted(point) for point in path], ink.ink, 26)
    sheet.line(path, mix(ink.light, ink.ink, 0.25), 26)
    sheet.line(path, mix(ink.ground, ink.ink, 0.35), 14)
    for number in range(2, len(path) - 1, 4):
        sheet.circle(path[number], 5, ink.light)


def spinner(sheet: Sheet, ink: Palette, at: Point, degrees: float) -> None:
    sheet.tilted(_shifted(at), 74, 16, degrees, ink.ink)
    sheet.tilted(at, 74, 16, degrees, ink.accent)
    sheet.tilted(at, 92, 4, degrees, ink.light)


def hole(sheet: Sheet, ink: Palette, at: Point, radius: float = 27) -> None:
    sheet.circle(at, radius + 9, ink.light)
    sheet.circle(at, radius, ink.ink)
    sheet.circle((at[0] + 3, at[1] + 5), radius - 9, mix(ink.ink, ink.first, 0.35))


def ball(sheet: Sheet, ink: Palette, at: Point, radius: float = 19) -> None:
    steel, bright = (172, 180, 190), (246, 248, 250)
    sheet.circle(_shifted(at), radius, ink.ink)
    for number in range(6):
        share = number / 5
        center = (at[0] - 7 * share, at[1] - 7 * share)
        sheet.circle(
            center, radius * (1 - 0.75 * share), mix(mix(steel, ink.ink, 0.3), bright, share)
        )


def pins(
    sheet: Sheet, ink: Palette, center: Point, radius: float, start: float, end: float
) -> None:
    """Nails along an arc, as on games without flippers."""
    count = max(4, round(abs(end - start) * radius / 1150))
    for number in range(count + 1):
        at = polar(center, radius, start + (end - start) * number / count)
        sheet.circle((at[0] + 4, at[1] + 5), 6, ink.ink)
        sheet.circle(at, 6, mix(ink.accent, ink.light, 0.4))
        sheet.circle((at[0] - 2, at[1] - 2), 2, ink.light)


def orbit(side: int, rng: random.Random) -> list[Point]:
    """A curve from the lower half up the side and over the top."""
    reach = rng.uniform(120, 190)
    return bezier(
        (425 + side * 215, 745),
        (425 + side * 345, 520),
        (425 + side * 330, 220),
        (425 + side * reach, 250),
        28,
    )
