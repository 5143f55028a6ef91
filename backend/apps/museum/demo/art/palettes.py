"""The inks: ground, two large tones, an accent, a light, and the line color."""

from dataclasses import dataclass

from apps.museum.demo.art.canvas import Color, color


@dataclass(frozen=True)
class Palette:
    ground: Color
    first: Color
    second: Color
    accent: Color
    light: Color
    ink: Color


def _palette(codes: str) -> Palette:
    return Palette(*(color(code) for code in codes.split()))


PALETTES = {
    # Before and after the war: poster colors on paper or varnished wood.
    "maple": _palette("D9A866 8C4A2F 2F5D50 E8C547 F7ECD2 2A1A14"),
    "felt": _palette("2F6B4F 1F4A3A C8963E D94F30 F4E6C3 14201A"),
    "circus": _palette("F1E2BF D2402C 1F5F7F F0B429 FFF8E7 231A26"),
    "mint": _palette("B9DCC6 E2583E 27496D F4C542 FBF5E4 1C2433"),
    "peach": _palette("F4C7A1 C8374A 3B5B92 F7E06E FFF6E6 2B1B2E"),
    "sky": _palette("9CCBE0 E4572E 25406B F6C445 FDF6E3 16203A"),
    "plum": _palette("5A2F55 E0693A E8B04A 7FC1B5 F8EAD3 22122A"),
    "orange": _palette("E9762B 7A1F2B F5B841 2F6F73 FCEFD6 2A1313"),
    "brick": _palette("B5382F 6A1B2D F0C05A 3D7A8A FBEBD0 260F16"),
    "cobalt": _palette("24418E 162A60 E8483F F6C648 F3EEDF 0C1430"),
    # Solid state: night, neon, airbrush.
    "ember": _palette("1D1016 B3261E F0702A FFC247 FFEBC8 0B0508"),
    "midnight": _palette("17183A 43318F E4407A 2BC9C4 F4EEFF 090A1C"),
    "ice": _palette("10324A 2B7A9E 8FD3E8 F25F4C EEF9FC 071A28"),
    "abyss": _palette("06303A 0E6B6B 35B5A0 F2A65A E8F8EE 031A20"),
    "violet": _palette("2A1445 6D2E9C D957B5 F7C948 F8EBFF 130822"),
    "steel": _palette("2B3440 56677A A9B8C4 E63B2E F2F5F7 11161C"),
    "asphalt": _palette("23252B 3E434D D7263D F6C21C F4F1E8 0D0E11"),
    "desert": _palette("C9713A 7B2D26 F2C14E 2E5E6E FFF0D6 2A120D"),
    "lime": _palette("143023 2E6B3D 9BC53D F25C3B F3F8DC 08170F"),
    # Dot matrix: saturated, layered.
    "graphite": _palette("1A1D24 39404D C4312F F08A24 EDEFF2 0A0C10"),
    "velvet": _palette("3A0F22 7D1D3C C9A24B 5E8C6A F7E7CE 1A0610"),
    "swamp": _palette("16321F 2F6B37 8DB600 E85D2A F0F5D8 0A1A10"),
    "twilight": _palette("1B1F4B 3F3C9B 8E5BD0 F4B942 F1ECFF 0B0D26"),
    "sand": _palette("D8A657 8C3F22 3C6E71 F4E285 FFF5DC 2B160C"),
    "space": _palette("101A3A 27408B 4FA3D9 F2B632 EAF2FB 070C1F"),
    "river": _palette("0F5C7A 2D93AD A5D8DD F4A259 F6FBF9 08303F"),
    "pitch": _palette("2E7D46 1E5A33 F4F1DE E63946 FFFFFF 0F2B19"),
    "magic": _palette("2D1B4E 8C2F7B E3A72F 3AAFA9 FBEFD5 160C2A"),
    "mars": _palette("2B1055 7B2D8B E85D42 9BE564 FDF0FF 14072B"),
    "royal": _palette("223A63 5B7DB1 C0392B E9B44C F5EEDC 101C33"),
    "tent": _palette("C2264B 7A1234 F4D35E 2A9D8F FFF3E0 33081A"),
    "crypt": _palette("241B35 4F3B78 6FBF73 F25F5C EFE9F7 100B1B"),
    "mithril": _palette("1C2A24 3F5B3C 8A5A2B F2C14E F8F0DA 0C1410"),
    # Modern: dark with light of every color.
    "emerald": _palette("0D2B22 137A53 5BD08F F2CE3B ECFBF2 061712"),
    "reactor": _palette("1A1026 4C1D6E E6327A 3FE0D0 F6E9FF 0B0612"),
    "bronze": _palette("1E1512 5A3421 C77B30 E8D26A F8EBD8 0E0907"),
    "jungle": _palette("0F2A1D 2C6E3F F2A93B D8432E F2F6DF 07150E"),
    "kaiju": _palette("141B2D 2B4C7E E4572E 6FD6E8 F1F4F9 080C16"),
    "pulp": _palette("F2B134 C8281F 2B2B2B ED553B FFF4D6 1A1210"),
    "tide": _palette("0B3C5D 1D7A99 D62839 F4D35E EFF7F9 051E30"),
}
