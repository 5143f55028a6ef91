"""A sheet to print on: shapes in sheet units, drawn large and reduced for clean edges."""

import math
from collections.abc import Sequence

from PIL import Image, ImageDraw

Point = tuple[float, float]
Color = tuple[int, int, int]

WIDTH, HEIGHT = 900, 1200
SCALE = 2


def color(code: str) -> Color:
    return int(code[:2], 16), int(code[2:4], 16), int(code[4:], 16)


def mix(first: Color, second: Color, share: float) -> Color:
    """`share` of the second color in the first, as ink printed over ink."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def polar(center: Point, radius: float, degrees: float) -> Point:
    angle = math.radians(degrees)
    return center[0] + radius * math.cos(angle), center[1] + radius * math.sin(angle)


def bezier(a: Point, b: Point, c: Point, d: Point, steps: int = 32) -> list[Point]:
    """Points on the cubic curve from `a` to `d`."""
    points = []
    for step in range(steps + 1):
        t = step / steps
        u = 1 - t
        weights = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
        points.append(
            (
                sum(w * p[0] for w, p in zip(weights, (a, b, c, d), strict=True)),
                sum(w * p[1] for w, p in zip(weights, (a, b, c, d), strict=True)),
            )
        )
    return points


class Sheet:
    """Portrait 3:4. Angles are degrees, clockwise from the right."""

    def __init__(self, background: Color) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), background)
        self.draw = ImageDraw.Draw(self.image)

    def reduced(self, factor: int) -> Image.Image:
        return self.image.reduce(factor)

    def polygon(self, points: Sequence[Point], fill: Color) -> None:
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def line(self, points: Sequence[Point], fill: Color, width: float) -> None:
        """A stroke with round joints and ends."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.draw.line(scaled, fill=fill, width=round(width * SCALE), joint="curve")
        for end in (points[0], points[-1]):
            self.circle(end, width / 2, fill)

    def circle(self, center: Point, radius: float, fill: Color) -> None:
        self.ellipse(center, radius, radius, fill)

    def ellipse(self, center: Point, rx: float, ry: float, fill: Color) -> None:
        x, y = center
        box = ((x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE)
        self.draw.ellipse(box, fill=fill)

    def ring(self, center: Point, radius: float, width: float, fill: Color) -> None:
        x, y = center
        outer = radius * SCALE
        box = (x * SCALE - outer, y * SCALE - outer, x * SCALE + outer, y * SCALE + outer)
        self.draw.ellipse(box, outline=fill, width=round(width * SCALE))

    def arc(
        self, center: Point, radius: float, start: float, end: float, fill: Color, width: float
    ) -> None:
        x, y = center[0] * SCALE, center[1] * SCALE
        outer = (radius + width / 2) * SCALE
        box = (x - outer, y - outer, x + outer, y + outer)
        self.draw.arc(box, start, end, fill=fill, width=round(width * SCALE))

    def wedge(self, center: Point, radius: float, start: float, end: float, fill: Color) -> None:
        x, y, r = center[0] * SCALE, center[1] * SCALE, radius * SCALE
        self.draw.pieslice((x - r, y - r, x + r, y + r), start, end, fill=fill)

    def box(
        self, left: float, top: float, right: float, bottom: float, fill: Color, round_: float = 0
    ) -> None:
        box = (left * SCALE, top * SCALE, right * SCALE, bottom * SCALE)
        self.draw.rounded_rectangle(box, round_ * SCALE, fill=fill)

    def star(
        self, center: Point, outer: float, inner: float, spikes: int, fill: Color, turn: float = -90
    ) -> None:
        points = [
            polar(center, outer if k % 2 == 0 else inner, turn + 180 * k / spikes)
            for k in range(2 * spikes)
        ]
        self.polygon(points, fill)

    def tilted(
        self, center: Point, length: float, height: float, degrees: float, fill: Color
    ) -> None:
        """A bar around `center`, turned."""
        x, y = center
        cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        corners = ((-1, -1), (1, -1), (1, 1), (-1, 1))
        self.polygon(
            [
                (
                    x + dx * length / 2 * cos - dy * height / 2 * sin,
                    y + dx * length / 2 * sin + dy * height / 2 * cos,
                )
                for dx, dy in corners
            ],
            fill,
        )

    def capsule(self, a: Point, b: Point, ra: float, rb: float, fill: Color) -> None:
        """Two discs and what lies between them: a flipper, a leg, a fin."""
        angle = math.degrees(math.atan2(b[1] - a[1], b[0] - a[0]))
        lean = math.degrees(math.acos(max(-1, min(1, (ra - rb) / math.dist(a, b)))))
        self.circle(a, ra, fill)
        self.circle(b, rb, fill)
        self.polygon(
            [
                polar(a, ra, angle - lean),
                polar(b, rb, angle - lean),
                polar(b, rb, angle + lean),
                polar(a, ra, angle + lean),
            ],
            fill,
        )
