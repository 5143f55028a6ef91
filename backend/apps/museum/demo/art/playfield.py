"""The picture of one machine: its playfield from above, framed by cabinet, arch and apron."""

import random

from PIL import ImageFont

from apps.museum.demo.art import hardware as hw
from apps.museum.demo.art.buildings import BUILDINGS
from apps.museum.demo.art.canvas import HEIGHT, SCALE, WIDTH, Point, Sheet, bezier, mix, polar
from apps.museum.demo.art.emblems import EMBLEMS
from apps.museum.demo.art.figures import FIGURES
from apps.museum.demo.art.motifs import HEART, MOTIFS
from apps.museum.demo.art.palettes import PALETTES, Palette
from apps.museum.demo.art.themes import THEMES
from apps.museum.models import Era

CENTERPIECES = EMBLEMS | FIGURES | BUILDINGS
# From this year on machines have flippers.
FLIPPERS_SINCE = 1947
BUMPERS: dict[str, tuple[tuple[Point, ...], ...]] = {
    "few": (
        ((285, 275), (565, 275), (425, 232)),
        ((265, 300), (425, 248), (585, 300)),
        ((300, 255), (550, 255)),
    ),
    "ring": (
        ((235, 330), (615, 330), (425, 245), (212, 668), (638, 668)),
        ((300, 262), (550, 262), (218, 500), (632, 500), (425, 730)),
        ((235, 300), (425, 258), (615, 300), (425, 740)),
    ),
}


def playfield(name: str, *, year: int, era: str) -> Sheet:
    """The drawing; always the same for the same name and year."""
    theme = THEMES[name]
    ink = PALETTES[theme.palette]
    rng = random.Random(f"{name} {year}")
    sheet = Sheet(ink.ground)
    MOTIFS[theme.motif](sheet, ink, rng)
    if year < FLIPPERS_SINCE:
        bagatelle(sheet, ink, rng)
        CENTERPIECES[theme.centerpiece](sheet, ink, HEART)
    else:
        upper(sheet, ink, rng, era)
        CENTERPIECES[theme.centerpiece](sheet, ink, HEART)
        lower(sheet, ink, rng, era)
    frame(sheet, ink, wooden=era == Era.ELECTROMECHANICAL)
    apron(sheet, ink, str(year))
    return sheet


def bagatelle(sheet: Sheet, ink: Palette, rng: random.Random) -> None:
    """Nails and cups, and a ball that finds its own way."""
    for radius, start, end in ((205, 150, 390), (330, 200, 340)):
        hw.pins(sheet, ink, HEART, radius, start, end)
    for side in (-1, 1):
        hw.pins(sheet, ink, (425 + side * 225, 780), 92, 20, 160)
        hw.pins(sheet, ink, (425 + side * 285, 420), 66, 90 - side * 90, 90 + side * 110)
        hw.hole(sheet, ink, (425 + side * 225, 780), 33)
        hw.hole(sheet, ink, (425 + side * 285, 420), 24)
    hw.pins(sheet, ink, (425, 800), 112, 10, 170)
    hw.hole(sheet, ink, (425, 790), 40)
    for dx in (-300, -150, 0, 150, 300):
        hw.hole(sheet, ink, (425 + dx, 985), 30)
        hw.pins(sheet, ink, (425 + dx, 975), 56, 20, 160)
    for at in ((332, 660), (250, 232), (596, 902), (790, 900)):
        hw.ball(sheet, ink, at)


def upper(sheet: Sheet, ink: Palette, rng: random.Random, era: str) -> None:
    classic = era == Era.ELECTROMECHANICAL
    if era in (Era.DOT_MATRIX, Era.MODERN):
        left, right = hw.orbit(-1, rng), hw.orbit(1, rng)
        tint = mix(ink.first, ink.light, 0.35)
        hw.ramp(sheet, ink, left, 62, tint)
        hw.ramp(sheet, ink, right, 62, mix(ink.accent, ink.light, 0.2))
        top = bezier(left[-1], (425, 110), (425, 110), right[-1], 20)
        hw.wireform(sheet, ink, top)
    spots = rng.choice(BUMPERS["ring" if classic else "few"])
    spikes = rng.choice((5, 6, 8, 10))
    for number, at in enumerate(spots):
        cap = (ink.first, ink.accent, ink.second)[number % 3]
        hw.bumper(sheet, ink, at, 56 if classic else 48, cap, spikes)
    hw.lanes(sheet, ink, rng.choice((3, 4, 5) if classic else (3, 4)), 142, ink.accent)


