"""Centerpieces that are creatures and machines. Each fits a circle of about 160 around `c`."""

from apps.museum.demo.art.canvas import Point, Sheet, bezier, mix, polar
from apps.museum.demo.art.palettes import Palette
from apps.museum.demo.art.shapes import shape


def egg(sheet: Sheet, ink: Palette, c: Point) -> None:
    sheet.ellipse((c[0] + 10, c[1] + 13), 112, 150, ink.ink)
    sheet.ellipse(c, 112, 150, ink.light)
    for side in (-1, 1):
        sheet.circle((c[0] + side * 40, c[1] - 34), 13, ink.ink)
        sheet.circle((c[0] + side * 66, c[1] + 8), 17, mix(ink.light, ink.first, 0.5))
    sheet.arc((c[0], c[1] + 2), 50, 25, 155, ink.ink, 9)
    sheet.box(c[0] - 112, c[1] + 66, c[0] + 112, c[1] + 92, ink.first)
    sheet.star((c[0], c[1] + 79), 34, 15, 4, ink.accent)


def claw(sheet: Sheet, ink: Palette, c: Point) -> None:
    for number, dx in enumerate((-105, -36, 36, 105)):
        top, lean = -150 + abs(dx) * 0.35, (number - 1.5) * 14
        left = bezier((dx - 26, top), (dx - 34, -20), (dx - 20 + lean, 70), (dx + lean, 168), 14)
        right = bezier((dx + lean, 168), (dx + 30 + lean, 60), (dx + 36, -30), (dx + 26, top), 14)
        shape(sheet, ink, c, left + right, ink.light)
        shape(sheet, ink, (c[0] - 10, c[1] - 13), [(dx + 8, top + 12), (dx + 26, top + 10),
                           (dx + 16 + lean, 60)], mix(ink.light, ink.accent, 0.8))  # fmt: skip


def eye(sheet: Sheet, ink: Palette, c: Point) -> None:
    upper = bezier((-185, 0), (-90, -130), (90, -130), (185, 0), 20)
    outline = upper + [(x, -y) for x, y in reversed(upper)]
    for lash in range(-60, 61, 20):
        foot = polar(c, 112, lash - 90)
        sheet.line([foot, polar(c, 168, lash - 90)], ink.ink, 11)
    shape(sheet, ink, c, outline, ink.light)
    sheet.circle(c, 86, ink.ink)
    sheet.circle(c, 77, ink.accent)
    for ray in range(0, 360, 24):
        sheet.line([polar(c, 46, ray), polar(c, 70, ray)], mix(ink.accent, ink.ink, 0.4), 5)
    sheet.circle(c, 40, ink.ink)
    sheet.circle((c[0] - 24, c[1] - 26), 15, ink.light)


def rocket(sheet: Sheet, ink: Palette, c: Point) -> None:
    sheet.polygon(
        [(c[0] - 40, c[1] + 120), (c[0], c[1] + 215), (c[0] + 40, c[1] + 120)], ink.accent
    )
    for side in (-1, 1):
        shape(sheet, ink, c, [(side * 40, 10), (side * 135, 130), (side * 40, 112)], ink.first)
    half = bezier((0, -190), (40, -150), (72, -60), (56, 128), 18)
    shape(sheet, ink, c, half + [(-x, y) for x, y in reversed(half)], ink.light)
    sheet.circle((c[0], c[1] - 62), 31, ink.ink)
    sheet.circle((c[0], c[1] - 62), 22, ink.second)
    sheet.box(c[0] - 61, c[1] + 42, c[0] + 61, c[1] + 62, ink.first)


def skull(sheet: Sheet, ink: Palette, c: Point) -> None:
    sheet.circle((c[0] + 10, c[1] - 20), 142, ink.ink)
    sheet.box(c[0] - 70, c[1] + 40, c[0] + 92, c[1] + 172, ink.ink, 20)
    sheet.circle((c[0], c[1] - 33), 142, ink.light)
    sheet.box(c[0] - 82, c[1] + 30, c[0] + 82, c[1] + 160, ink.light, 20)
    for side in (-1, 1):
        at = (c[0] + side * 58, c[1] - 18)
        sheet.circle(at, 43, ink.ink)
        sheet.circle((at[0] + side * 4, at[1] + 4), 21, ink.second)
        sheet.circle((at[0] + side * 4, at[1] + 4), 9, ink.accent)
    sheet.polygon([(c[0], c[1] + 24), (c[0] - 21, c[1] + 68), (c[0] + 21, c[1] + 68)], ink.ink)
    for tooth in range(-2, 3):
        sheet.line([(c[0] + tooth * 31, c[1] + 96), (c[0] + tooth * 31, c[1] + 150)], ink.ink, 6)


