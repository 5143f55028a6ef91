"""Centerpieces that are signs: round things, cards, lights. Each fits 150 around `c`."""

import math

from apps.museum.demo.art.canvas import Point, Sheet, mix, polar
from apps.museum.demo.art.palettes import Palette


def _plate(sheet: Sheet, ink: Palette, c: Point, radius: float) -> None:
    sheet.circle((c[0] + 9, c[1] + 13), radius, ink.ink)
    sheet.circle(c, radius, ink.light)
    sheet.ring(c, radius, 6, ink.ink)


def star(sheet: Sheet, ink: Palette, c: Point) -> None:
    _plate(sheet, ink, c, 150)
    sheet.star(c, 138, 60, 5, ink.first)
    sheet.star(c, 100, 42, 5, ink.accent)


def target(sheet: Sheet, ink: Palette, c: Point) -> None:
    _plate(sheet, ink, c, 150)
    for radius, tone in ((132, ink.first), (100, ink.light), (68, ink.first), (34, ink.accent)):
        sheet.circle(c, radius, tone)


def compass(sheet: Sheet, ink: Palette, c: Point) -> None:
    _plate(sheet, ink, c, 150)
    sheet.ring(c, 128, 5, ink.first)
    sheet.star(c, 95, 22, 4, mix(ink.first, ink.light, 0.35), -45)
    sheet.star(c, 142, 26, 4, ink.first)
    sheet.circle(c, 18, ink.accent)


def record(sheet: Sheet, ink: Palette, c: Point) -> None:
    _plate(sheet, ink, c, 154)
    sheet.circle(c, 146, ink.ink)
    for radius in range(136, 62, -11):
        sheet.ring(c, radius, 2, mix(ink.ink, ink.light, 0.3))
    sheet.circle(c, 58, ink.accent)
    sheet.circle(c, 9, ink.ink)


def disc(sheet: Sheet, ink: Palette, c: Point) -> None:
    _plate(sheet, ink, c, 156)
    for arm in range(10):
        tone = ink.accent if arm % 2 else ink.first
        sheet.wedge(c, 144, arm * 36, arm * 36 + 36.4, tone)
    for radius in (110, 74, 38):
        sheet.ring(c, radius, 5, ink.ink)
    sheet.circle(c, 22, ink.light)


def fans(sheet: Sheet, ink: Palette, c: Point) -> None:
    for dx, dy, radius in ((0, -62, 92), (-94, 84, 72), (94, 84, 72)):
        at = (c[0] + dx, c[1] + dy)
        _plate(sheet, ink, at, radius)
        for arm in range(6):
            sheet.wedge(at, radius - 9, arm * 60 + dx, arm * 60 + dx + 34, ink.first)
        sheet.circle(at, radius * 0.25, ink.accent)


def popcorn(sheet: Sheet, ink: Palette, c: Point) -> None:
    spots = ((0, 0, 74), (-92, -54, 54), (90, -66, 58), (-62, 92, 60), (84, 78, 50), (4, -118, 40))
    for number, (dx, dy, radius) in enumerate(spots):
        at = (c[0] + dx, c[1] + dy)
        _plate(sheet, ink, at, radius)
        sheet.circle(at, radius - 12, (ink.first, ink.accent, ink.second)[number % 3])
        sheet.circle((at[0] - radius * 0.3, at[1] - radius * 0.3), radius * 0.2, ink.light)


def planet(sheet: Sheet, ink: Palette, c: Point) -> None:
    sheet.circle((c[0] + 9, c[1] + 13), 112, ink.ink)
    sheet.circle(c, 112, ink.second)
    for dy, reach in ((-50, 96), (-8, 110), (40, 102)):
        sheet.tilted((c[0], c[1] + dy), reach * 2, 17, 0, mix(ink.second, ink.light, 0.45))
    ellipse = [(c[0] + 190 * math.cos(a / 20), c[1] + 10 + 46 * math.sin(a / 20) -
                34 * math.cos(a / 20)) for a in range(-14, 78)]  # fmt: skip
    sheet.line(ellipse, ink.ink, 24)
    sheet.line(ellipse, ink.accent, 14)


def eightball(sheet: Sheet, ink: Palette, c: Point) -> None:
    sheet.circle((c[0] + 9, c[1] + 13), 150, ink.ink)
    sheet.circle(c, 150, ink.light)
    sheet.circle(c, 143, ink.ink)
    sheet.circle((c[0] - 52, c[1] - 62), 26, mix(ink.ink, ink.light, 0.5))
    sheet.circle(c, 76, ink.light)
    sheet.ring((c[0], c[1] - 25), 30, 14, ink.ink)
    sheet.ring((c[0], c[1] + 27), 36, 15, ink.ink)


def wheel(sheet: Sheet, ink: Palette, c: Point) -> None:
    sheet.ring((c[0] + 9, c[1] + 13), 156, 26, ink.ink)
    sheet.ring(c, 156, 26, ink.light)
    for arm in range(8):
        sheet.line([c, polar(c, 136, arm * 45 + 12)], ink.light, 9)
    for arm in range(8):
        at = polar(c, 142, arm * 45 + 12)
        sheet.circle(at, 24, ink.ink)
        sheet.circle(at, 18, ink.accent if arm % 2 else ink.first)
    sheet.circle(c, 34, ink.ink)
    sheet.circle(c, 24, ink.accent)


