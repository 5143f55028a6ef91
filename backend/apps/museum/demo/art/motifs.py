"""What is printed on the wood before anything is screwed to it."""

import math
import random
from collections.abc import Callable

from apps.museum.demo.art.canvas import HEIGHT, WIDTH, Point, Sheet, bezier, mix, polar
from apps.museum.demo.art.palettes import Palette

HEART = (425.0, 500.0)  # where the centerpiece stands

Motif = Callable[[Sheet, Palette, random.Random], None]


def rays(sheet: Sheet, ink: Palette, rng: random.Random) -> None:
    count = rng.choice((14, 18, 22))
    turn = rng.uniform(0, 20)
    for ray in range(count):
        start = turn + ray * 360 / count
        tone = ink.first if ray % 2 else mix(ink.ground, ink.first, 0.25)
        sheet.wedge(HEART, 1200, start, start + 360 / count + 0.3, tone)
    sheet.circle(HEART, 250, ink.second)
    sheet.ring(HEART, 265, 6, ink.light)


def rings(sheet: Sheet, ink: Palette, rng: random.Random) -> None:
    tones = (ink.first, ink.ground, ink.second, ink.ground, mix(ink.first, ink.second, 0.5))
    for number in range(9, 0, -1):
        sheet.circle(HEART, number * 88, tones[number % len(tones)])
    sheet.circle(HEART, 120, ink.light)