def fish(sheet: Sheet, ink: Palette, c: Point) -> None:
    upper = bezier((-190, 6), (-110, -128), (60, -104), (112, -4), 20)
    lower = bezier((112, -4), (50, 110), (-110, 120), (-190, 6), 20)
    shape(sheet, ink, c, [(92, 0), (196, -86), (170, 0), (196, 90)], ink.accent)
    shape(sheet, ink, c, [(-50, -82), (20, -150), (60, -66)], ink.accent)
    shape(sheet, ink, c, upper + lower, ink.second)
    for column in range(4):
        for row in range(-1, 2):
            at = (c[0] - 40 + column * 38, c[1] + row * 40 + (column % 2) * 18 - 8)
            sheet.arc(at, 19, -80, 80, mix(ink.second, ink.ink, 0.5), 6)
    sheet.arc((c[0] - 128, c[1]), 64, -52, 52, ink.ink, 6)
    sheet.circle((c[0] - 124, c[1] - 22), 21, ink.light)
    sheet.circle((c[0] - 128, c[1] - 22), 11, ink.ink)


def fin(sheet: Sheet, ink: Palette, c: Point) -> None:
    front = bezier((-130, 130), (-90, -30), (-20, -140), (96, -182), 18)
    back = bezier((96, -182), (40, -80), (70, 60), (118, 130), 18)
    shape(sheet, ink, c, front + back, mix(ink.ink, ink.second, 0.12))
    gleam = [(54, -116), (20, -40), (40, 60), (84, 128), (10, 128), (-10, -10)]
    sheet.polygon([(c[0] + x, c[1] + y) for x, y in gleam], mix(ink.first, ink.ink, 0.45))
    for row, reach in enumerate((205, 160, 110)):
        y = c[1] + 136 + row * 30
        points = [(c[0] - reach + x, y + (12 if x // 34 % 2 else -8))
                  for x in range(0, reach * 2 + 1, 34)]  # fmt: skip
        sheet.line(points, ink.light, 10)


def robot(sheet: Sheet, ink: Palette, c: Point) -> None:
    sheet.box(c[0] - 130, c[1] - 160, c[0] + 150, c[1] + 175, ink.ink, 60)
    sheet.box(c[0] - 140, c[1] - 172, c[0] + 140, c[1] + 162, ink.light, 60)
    sheet.box(c[0] - 124, c[1] - 156, c[0] + 124, c[1] + 146, mix(ink.first, ink.light, 0.3), 48)
    sheet.box(c[0] - 108, c[1] - 92, c[0] + 108, c[1] + 52, ink.ink, 16)
    tones = (ink.accent, ink.second, (244, 196, 70), (90, 200, 130), (240, 96, 72))
    for column in range(5):
        for row in range(4):
            at = (c[0] - 84 + column * 42, c[1] - 72 + row * 35)
            sheet.box(at[0] - 15, at[1] - 11, at[0] + 15, at[1] + 11, tones[column], 5)
    for slot in range(-2, 3):
        sheet.box(c[0] + slot * 34 - 9, c[1] + 78, c[0] + slot * 34 + 9, c[1] + 126, ink.ink, 6)


def face(sheet: Sheet, ink: Palette, c: Point) -> None:
    for side in (-1, 1):
        for dy in (-70, -10, 50):
            sheet.circle((c[0] + side * 128, c[1] + dy), 44, ink.second)
    sheet.ellipse((c[0] + 9, c[1] + 12), 126, 152, ink.ink)
    sheet.ellipse(c, 126, 152, mix(ink.light, ink.accent, 0.12))
    for side in (-1, 1):
        at = (c[0] + side * 50, c[1] - 44)
        sheet.ellipse(at, 34, 42, ink.ink)
        sheet.ellipse(at, 27, 35, ink.light)
        sheet.circle((at[0] + 9, at[1] + 6), 14, ink.ink)
        sheet.circle((c[0] + side * 74, c[1] + 40), 22, mix(ink.light, ink.first, 0.6))
    sheet.circle((c[0], c[1] + 14), 28, ink.first)
    sheet.circle((c[0] - 8, c[1] + 6), 8, ink.light)
    sheet.wedge((c[0], c[1] + 52), 72, 8, 172, ink.ink)
    sheet.box(c[0] - 50, c[1] + 62, c[0] + 50, c[1] + 82, ink.light, 5)


def hand(sheet: Sheet, ink: Palette, c: Point) -> None:
    fingers = ((-82, -108, 23), (-30, -160, 25), (28, -158, 25), (80, -112, 22))
    for dx, dy, tone in ((10, 13, ink.ink), (0, 0, ink.light)):
        at = (c[0] + dx, c[1] + dy)
        sheet.box(
            at[0] - 74, at[1] + 90, at[0] + 74, at[1] + 190, ink.first if not dx else tone, 14
        )
        sheet.box(at[0] - 98, at[1] - 40, at[0] + 98, at[1] + 104, tone, 52)
        for x, y, r in fingers:
            sheet.capsule((at[0] + x * 0.84, at[1]), (at[0] + x, at[1] + y), 27, r, tone)
        sheet.capsule((at[0] + 70, at[1] + 60), (at[0] + 158, at[1] - 20), 30, 22, tone)
    for x, y, _ in fingers:
        sheet.circle((c[0] + x, c[1] + y - 4), 11, mix(ink.light, ink.second, 0.6))
    sheet.box(c[0] - 82, c[1] + 104, c[0] + 82, c[1] + 124, ink.accent, 8)


def saucer(sheet: Sheet, ink: Palette, c: Point) -> None:
    sheet.polygon([(c[0] - 60, c[1] + 40), (c[0] + 60, c[1] + 40), (c[0] + 150, c[1] + 260),
                   (c[0] - 150, c[1] + 260)], mix(ink.ground, ink.accent, 0.5))  # fmt: skip
    sheet.ellipse((c[0], c[1] - 48), 88, 84, ink.ink)
    sheet.ellipse((c[0], c[1] - 48), 79, 75, mix(ink.accent, ink.light, 0.3))
    sheet.ellipse((c[0] - 26, c[1] - 76), 22, 16, ink.light)
    sheet.ellipse((c[0] + 8, c[1] + 30), 196, 66, ink.ink)
    sheet.ellipse((c[0], c[1] + 18), 196, 66, ink.second)
    sheet.ellipse((c[0], c[1] + 4), 172, 46, mix(ink.second, ink.light, 0.55))
    for lamp in range(-3, 4):
        at = (c[0] + lamp * 50, c[1] + 50 - abs(lamp) * 8)
        sheet.circle(at, 14, ink.ink)
        sheet.circle(at, 9, ink.accent)


def trunk(sheet: Sheet, ink: Palette, c: Point) -> None:
    sheet.box(c[0] - 140, c[1] - 108, c[0] + 164, c[1] + 152, ink.ink, 16)
    sheet.box(c[0] - 152, c[1] - 122, c[0] + 152, c[1] + 138, ink.first, 16)
    sheet.box(c[0] - 152, c[1] - 30, c[0] + 152, c[1] - 12, ink.ink)
    for x in (-104, 104):
        sheet.box(c[0] + x - 19, c[1] - 122, c[0] + x + 19, c[1] + 138, ink.second)
    for x in (-152, 152):
        for y in (-122, 138):
            sheet.circle((c[0] + x * 0.93, c[1] + y * 0.92), 19, ink.second)
    sheet.star((c[0], c[1] + 52), 56, 24, 5, ink.accent)
    sheet.box(c[0] - 26, c[1] - 48, c[0] + 26, c[1] + 8, ink.accent, 8)
    sheet.circle((c[0], c[1] - 22), 9, ink.ink)


def lamp(sheet: Sheet, ink: Palette, c: Point) -> None:
    spout = bezier((90, 20), (170, 10), (150, -70), (206, -86), 14)
    back = bezier((206, -86), (200, -30), (190, 70), (70, 84), 14)
    shape(sheet, ink, c, spout + back, ink.accent)
    sheet.ring((c[0] - 130, c[1] + 22), 62, 20, ink.ink)
    sheet.ring((c[0] - 134, c[1] + 16), 60, 15, ink.accent)
    sheet.ellipse((c[0] + 8, c[1] + 50), 136, 68, ink.ink)
    sheet.ellipse((c[0], c[1] + 38), 136, 68, ink.accent)
    shape(sheet, ink, c, [(-62, 96), (62, 96), (92, 138), (-92, 138)], ink.accent)
    shape(sheet, ink, c, [(-60, -16), (60, -16), (22, -62), (-22, -62)], ink.first)
    sheet.circle((c[0], c[1] - 72), 16, ink.first)
    for puff, (dx, dy) in enumerate(((212, -120), (178, -158), (206, -200), (160, -226))):
        sheet.circle((c[0] + dx, c[1] + dy), 30 - puff * 3, mix(ink.second, ink.light, 0.3))


def spider(sheet: Sheet, ink: Palette, c: Point) -> None:
    for ring in (160, 118, 76):
        points = [polar(c, ring, arm * 45 + 22) for arm in range(9)]
        sheet.line(points, mix(ink.ground, ink.light, 0.6), 4)
    for arm in range(8):
        sheet.line([c, polar(c, 185, arm * 45 + 22)], mix(ink.ground, ink.light, 0.6), 4)
    for side in (-1, 1):
        for dy, reach in ((-60, -120), (-20, -46), (20, 46), (56, 124)):
            knee = (c[0] + side * 108, c[1] + dy + reach * 0.2 - 30)
            foot = (c[0] + side * 164, c[1] + dy + reach * 0.6)
            sheet.line([(c[0], c[1] + dy * 0.3), knee, foot], ink.ink, 24)
            sheet.line([(c[0], c[1] + dy * 0.3), knee, foot], ink.second, 13)
    for grow, tone in ((7, ink.ink), (0, ink.second)):
        sheet.ellipse((c[0], c[1] + 50), 68 + grow, 82 + grow, tone)
        sheet.circle((c[0], c[1] - 48), 46 + grow, tone)
    sheet.polygon([(c[0] - 28, c[1] + 10), (c[0] + 28, c[1] + 10), (c[0] - 28, c[1] + 84),
                   (c[0] + 28, c[1] + 84)], ink.accent)  # fmt: skip
    for side in (-1, 1):
        sheet.circle((c[0] + side * 18, c[1] - 62), 13, ink.ink)
        sheet.circle((c[0] + side * 18, c[1] - 62), 7, ink.light)


def jet(sheet: Sheet, ink: Palette, c: Point) -> None:
    for side in (-1, 1):
        shape(sheet, ink, c, [(side * 28, -40), (side * 190, 84), (side * 190, 112),
                               (side * 30, 84)], ink.first)  # fmt: skip
        shape(sheet, ink, c, [(side * 24, 100), (side * 96, 168), (side * 92, 186),
                               (side * 20, 160)], ink.first)  # fmt: skip
        sheet.polygon([(c[0] + side * 36 - 20, c[1] + 172), (c[0] + side * 36 + 20, c[1] + 172),
                       (c[0] + side * 36, c[1] + 250)], ink.accent)  # fmt: skip
    half = bezier((0, -205), (26, -140), (44, -40), (56, 172), 16)
    shape(sheet, ink, c, half + [(-x, y) for x, y in reversed(half)], ink.light)
    sheet.ellipse((c[0], c[1] - 72), 16, 50, ink.ink)
    sheet.ellipse((c[0], c[1] - 78), 9, 36, ink.second)


def cab(sheet: Sheet, ink: Palette, c: Point) -> None:
    shape(sheet, ink, c, [(-110, -20), (-72, -108), (72, -108), (110, -20)], ink.accent)
    sheet.polygon([(c[0] - 84, c[1] - 26), (c[0] - 58, c[1] - 88), (c[0] + 58, c[1] - 88),
                   (c[0] + 84, c[1] - 26)], ink.ink)  # fmt: skip
    sheet.box(c[0] - 156, c[1] - 14, c[0] + 176, c[1] + 132, ink.ink, 30)
    sheet.box(c[0] - 168, c[1] - 28, c[0] + 168, c[1] + 118, ink.accent, 30)
    for square in range(10):
        top = c[1] + 38 + (square % 2) * 16
        sheet.box(c[0] - 160 + square * 32, top, c[0] - 128 + square * 32, top + 16, ink.ink)
    for side in (-1, 1):
        sheet.circle((c[0] + side * 124, c[1] + 2), 24, ink.light)
        sheet.circle((c[0] + side * 104, c[1] + 124), 36, ink.ink)
    sheet.box(c[0] - 46, c[1] - 150, c[0] + 46, c[1] - 108, ink.light, 8)
    sheet.star((c[0], c[1] - 129), 16, 7, 5, ink.first)


FIGURES = {
    drawing.__name__: drawing
    for drawing in (
        egg,
        claw,
        eye,
        rocket,
        skull,
        fish,
        fin,
        robot,
        face,
        hand,
        saucer,
        trunk,
        lamp,
        spider,
        jet,
        cab,
    )
}