def lower(sheet: Sheet, ink: Palette, rng: random.Random, era: str) -> None:
    classic = era == Era.ELECTROMECHANICAL
    fills = (ink.accent, ink.light) if rng.random() < 0.5 else (ink.first, ink.accent, ink.light)
    if era == Era.SOLID_STATE or rng.random() < 0.4:
        hw.bank(sheet, ink, (150, 610), rng.choice((3, 4, 5)), rng.choice((90, 78)), fills)
    if era == Era.SOLID_STATE or rng.random() < 0.3:
        hw.bank(sheet, ink, (700, 600), rng.choice((3, 4)), rng.choice((90, 102)), fills)
    if not classic:
        hw.spinner(sheet, ink, (146, 420), 20)
        for degrees, at in ((-118, (262, 742)), (-90, (425, 716)), (-62, (588, 742))):
            hw.arrow(sheet, ink, at, degrees, 34, ink.accent)
            hw.arrow(sheet, ink, polar(at, 62, degrees + 180), degrees, 22, ink.light)
    if era == Era.SOLID_STATE:
        hw.hole(sheet, ink, (690, 400))
    arc = [polar((425, 640), 218, degrees) for degrees in range(58, 123, 13)]
    hw.inserts(sheet, ink, arc, ink.second if classic else ink.accent)
    hw.inserts(sheet, ink, [(425 + dx, 930) for dx in (-44, 0, 44)], ink.accent, 13)
    hw.slingshots(sheet, ink, mix(ink.first, ink.light, 0.15))
    for side in (-1, 1):
        pivot = (425 + side * 178, 1006)
        resting = 28 if side < 0 else 152
        hw.flipper(sheet, ink, pivot, resting, 128, ink.first if classic else ink.second)
    if era != Era.ELECTROMECHANICAL and rng.random() < 0.6:
        hw.flipper(sheet, ink, (738, 706), 160, 92, ink.second)
    hw.ball(sheet, ink, (rng.choice((318, 540)), rng.uniform(770, 800)))


def frame(sheet: Sheet, ink: Palette, *, wooden: bool) -> None:
    """Cabinet walls, the arch at the top and the shooter lane."""
    wall = (120, 72, 40) if wooden else mix(ink.ink, ink.first, 0.2)
    grain = mix(wall, ink.ink, 0.4)
    # Corners outside the arch: a square with the quarter of a disc left open, as thick arcs.
    for center, start in (((300, 290), 180), ((600, 290), 270)):
        sheet.arc(center, 318, start, start + 90, wall, 130)
        sheet.arc(center, 250, start, start + 90, ink.light, 6)
    sheet.box(0, 0, WIDTH, 40, wall)
    sheet.box(0, 0, 48, HEIGHT, wall)
    sheet.box(852, 0, WIDTH, HEIGHT, wall)
    for x in (16, 30, 868, 884):
        sheet.line([(x, 0), (x, HEIGHT)], grain, 2)
    sheet.line([(49, 290), (49, HEIGHT)], ink.light, 6)
    sheet.line([(851, 290), (851, HEIGHT)], ink.light, 6)
    sheet.box(788, 400, 800, HEIGHT, ink.ink, 6)
    sheet.box(786, 396, 795, HEIGHT, ink.light, 4)
    hw.ball(sheet, ink, (824, 1010))
    sheet.box(815, 1036, 833, 1100, mix(ink.light, ink.ink, 0.3), 4)


def apron(sheet: Sheet, ink: Palette, year: str) -> None:
    """The metal at the bottom, with the year in large figures."""
    left = [(52, 1200), (52, 1046), (250, 1120), (600, 1120), (784, 1046), (784, 1200)]
    sheet.polygon([(x, y - 9) for x, y in left], ink.ink)
    sheet.polygon(left, ink.light)
    inner = [(70, 1200), (70, 1076), (246, 1138), (604, 1138), (766, 1076), (766, 1200)]
    sheet.polygon(inner, mix(ink.first, ink.ink, 0.25))
    font = ImageFont.load_default(size=56 * SCALE)
    sheet.draw.text(
        (425 * SCALE, 1171 * SCALE), year, fill=ink.light, font=font, anchor="mm",
        stroke_width=SCALE, stroke_fill=ink.light,
    )  # fmt: skip
    for side in (-1, 1):
        sheet.star((425 + side * 235, 1152), 24, 10, 5, ink.accent)