def chevrons(sheet: Sheet, ink: Palette, rng: random.Random) -> None:
    step = rng.choice((110, 130))
    for number in range(-2, HEIGHT // step + 3):
        y = number * step
        tone = (ink.first, mix(ink.ground, ink.second, 0.55), ink.ground)[number % 3]
        sheet.polygon(
            [(0, y), (425, y + 210), (900, y - 25), (900, y + step - 25), (425, y + 210 + step),
             (0, y + step)],
            tone,
        )  # fmt: skip


def waves(sheet: Sheet, ink: Palette, rng: random.Random) -> None:
    rows = 9
    for row in range(rows):
        y = 130 + row * 125
        tone = (
            mix(ink.first, ink.second, row / rows) if row % 2 else mix(ink.ground, ink.first, 0.6)
        )
        phase = rng.uniform(0, 6)
        top = [(x, y + 26 * math.sin(x / 62 + phase)) for x in range(0, WIDTH + 20, 12)]
        sheet.polygon([*top, (WIDTH, HEIGHT), (0, HEIGHT)], tone)
        if row % 2:
            sheet.line(top, mix(tone, ink.light, 0.55), 5)


def checker(sheet: Sheet, ink: Palette, rng: random.Random) -> None:
    size = 75
    sheet.box(0, 0, WIDTH, HEIGHT, ink.ground)
    for row in range(HEIGHT // size + 1):
        for column in range(WIDTH // size + 1):
            if (row + column) % 2 and (row > 9 or row < 3):
                sheet.box(
                    column * size, row * size, (column + 1) * size, (row + 1) * size, ink.accent
                )
    sheet.polygon([(0, 260), (900, 190), (900, 660), (0, 730)], ink.first)
    sheet.line([(0, 260), (900, 190)], ink.light, 8)
    sheet.line([(0, 730), (900, 660)], ink.light, 8)


def stars(sheet: Sheet, ink: Palette, rng: random.Random) -> None:
    for band, (x, y) in enumerate(((180, 950), (760, 230))):
        for number in range(4, 0, -1):
            share = 0.2 * (5 - number)
            tone = mix(ink.ground, ink.first if band else ink.second, share)
            sheet.ellipse((x, y), number * 95, number * 70, tone)
    for _ in range(90):
        at = (rng.uniform(60, 840), rng.uniform(50, 1150))
        sheet.circle(at, rng.choice((2.0, 3.0, 4.0)), mix(ink.ground, ink.light, 0.85))
    for _ in range(9):
        at = (rng.uniform(90, 800), rng.uniform(120, 1000))
        sheet.star(at, rng.uniform(12, 22), 3, 4, ink.light)


def halftone(sheet: Sheet, ink: Palette, rng: random.Random) -> None:
    sheet.polygon([(0, 0), (900, 0), (900, 420), (0, 760)], ink.first)
    step = 56
    for row in range(HEIGHT // step + 1):
        y = row * step
        radius = 27 * abs(y - 560) / 640
        if radius < 3:
            continue
        for column in range(WIDTH // step + 1):
            sheet.circle((column * step + (row % 2) * step / 2, y), radius, ink.second)


def stripes(sheet: Sheet, ink: Palette, rng: random.Random) -> None:
    tones = (ink.first, ink.second, ink.accent)
    lean = rng.choice((-1, 1))
    for number, width in enumerate((150, 60, 22)):
        for side in (-1, 1):
            x = 425 + side * (90 + number * 150)
            sheet.polygon(
                [(x - width / 2 + lean * 260, 0), (x + width / 2 + lean * 260, 0),
                 (x + width / 2 - lean * 260, HEIGHT), (x - width / 2 - lean * 260, HEIGHT)],
                tones[number],
            )  # fmt: skip


def scallops(sheet: Sheet, ink: Palette, rng: random.Random) -> None:
    radius = 132
    for row in range(HEIGHT // 104, -2, -1):
        for column in range(-1, WIDTH // 264 + 2):
            at = (column * 264 + (row % 2) * 132, row * 104 + 104)
            tone = mix(ink.first, ink.second, (row % 4) / 3)
            sheet.circle(at, radius, ink.ground)
            sheet.circle(at, radius - 6, tone)
            sheet.circle(at, radius - 46, mix(tone, ink.ground, 0.45))


def flames(sheet: Sheet, ink: Palette, rng: random.Random) -> None:
    for layer, tone in enumerate((ink.first, ink.second, ink.accent)):
        x = -40.0
        points: list[Point] = [(x, HEIGHT)]
        base = 520 + layer * 210
        while x < WIDTH + 60:
            width = rng.uniform(90, 150)
            peak = base - rng.uniform(60, 260)
            points += bezier((x, base + 120), (x + width * 0.1, base - 40),
                             (x + width * 0.75, base - 60), (x + width * 0.45, peak),
                             10)  # fmt: skip
            points += bezier((x + width * 0.45, peak), (x + width, base - 90),
                             (x + width * 0.9, base), (x + width, base + 120), 10)  # fmt: skip
            x += width
        sheet.polygon([*points, (WIDTH + 80, HEIGHT)], tone)


def hills(sheet: Sheet, ink: Palette, rng: random.Random) -> None:
    sheet.circle((600, 330), 190, ink.accent)
    sheet.circle((600, 330), 150, mix(ink.accent, ink.light, 0.5))
    for layer in range(4):
        y = 470 + layer * 170
        tone = mix(ink.first, ink.ink, layer * 0.16) if layer % 2 else mix(ink.second, ink.ink, 0.1)
        points: list[Point] = [(0, HEIGHT), (0, y)]
        x = 0.0
        while x < WIDTH:
            x += rng.uniform(70, 160)
            points.append((x, y - rng.uniform(20, 190) * (1 if len(points) % 2 else 0.2)))
        sheet.polygon([*points, (WIDTH + 160, HEIGHT)], tone)


def bricks(sheet: Sheet, ink: Palette, rng: random.Random) -> None:
    for row in range(HEIGHT // 75 + 1):
        for column in range(-1, WIDTH // 180 + 2):
            left = column * 180 + (row % 2) * 90
            tone = mix(ink.ground, rng.choice((ink.first, ink.second)), rng.choice((0.2, 0.5)))
            sheet.box(left + 4, row * 75 + 4, left + 176, row * 75 + 71, tone, 6)
    for number in range(4, 0, -1):
        sheet.circle(HEART, number * 95, mix(ink.ground, ink.accent, 0.16 * (5 - number)))


def horizon(sheet: Sheet, ink: Palette, rng: random.Random) -> None:
    """A grid that runs to the horizon under a striped sun."""
    sheet.circle((425, 420), 250, ink.second)
    for stripe in range(6):
        top = 430 + stripe * 36
        sheet.box(170, top, 680, top + 7 + stripe * 3, ink.ground)
    sheet.box(0, 640, WIDTH, HEIGHT, mix(ink.ground, ink.first, 0.45))
    for line in range(-9, 10):
        sheet.line([(425 + line * 40, 640), (425 + line * 190, HEIGHT)], ink.first, 4)
    y, gap = 640.0, 16.0
    while y < HEIGHT:
        sheet.line([(0, y), (WIDTH, y)], ink.first, 4)
        y, gap = y + gap, gap * 1.35


def spiral(sheet: Sheet, ink: Palette, rng: random.Random) -> None:
    arms = rng.choice((4, 5, 6))
    for arm in range(arms * 2):
        tone = ink.first if arm % 2 else ink.second
        edge = [polar(HEART, 12 + 25 * s, arm * 180 / arms + s * 7) for s in range(42)]
        back = [polar(HEART, 12 + 25 * s, (arm + 0.62) * 180 / arms + s * 7) for s in range(42)]
        sheet.polygon([*edge, *reversed(back)], tone)


def diamonds(sheet: Sheet, ink: Palette, rng: random.Random) -> None:
    wide, high = 150, 218
    for row in range(-1, HEIGHT // high + 2):
        for column in range(-1, WIDTH // wide + 2):
            x, y = column * wide, row * high + (column % 2) * high / 2
            tone = (ink.first, mix(ink.ground, ink.first, 0.4), ink.second)[(row + column) % 3]
            sheet.polygon([(x, y - 109), (x + 150, y), (x, y + 109), (x - 150, y)], tone)
    sheet.circle(HEART, 285, ink.ground)
    sheet.ring(HEART, 285, 8, ink.accent)


MOTIFS: dict[str, Motif] = {
    motif.__name__: motif
    for motif in (
        rays, rings, chevrons, waves, checker, stars, halftone, stripes, scallops, flames, hills,
        bricks, horizon, spiral, diamonds,
    )
}  # fmt: skip
