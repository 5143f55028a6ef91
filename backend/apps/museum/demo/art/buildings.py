"""Centerpieces that are buildings and mountains. Each fits a circle of about 160 around `c`."""

from apps.museum.demo.art.canvas import Point, Sheet, bezier, mix
from apps.museum.demo.art.palettes import Palette
from apps.museum.demo.art.shapes import shape


def tent(sheet: Sheet, ink: Palette, c: Point) -> None:
    for strip in range(6):
        left, right = -160 + strip * 53.4, -160 + (strip + 1) * 53.4
        tone = ink.first if strip % 2 else ink.light
        shape(sheet, ink, c, [(0, -150), (left, -20), (right, -20)], tone)
        shape(sheet, ink, c, [(left * 0.9, -20), (right * 0.9, -20), (right * 0.9, 140),
                               (left * 0.9, 140)], tone)  # fmt: skip
        sheet.wedge((c[0] + (left + right) / 2, c[1] - 20), 27, 0, 180, tone)
    sheet.polygon([(c[0], c[1] - 195), (c[0] + 60, c[1] - 172), (c[0], c[1] - 150)], ink.accent)
    sheet.polygon([(c[0] - 34, c[1] + 140), (c[0], c[1] + 30), (c[0] + 34, c[1] + 140)], ink.ink)


def dome(sheet: Sheet, ink: Palette, c: Point) -> None:
    for dx, size in ((-110, 0.6), (110, 0.6), (0, 1.0)):
        at = (c[0] + dx, c[1] + 30 * (1.6 - size))
        half = bezier((0, -170 * size), (20 * size, -120 * size), (110 * size, -70 * size),
                      (70 * size, 20 * size), 14)  # fmt: skip
        outline = half + [(-x, y) for x, y in reversed(half)]
        shape(sheet, ink, at, outline, ink.accent if size == 1 else ink.second)
        shape(sheet, ink, at, [(-72 * size, 18 * size), (72 * size, 18 * size), (72 * size, 130),
                                (-72 * size, 130)], ink.light)  # fmt: skip
        sheet.capsule((at[0], at[1] + 80), (at[0], at[1] + 129), 26 * size, 26 * size, ink.ink)


def house(sheet: Sheet, ink: Palette, c: Point) -> None:
    shape(sheet, ink, c, [(-130, 150), (-130, -30), (130, -30), (130, 150)], ink.first)
    shape(sheet, ink, c, [(-160, -20), (-80, -120), (80, -120), (160, -20)], ink.ink)
    shape(sheet, ink, c, [(-36, -60), (-36, -150), (0, -205), (36, -150), (36, -60)], ink.first)
    shape(sheet, ink, c, [(-50, -142), (0, -228), (50, -142)], ink.ink)
    for x, y in ((-84, 10), (84, 10), (-84, 88), (84, 88), (0, -102), (0, 10)):
        sheet.box(c[0] + x - 21, c[1] + y - 26, c[0] + x + 21, c[1] + y + 26, ink.accent, 8)
        sheet.line([(c[0] + x, c[1] + y - 26), (c[0] + x, c[1] + y + 26)], ink.ink, 5)
    sheet.box(c[0] - 29, c[1] + 72, c[0] + 29, c[1] + 150, ink.ink, 16)


def castle(sheet: Sheet, ink: Palette, c: Point) -> None:
    for x, wide, top in (
        (-128, 44, -92),
        (128, 44, -92),
        (0, 96, -40),
        (-52, 32, -150),
        (52, 32, -150),
    ):
        shape(sheet, ink, c, [(x - wide, 150), (x - wide, top), (x + wide, top), (x + wide, 150)],
               ink.second if wide == 44 else mix(ink.second, ink.light, 0.5))  # fmt: skip
        for tooth in range(3):
            left = c[0] + x - wide + tooth * wide * 0.75
            sheet.box(left, c[1] + top - 20, left + wide / 2, c[1] + top + 2, ink.light)
        sheet.capsule((c[0] + x, c[1] + top + 40), (c[0] + x, c[1] + top + 62), 8, 8, ink.ink)
    sheet.capsule((c[0], c[1] + 62), (c[0], c[1] + 150), 46, 46, ink.ink)
    for bar in (-26, 0, 26):
        sheet.line([(c[0] + bar, c[1] + 30), (c[0] + bar, c[1] + 150)], ink.accent, 6)
    sheet.polygon(
        [(c[0] - 52, c[1] - 232), (c[0] + 8, c[1] - 210), (c[0] - 52, c[1] - 190)], ink.first
    )
    sheet.line([(c[0] - 52, c[1] - 232), (c[0] - 52, c[1] - 160)], ink.ink, 6)


def tower(sheet: Sheet, ink: Palette, c: Point) -> None:
    for x, wide, top in ((-110, 48, -40), (108, 52, -86), (0, 74, -185)):
        shape(sheet, ink, c, [(x - wide, 165), (x - wide, top), (x + wide, top), (x + wide, 165)],
               ink.first if x else ink.light)  # fmt: skip
        for row in range(int((150 - top) // 36)):
            for column in range(3):
                lit = (row * 7 + column * 5 + x) % 4
                left = c[0] + x - wide + 10 + column * (wide * 2 - 14) / 3
                y = c[1] + top + 18 + row * 36
                tone = ink.accent if lit else ink.ink
                sheet.box(left, y, left + wide * 0.45, y + 20, tone, 3)
    sheet.polygon([(c[0] + 74, c[1] - 185), (c[0] + 20, c[1] - 185), (c[0] + 48, c[1] - 140),
                   (c[0] + 74, c[1] - 120)], ink.second)  # fmt: skip


def peaks(sheet: Sheet, ink: Palette, c: Point) -> None:
    for x, y, wide in ((-88, -60, 120), (96, -80, 120), (0, -190, 168)):
        shape(
            sheet, ink, c, [(x - wide, 165), (x, y), (x + wide, 165)], mix(ink.first, ink.ink, 0.45)
        )
        tip = [(x - 34, y + 72), (x, y), (x + 34, y + 72), (x + 12, y + 56), (x - 6, y + 84)]
        sheet.polygon([(c[0] + px, c[1] + py) for px, py in tip], ink.light)
    fall = bezier((-12, -40), (-60, 20), (30, 70), (-56, 168), 16)
    edge = bezier((64, 168), (90, 80), (0, 20), (26, -40), 16)
    sheet.polygon([(c[0] + x, c[1] + y) for x, y in fall + edge], ink.second)
    sheet.line([(c[0] + x + 22, c[1] + y) for x, y in fall], ink.light, 7)


def pyramid(sheet: Sheet, ink: Palette, c: Point) -> None:
    shape(sheet, ink, c, [(-185, 150), (0, -175), (185, 150)], ink.second)
    sheet.polygon([(c[0] + 20, c[1] + 150), (c[0], c[1] - 175), (c[0] + 185, c[1] + 150)],
                  mix(ink.second, ink.ink, 0.5))  # fmt: skip
    for row in range(1, 6):
        y = c[1] - 175 + row * 55
        sheet.line([(c[0] - row * 31, y), (c[0] + row * 31, y)], mix(ink.second, ink.ink, 0.65), 5)
    sheet.circle((c[0], c[1] + 40), 46, ink.ink)
    sheet.circle((c[0], c[1] + 40), 34, ink.accent)
    sheet.circle((c[0], c[1] + 40), 14, ink.ink)


BUILDINGS = {
    drawing.__name__: drawing for drawing in (tent, dome, house, castle, tower, peaks, pyramid)
}
