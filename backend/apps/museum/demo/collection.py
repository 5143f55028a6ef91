"""Which machines the house owns, where they stand, and how each was found at the stocktake."""

from dataclasses import dataclass
from datetime import date

from apps.museum.models import MachineStatus, Zone

GOOD, FIXING = MachineStatus.GOOD, MachineStatus.FIXING
BROKEN, UNKNOWN = MachineStatus.BROKEN, MachineStatus.UNKNOWN


@dataclass(frozen=True)
class Place:
    """A location and the machines in it, in the order in which one walks past them."""

    name: str
    zone: str
    machines: tuple["Owned", ...]


@dataclass(frozen=True)
class Owned:
    """One cabinet. `name` is its model's; `copy` tells two of the same model apart.

    `found` is the first entry of its log: what the team wrote when the log book began, and the
    status that it got. Without it nobody has looked at the machine yet. `acquired` is a date, or a
    number of days before today.
    """

    name: str
    serial: str
    acquired: date | int
    found: str = ""
    status: str = GOOD
    notes: str = ""
    copy: int = 1

    @property
    def key(self) -> str:
        return self.name if self.copy == 1 else f"{self.name} #{self.copy}"


PLACES = (
    Place(
        "Entrance Hall",
        Zone.FLOOR,
        (
            Owned(
                "The Addams Family",
                "20 54178",
                date(2014, 3, 8),
                "Stocktake: plays very well. LED kit in the inserts, original lamps "
                "behind the backglass. Thing's hand a little slow.",
                notes="Bought from the student union. Key on board hook 4.",
            ),
            Owned(
                "Medieval Madness",
                "50 40127",
                date(2017, 9, 30),
                "Stocktake: castle, drawbridge and both trolls tested twenty times "
                "each. Fine scratches in the clear coat before the gate.",
                notes="Insured separately; do not lend.",
            ),
            Owned(
                "Fireball",
                "FB-2044",
                date(2013, 5, 11),
                "Stocktake: disc turns freely, zipper closes on both sides. Backglass "
                "flaking at the lower edge, sealed and stable.",
            ),
            Owned(
                "Godzilla",
                "G21-P-03361",
                date(2022, 2, 19),
                "Stocktake: code updated, node boards all report. Building drops and "
                "resets. No wear to speak of.",
            ),
        ),
    ),
    Place(
        "Penny Arcade",
        Zone.FLOOR,
        (
            Owned(
                "Baffle Ball",
                "",
                date(2015, 4, 18),
                "Stocktake: complete, one brass pin bent by hand long ago and left so. "
                "Seven marbles in the cup.",
                notes="Only with a guide. Replacement marbles in drawer 2.",
            ),
            Owned(
                "Ballyhoo",
                "118204",
                date(2015, 4, 18),
                "Stocktake: coin slide works with the old pennies. Playfield paper "
                "faded evenly; no sun here from now on.",
            ),
            Owned(
                "Contact",
                "7731",
                date(2016, 10, 2),
                "Stocktake: runs on a 6 V supply in the cabinet instead of the dry "
                "cells. Kicker and bell both work.",
            ),
            Owned(
                "Bumper",
                "20655",
                date(2016, 10, 2),
                "Stocktake: all springs register. Counter wheel sluggish when the room is cold.",
            ),
            Owned(
                "Humpty Dumpty",
                "3391",
                date(2012, 6, 16),
                "Stocktake: six flippers, six coils, none hot after an hour. The upper "
                "left one hardly moves the ball, as in 1947.",
            ),
            Owned(
                "Triple Action",
                "51187",
                date(2018, 8, 25),
                "Stocktake: both flippers good, cord and plunger new. Playfield touched "
                "up by an earlier owner, badly; we leave it.",
            ),
        ),
    ),
    Place(
        "Chime Gallery",
        Zone.FLOOR,
        (
            Owned(
                "Super Jumbo",
                "A-1203",
                date(2019, 11, 9),
                "Stocktake: four players count, the third reel of player two needs two "
                "tries at reset.",
            ),
            Owned(
                "Balls-A-Poppin",
                "2217",
                date(2020, 1, 25),
                "Stocktake: ball lift and gate good. We run it with fewer balls than "
                "the maker meant, to spare the runway.",
            ),
            Owned(
                "Vagabond",
                "14466",
                date(2018, 2, 17),
                "Stocktake: drop target falls and resets every time. Chime box cleaned, "
                "new plunger tips.",
            ),
            Owned(
                "Kings & Queens",
                "28810",
                date(2013, 9, 14),
                "Stocktake: lovely playfield under mylar. Both kickouts strong. Match "
                "unit does not turn, never mind.",
            ),
            Owned(
                "Bazaar",
                "3058",
                date(2019, 3, 30),
                "Stocktake: flippers zip and open. The linkage was greased by somebody; "
                "cleaned dry.",
            ),
            Owned(
                "Beat Time",
                "60431",
                date(2017, 5, 6),
                "Stocktake: good strong player. Score reels cleaned last winter, no double counts.",
            ),
            Owned(
                "2001",
                "09276",
                date(2014, 10, 18),
                "Stocktake: twenty targets up, twenty down. Reset coil on the left bank "
                "hums a moment longer than the right.",
            ),
            Owned(
                "Nip-It",
                "NP-1188",
                date(2016, 4, 9),
                "Stocktake: Balligator bites. Lamp of the gator lane out, replaced.",
            ),
            Owned(
                "Wizard!",
                "WZ-6627",
                date(2012, 11, 24),
                "Stocktake: all four flags turn. Cabinet paint original and tired.",
            ),
            Owned(
                "Captain Fantastic",
                "CF-11932",
                date(2011, 7, 2),
                "Stocktake: our oldest resident. Plays fast, backglass without a single flake.",
            ),
            Owned(
                "Space Mission",
                "423711",
                date(2015, 1, 31),
                "Stocktake: target swings evenly, motor quiet. Left spinner a bit stiff.",
            ),
            Owned(
                "Royal Flush",
                "60925",
                date(2013, 2, 23),
                "Stocktake: cards drop and reset as one. New rubbers all round.",
            ),
            Owned(
                "Centigrade 37",
                "01342",
                date(2018, 6, 30),
                "Stocktake: thermometer climbs without skipping. Favourite of the Tuesday crew.",
            ),
        ),
    ),
    Place(
        "Solid State Row",
        Zone.FLOOR,
        (
            Owned(
                "Eight Ball",
                "E-18873",
                date(2012, 3, 17),
                "Stocktake: battery long removed, memory capacitor fitted. Displays "
                "bright except the ball count.",
            ),
            Owned(
                "Flash",
                "312508",
                date(2014, 5, 24),
                "Stocktake: interconnect pins renewed, boots first time. Sound board "
                "hums a little before it warms up.",
            ),
            Owned(
                "Gorgar",
                "352291",
                date(2013, 11, 16),
                "Stocktake: says all seven words. Snake pit magnet holds; its "
                "transistor was done in spring.",
            ),
            Owned(
                "Paragon",
                "PA-4410",
                date(2016, 8, 20),
                "Stocktake: in-line targets good. Some planking around the Beast's Lair.",
            ),
            Owned(
                "Firepower",
                "404187",
                date(2012, 9, 8),
                "Stocktake: three balls lock, three come out. Upper left stand-up re-gapped.",
            ),
            Owned(
                "Black Knight",
                "501822",
                date(2013, 4, 6),
                "Stocktake: both Magna-Saves pull. Upper playfield lifted and cleaned beneath.",
            ),
            Owned(
                "Xenon",
                "X-3027",
                date(2015, 6, 13),
                "Stocktake: tube polished, no cracks. Voice clear, sound module on new capacitors.",
            ),
            Owned(
                "Centaur",
                "CE-1571",
                date(2014, 12, 6),
                "Stocktake: five balls out of five in the trough. Echo unit works again.",
            ),
            Owned(
                "Fathom",
                "FA-2266",
                date(2017, 3, 25),
                "Stocktake: all three banks reset. Cabinet sides faded, playfield bright.",
            ),
            Owned(
                "Haunted House",
                "04093",
                date(2016, 11, 12),
                "Stocktake: all eight flippers. Cellar glass cleaned from inside for "
                "the first time in years.",
            ),
            Owned(
                "Space Shuttle",
                "523377",
                date(2013, 8, 3),
                "Stocktake: shuttle plastic reprinted, old one kept in the archive. "
                "Drop target under the nose fine.",
            ),
            Owned(
                "High Speed",
                "543310",
                date(2012, 5, 5),
                "Stocktake: beacon turns, traffic light complete. Left ramp repaired "
                "with a metal flap.",
            ),
        ),
    ),
    Place(
        "Mezzanine",
        Zone.FLOOR,
        (
            Owned(
                "Pin-Bot",
                "556209",
                date(2013, 1, 19),
                "Stocktake: visor opens and shuts smoothly. Display glass of player three dim.",
            ),
            Owned(
                "F-14 Tomcat",
                "570118",
                date(2014, 7, 26),
                "Stocktake: very fast, slingshots strong. All three beacons run.",
            ),
            Owned(
                "Cyclone",
                "583040",
                date(2015, 9, 5),
                "Stocktake: ferris wheel belt new, mystery wheel stops true.",
            ),
            Owned(
                "Taxi",
                "589961",
                date(2012, 12, 1),
                "Stocktake: left ramp cracked at the entry, drilled and stopped. Plays "
                "beautifully.",
            ),
            Owned(
                "Earthshaker!",
                "598225",
                date(2016, 2, 13),
                "Stocktake: shaker motor on, complaints from the office below noted. Legs on felt.",
            ),
            Owned(
                "Whirlwind",
                "610774",
                date(2014, 1, 11),
                "Stocktake: discs turn both ways, fan bearing quiet. New belt in the cupboard.",
            ),
            Owned(
                "Funhouse",
                "613209",
                date(2013, 6, 22),
                "Stocktake: Rudy's eyes and jaw good. Mouth latch re-glued, please be gentle.",
            ),
            Owned(
                "Banzai Run",
                "575530",
                date(2019, 5, 18),
                "Stocktake: lift magnet strong, the ball reaches the top nine times of ten.",
            ),
        ),
    ),
    Place(
        "Dot Matrix Hall",
        Zone.FLOOR,
        (
            Owned(
                "Terminator 2: Judgment Day",
                "65 10772",
                date(2013, 3, 2),
                "Stocktake: cannon homes and fires straight. Skull lamps changed to LED.",
            ),
            Owned(
                "The Getaway: High Speed II",
                "68 21903",
                date(2014, 9, 20),
                "Stocktake: Supercharger holds four laps. Gear lever new spring.",
            ),
            Owned(
                "Fish Tales",
                "50 31446",
                date(2012, 10, 27),
                "Stocktake: fish flaps. Lock wire re-bent so that the third ball stays.",
            ),
            Owned(
                "Creature from the Black Lagoon",
                "53 08651",
                date(2017, 1, 14),
                "Stocktake: hologram visible after cleaning the mirror and a new lamp. "
                "Whirlpool ramp clear.",
            ),
            Owned(
                "Twilight Zone",
                "55 12063",
                date(2015, 2, 28),
                "Stocktake: clock keeps time, gumball loads, Powerball detected. Three "
                "more hands would not hurt under there.",
            ),
            Owned(
                "Indiana Jones: The Pinball Adventure",
                "61 04419",
                date(2016, 5, 28),
                "Stocktake: path tilts to both sides, idol turns. New opto pair in the subway.",
            ),
            Owned(
                "Star Trek: The Next Generation",
                "57 19930",
                date(2015, 11, 21),
                "Stocktake: both cannons home. Four of six balls were magnetised, all six changed.",
            ),
            Owned(
                "White Water",
                "60 02785",
                date(2016, 9, 17),
                "Stocktake: ramps flamed and clear, whirlpool fast. Topper motor replaced.",
            ),
            Owned(
                "World Cup Soccer",
                "62 07134",
                date(2014, 4, 12),
                "Stocktake: ball spins, keeper moves. Blades of the spinner straightened.",
            ),
            Owned(
                "Theatre of Magic",
                "63 10298",
                date(2017, 7, 8),
                "Stocktake: trunk turns to all four sides and finds home. Hidden ball "
                "switch cleaned.",
            ),
            Owned(
                "Attack from Mars",
                "64 11507",
                date(2018, 3, 24),
                "Stocktake: targets drop at once, saucer shakes, strobe set to low "
                "after a complaint.",
            ),
            Owned(
                "Tales of the Arabian Nights",
                "66 02219",
                date(2019, 9, 7),
                "Stocktake: lamp spins on its new bearing. Genie's paint excellent.",
            ),
            Owned(
                "Scared Stiff",
                "67 01850",
                date(2019, 6, 1),
                "Stocktake: spider spins, frogs leap, coffin locks three. Nothing to "
                "do, which is suspicious.",
            ),
            Owned(
                "Safe Cracker",
                "68 00732",
                date(2020, 10, 10),
                "Stocktake: 40 tokens in the tube, dispenser counted. Clock board on a "
                "new battery holder.",
            ),
            Owned(
                "Cirqus Voltaire",
                "69 01422",
                date(2020, 2, 29),
                "Stocktake: Ringmaster rises straight. Neon tube original and fine.",
            ),
            Owned(
                "Monster Bash",
                "70 02360",
                date(2021, 4, 17),
                "Stocktake: Frankenstein's table rises, Dracula runs his full track.",
            ),
            Owned(
                "The Lord of the Rings",
                "LR-04186",
                date(2016, 12, 10),
                "Stocktake: Balrog swings, ring magnet holds. Sword lock opto cleaned.",
            ),
        ),
    ),
    Place(
        "New Wing",
        Zone.FLOOR,
        (
            Owned(
                "Revenge from Mars",
                "80 03914",
                date(2018, 11, 3),
                "Stocktake: monitor recapped, picture steady. PC boots in a minute and "
                "a half; tell visitors to wait.",
            ),
            Owned(
                "The Wizard of Oz",
                "JJP-WOZ-1877",
                date(2019, 8, 10),
                "Stocktake: light boards complete, winkie guard good. Castle doors adjusted.",
            ),
            Owned(
                "Total Nuclear Annihilation",
                "TNA-0412",
                date(2020, 7, 4),
                "Stocktake: loud and perfect. Bass limited in the menu on weekdays.",
            ),
            Owned(
                "Iron Maiden: Legacy of the Beast",
                "IM18-P-0927",
                date(2021, 6, 12),
                "Stocktake: both upper flippers aligned. Sarcophagus lock reliable.",
            ),
            Owned(
                "Pulp Fiction",
                "PF-2088",
                date(2024, 5, 25),
                "Stocktake: settled in, playfield dimples as expected on new wood.",
            ),
            Owned(
                "Jaws",
                "J24-P-01573",
                273,
                "Unpacked, levelled to 6.5 degrees, code updated, coin door mech "
                "adjusted. All switches tested. On the floor from Saturday.",
            ),
        ),
    ),
    Place(
        "Main Workbench",
        Zone.WORKSHOP,
        (
            Owned(
                "Black Hole",
                "05528",
                date(2020, 9, 12),
                "Stocktake: plays, but the pop bumper driver boards are tired and the "
                "ground wiring is original. Ground modification planned.",
            ),
            Owned(
                "Jurassic Park",
                "JP19-P-1440",
                date(2021, 10, 16),
                "Stocktake: T. rex homes and bites. Left ramp flap a touch high.",
            ),
            Owned(
                "Eight Ball",
                "E-04406",
                223,
                "Came in boxes from a cellar. Battery leaked onto the processor board, "
                "green up to the first chip socket. Complete otherwise.",
                BROKEN,
                "Gift of a family; send them a picture when it plays.",
                copy=2,
            ),
        ),
    ),
    Place(
        "Test Bay",
        Zone.WORKSHOP,
        (
            Owned(
                "The Addams Family",
                "20 61933",
                97,
                "Arrived from the operator with a dead display and a hacked ramp. Runs "
                "blind. To be shopped out over the winter.",
                FIXING,
                "Second copy, to be exchanged for the one in the hall while that is repainted.",
                copy=2,
            ),
        ),
    ),
    Place(
        "Cellar Store",
        Zone.STORAGE,
        (
            Owned(
                "Flash",
                "318846",
                27,
                notes="From the estate in the harbour street, not looked at yet. Do not "
                "switch on before the supply has been checked.",
                copy=2,
            ),
            Owned(
                "Captain Fantastic",
                "CF-02719",
                date(2022, 6, 18),
                "Stored as a parts donor: no backglass, heat-damaged score motor, good "
                "playfield mechanics.",
                BROKEN,
                "Take parts only with a log entry.",
                copy=2,
            ),
        ),
    ),
)