def lights(sheet: Sheet, ink: Palette, c: Point) -> None:
    sheet.box(c[0] - 56, c[1] - 152, c[0] + 78, c[1] + 166, ink.ink, 34)
    sheet.box(c[0] - 68, c[1] - 165, c[0] + 66, c[1] + 152, ink.light, 34)
    sheet.box(c[0] - 58, c[1] - 155, c[0] + 56, c[1] + 142, mix(ink.ink, ink.first, 0.3), 28)
    for dy, tone in ((-98, (228, 52, 44)), (-6, (250, 190, 40)), (86, (60, 190, 100))):
        sheet.circle((c[0], c[1] + dy), 42, mix(tone, ink.ink, 0.45))
        sheet.circle((c[0], c[1] + dy), 34, tone)
        sheet.circle((c[0] - 11, c[1] + dy - 12), 9, mix(tone, (255, 255, 255), 0.7))


def dial(sheet: Sheet, ink: Palette, c: Point) -> None:
    _plate(sheet, ink, c, 156)
    for tick in range(48):
        inner = 118 if tick % 4 == 0 else 130
        sheet.line([polar(c, inner, tick * 7.5), polar(c, 142, tick * 7.5)], ink.ink, 4)
    sheet.circle(c, 108, ink.first)
    sheet.circle(c, 92, mix(ink.first, ink.ink, 0.35))
    for arm in (0, 120, 240):
        sheet.capsule(c, polar(c, 70, arm - 30), 20, 15, ink.accent)
    sheet.circle(c, 30, ink.light)


def gauge(sheet: Sheet, ink: Palette, c: Point) -> None:
    _plate(sheet, ink, c, 156)
    sheet.circle(c, 142, ink.ink)
    sheet.arc(c, 116, 140, 320, ink.light, 16)
    sheet.arc(c, 116, 320, 400, ink.second, 16)
    for tick in range(140, 401, 26):
        sheet.line([polar(c, 92, tick), polar(c, 78, tick)], ink.light, 5)
    sheet.capsule(c, polar(c, 104, 338), 13, 4, ink.accent)
    sheet.circle(c, 21, ink.light)


def clock(sheet: Sheet, ink: Palette, c: Point) -> None:
    _plate(sheet, ink, c, 156)
    sheet.circle(c, 138, mix(ink.light, ink.accent, 0.25))
    for hour in range(12):
        sheet.line([polar(c, 108, hour * 30), polar(c, 126, hour * 30)], ink.ink, 9)
    sheet.capsule(c, polar(c, 76, -152), 10, 6, ink.first)
    sheet.capsule(c, polar(c, 108, -62), 9, 4, ink.first)
    sheet.circle(c, 15, ink.ink)


def football(sheet: Sheet, ink: Palette, c: Point) -> None:
    _plate(sheet, ink, c, 150)
    sheet.star(c, 54, 44, 5, ink.ink)
    for arm in range(5):
        angle = -90 + arm * 72
        sheet.line([polar(c, 50, angle), polar(c, 100, angle)], ink.ink, 6)
        points = [polar(polar(c, 136, angle), 46, angle + turn) for turn in (90, 140, 220, 270)]
        sheet.polygon(points, ink.ink)
    sheet.ring(c, 152, 18, ink.light)
    sheet.ring(c, 152, 6, ink.ink)


def ring(sheet: Sheet, ink: Palette, c: Point) -> None:
    for glow in range(5, 0, -1):
        sheet.ring(
            c, 140 + glow * 9, 46 + glow * 16, mix(ink.ground, ink.accent, 0.13 * (6 - glow))
        )
    sheet.ring(c, 142, 44, ink.ink)
    sheet.ring(c, 138, 36, ink.accent)
    sheet.arc(c, 126, 190, 280, ink.light, 8)
    sheet.arc(c, 112, 20, 110, mix(ink.accent, ink.ink, 0.4), 8)


def reactor(sheet: Sheet, ink: Palette, c: Point) -> None:
    for radius, tone in ((160, ink.ink), (148, ink.first), (122, ink.ink), (112, ink.accent)):
        sheet.star(c, radius, radius * math.cos(math.pi / 6), 6, tone)
    sheet.circle(c, 96, ink.ink)
    for arm in range(3):
        sheet.wedge(c, 86, arm * 120 - 120, arm * 120 - 60, ink.second)
    sheet.circle(c, 28, ink.ink)
    sheet.circle(c, 17, ink.light)


