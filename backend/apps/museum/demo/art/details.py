"""Close drawings for photos of work: what lies on the bench."""

from apps.museum.demo.art.canvas import Color, Point, Sheet, bezier, color, mix, polar

COPPER, STEEL, BRASS = color("B8692E"), color("9AA6B2"), color("C9A24B")
RUBBER, PAPER, INK = color("F4EFE2"), color("EFE6D2"), color("1E1B20")
MAT, GRID = color("2F6B5A"), color("3F7F6C")


def _bench(top: Color = MAT, lines: Color = GRID) -> Sheet:
    """A cutting mat with its grid."""
    sheet = Sheet(top)
    for x in range(60, 900, 60):
        sheet.line([(x, 0), (x, 1200)], lines, 2)
    for y in range(60, 1200, 60):
        sheet.line([(0, y), (900, y)], lines, 2)
    return sheet


def _shadow(sheet: Sheet, left: float, top: float, right: float, bottom: float, r: float) -> None:
    sheet.box(left + 14, top + 18, right + 14, bottom + 18, mix(MAT, INK, 0.65), r)


def coil() -> Sheet:
    """A flipper coil with its sleeve, plunger and spring beside it."""
    sheet = _bench()
    _shadow(sheet, 190, 240, 560, 760, 20)
    sheet.box(190, 240, 560, 300, RUBBER, 12)
    sheet.box(190, 700, 560, 760, RUBBER, 12)
    sheet.box(225, 300, 525, 700, COPPER)
    for turn in range(19):
        y = 310 + turn * 21
        sheet.line([(228, y), (522, y + 7)], mix(COPPER, INK, 0.35), 5)
        sheet.line([(228, y + 8), (522, y + 15)], mix(COPPER, PAPER, 0.35), 4)
    sheet.box(225, 420, 525, 590, PAPER)
    for row, reach in enumerate((220, 160, 190)):
        sheet.line([(265, 455 + row * 45), (265 + reach, 455 + row * 45)], INK, 9)
    for x in (240, 330, 500):
        sheet.box(x, 190, x + 22, 262, BRASS, 4)
        sheet.circle((x + 11, 206), 6, INK)
    for points, tone in (
        (bezier((251, 200), (180, 40), (420, 160), (330, -20)), color("2F5FB3")),
        (bezier((511, 200), (660, 60), (560, 60), (640, -20)), color("D0412F")),
    ):
        sheet.line(points, mix(MAT, INK, 0.6), 20)
        sheet.line(points, tone, 16)
    _shadow(sheet, 660, 330, 730, 800, 10)
    sheet.box(660, 330, 730, 800, STEEL, 10)
    sheet.box(672, 336, 688, 794, mix(STEEL, PAPER, 0.6), 6)
    sheet.box(650, 800, 740, 900, PAPER, 16)
    sheet.circle((695, 852), 15, INK)
    spring: list[Point] = []
    for turn in range(13):
        spring += [(300 + turn * 26, 900), (313 + turn * 26, 990)]
    sheet.line([(x + 10, y + 14) for x, y in spring], mix(MAT, INK, 0.65), 12)
    sheet.line(spring, STEEL, 12)
    return sheet


def fuse() -> Sheet:
    """A blown glass fuse before its clips."""
    sheet = _bench(color("3A3440"), color("4A4352"))
    sheet.box(120, 180, 780, 560, color("B99458"), 18)
    for x in (170, 730):
        for y in (228, 512):
            sheet.circle((x, y), 18, STEEL)
            sheet.tilted((x, y), 28, 6, 35, INK)
    for x in (260, 560):
        sheet.box(x, 300, x + 90, 440, STEEL, 10)
        sheet.box(x + 18, 320, x + 72, 420, mix(STEEL, INK, 0.45), 8)
    for number, tone in enumerate((color("E4B52C"), color("D0412F"))):
        wire = bezier((305 + number * 300, 440), (300 + number * 300, 640),
                      (60 + number * 760, 560), (30 + number * 840, 760))  # fmt: skip
        sheet.line(wire, INK, 24)
        sheet.line(wire, tone, 17)
    sheet.box(204, 838, 724, 968, color("211D26"), 40)
    sheet.box(190, 820, 710, 950, color("D9E4E4"), 30)
    sheet.box(290, 838, 610, 860, color("F8FCFC"), 10)
    for left in (190, 590):
        sheet.box(left, 814, left + 120, 956, BRASS, 14)
        sheet.box(left + 14, 828, left + 106, 850, mix(BRASS, PAPER, 0.6), 8)
    for x in (400, 500):
        for halo in range(4, 0, -1):
            sheet.circle((x, 892), halo * 13, mix(color("D9E4E4"), INK, 0.2 * (5 - halo)))
    sheet.line(bezier((310, 890), (340, 870), (360, 900), (392, 880)), INK, 7)
    sheet.line(bezier((508, 900), (540, 912), (560, 880), (590, 890)), INK, 7)
    return sheet