def rainbow(sheet: Sheet, ink: Palette, c: Point) -> None:
    base = (c[0], c[1] + 90)
    tones = ((222, 66, 60), (240, 146, 52), ink.accent, ink.second, (64, 128, 210), (126, 84, 190))
    sheet.wedge((base[0] + 8, base[1] + 8), 214, 180, 360, ink.ink)
    for band, tone in enumerate(tones):
        sheet.wedge(base, 208 - band * 25, 180, 360, tone)
    sheet.wedge(base, 58, 180, 360, ink.ground)
    for side in (-1, 1):
        for dx, dy, r in ((0, 0, 40), (-42, 12, 30), (42, 12, 30), (6, 22, 36)):
            sheet.circle((base[0] + side * 133 + dx, base[1] + dy), r, ink.light)


def cards(sheet: Sheet, ink: Palette, c: Point) -> None:
    for number in range(5):
        lean = (number - 2) * 17
        at = polar((c[0], c[1] + 190), 205, lean - 90)
        sheet.tilted((at[0] + 6, at[1] + 9), 112, 168, lean, ink.ink)
        sheet.tilted(at, 112, 168, lean, ink.light)
        tone = ink.first if number % 2 else ink.ink
        sheet.star(polar(at, 12, lean - 90), 38, 20, 4, tone, lean - 90)
        sheet.circle(polar(at, 74, lean - 118), 8, tone)


def thermometer(sheet: Sheet, ink: Palette, c: Point) -> None:
    top, bulb = (c[0], c[1] - 165), (c[0], c[1] + 120)
    for dx, dy, wide, low, tone in ((9, 12, 40, 74, ink.ink), (0, 0, 40, 74, ink.light)):
        sheet.capsule((top[0] + dx, top[1] + dy), (bulb[0] + dx, bulb[1] + dy), wide, wide, tone)
        sheet.circle((bulb[0] + dx, bulb[1] + dy), low, tone)
    sheet.circle(bulb, 56, ink.first)
    sheet.capsule((c[0], c[1] - 70), bulb, 17, 17, ink.first)
    for tick in range(8):
        y = c[1] - 160 + tick * 30
        sheet.line([(c[0] + 20, y), (c[0] + 36, y)], ink.ink, 5)


def glasses(sheet: Sheet, ink: Palette, c: Point) -> None:
    for side in (-1, 1):
        at = (c[0] + side * 98, c[1])
        sheet.star((at[0] + 8, at[1] + 12), 118, 78, 9, ink.ink)
        sheet.star(at, 118, 78, 9, ink.accent)
        sheet.circle(at, 66, ink.ink)
        sheet.circle(at, 56, ink.second)
        sheet.tilted((at[0] - 12, at[1] - 12), 78, 15, -45, mix(ink.second, ink.light, 0.6))
    sheet.line([(c[0] - 30, c[1] - 12), (c[0] + 30, c[1] - 12)], ink.ink, 16)


def bolt(sheet: Sheet, ink: Palette, c: Point) -> None:
    shape = ((30, -175), (-92, 22), (-12, 22), (-42, 178), (96, -38), (14, -38), (64, -175))
    for grow, tone, shift in ((1.0, ink.ink, 11), (1.0, ink.light, 0), (0.86, ink.accent, 0)):
        sheet.polygon([(c[0] + x * grow + shift, c[1] + y * grow + shift) for x, y in shape], tone)


def crown(sheet: Sheet, ink: Palette, c: Point) -> None:
    points = ((-150, 100), (-160, -70), (-80, 10), (0, -130), (80, 10), (160, -70), (150, 100))
    for shift, tone in ((11, ink.ink), (0, ink.accent)):
        sheet.polygon([(c[0] + x + shift, c[1] + y + shift) for x, y in points], tone)
    sheet.box(c[0] - 150, c[1] + 62, c[0] + 150, c[1] + 112, ink.first, 6)
    for x, y in points[1:6:2]:
        sheet.circle((c[0] + x, c[1] + y), 22, ink.light)
    for x in (-96, -32, 32, 96):
        sheet.circle((c[0] + x, c[1] + 87), 13, ink.light)


def shield(sheet: Sheet, ink: Palette, c: Point) -> None:
    half = [(0, -160), (125, -128), (120, 20), (70, 110), (0, 168)]
    for grow, shift, tone in ((1.08, 9, ink.ink), (1.08, 0, ink.light), (0.96, 0, ink.first)):
        outline = half + [(-x, y) for x, y in reversed(half)]
        sheet.polygon(
            [(c[0] + x * grow + shift, c[1] + y * grow + shift) for x, y in outline], tone
        )
    sheet.polygon([(c[0], c[1] - 150), (c[0] + 118, c[1] - 120), (c[0] + 112, c[1]), c], ink.ink)
    sheet.polygon([(c[0] - 112, c[1]), c, (c[0], c[1] + 158), (c[0] - 66, c[1] + 104)], ink.ink)
    sheet.tilted(c, 250, 26, 0, ink.accent)
    sheet.tilted(c, 310, 26, 90, ink.accent)


EMBLEMS = {
    emblem.__name__: emblem
    for emblem in (
        star, target, compass, record, disc, fans, popcorn, planet, eightball, wheel, lights, dial,
        gauge, clock, football, ring, reactor, rainbow, cards, thermometer, glasses, bolt, crown,
        shield,
    )
}  # fmt: skip