def rings() -> Sheet:
    """A set of rubber rings, sorted by size, the old ones grey."""
    sheet = _bench()
    for row, radius in enumerate((120, 92, 66, 44)):
        y = (190, 470, 720, 920)[row]
        count = (3, 3, 4, 5)[row]
        for number in range(count):
            center = (900 * (number + 0.5) / count, y + (number % 2) * 16)
            old = number == count - 1
            tone = color("6E6962") if old else RUBBER
            shadow = (center[0] + 9, center[1] + 13)
            sheet.ring(shadow, radius, radius * 0.26, mix(MAT, INK, 0.65))
            sheet.ring(center, radius, radius * 0.26, tone)
            sheet.arc(
                center, radius * 0.9, 190, 270, mix(tone, (255, 255, 255), 0.7), radius * 0.07
            )
            if old:
                for crack in range(0, 360, 45):
                    inner, outer = (
                        polar(center, radius * 0.76, crack),
                        polar(center, radius, crack + 5),
                    )
                    sheet.line([inner, outer], INK, 3)
    for number in range(6):
        x = 120 + number * 130
        sheet.circle((x + 6, 1094), 30, mix(MAT, INK, 0.65))
        sheet.circle((x, 1086), 30, color("D0412F"))
        sheet.circle((x, 1086), 12, INK)
    return sheet


def opto() -> Sheet:
    """An opto board: emitter and receiver facing each other across a gap."""
    sheet = _bench(color("2B3350"), color("37416A"))
    board = color("1F7A4A")
    for left, lens in ((120, color("CFE7F5")), (520, color("2A2430"))):
        sheet.box(left + 14, 318, left + 274, 938, color("161B2E"), 22)
        sheet.box(left, 300, left + 260, 920, board, 22)
        for x, y in ((40, 44), (220, 44), (40, 576), (220, 576)):
            sheet.circle((left + x, 300 + y), 22, BRASS)
            sheet.circle((left + x, 300 + y), 12, color("2B3350"))
        for trace in range(4):
            path = [(left + 70 + trace * 36, 850), (left + 70 + trace * 36, 700 - trace * 26),
                    (left + 130, 640 - trace * 26)]  # fmt: skip
            sheet.line(path, mix(board, PAPER, 0.4), 6)
        sheet.box(left + 80, 440, left + 180, 560, INK, 16)
        sheet.circle((left + 130, 500), 42, lens)
        sheet.circle((left + 118, 486), 12, mix(lens, (255, 255, 255), 0.8))
        for band, tone in enumerate(("C8372F", "1E1B20", "E4B52C")):
            sheet.box(left + 84 + band * 30, 596, left + 102 + band * 30, 640, color(tone))
        sheet.box(left + 52, 860, left + 208, 960, PAPER, 8)
    for dash in range(4):
        sheet.box(394 + dash * 31, 494, 412 + dash * 31, 506, color("F26B5E"), 6)
    return sheet


DETAILS = {drawing.__name__: drawing for drawing in (coil, fuse, rings, opto)}

CAPTIONS = {
    "coil": "Flipper coil, plunger and spring on the bench",
    "fuse": "The blown fuse in front of its clips",
    "rings": "Rubber rings sorted by size, an old one in each row",
    "opto": "Transmitter and receiver of an opto pair",
}
