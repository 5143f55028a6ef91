"""Dot Matrix Hall, first half, and the hall's Addams Family."""

from apps.museum.demo.stories.story import (
    BALL,
    BROKEN,
    CABINET,
    COSMETIC,
    DISPLAY,
    FIXING,
    FLIPPERS,
    GOOD,
    LIGHTS,
    MAJOR,
    MILO,
    MINOR,
    NEEDED,
    ORDERED,
    OTHER,
    RECEIVED,
    SANA,
    SOUND,
    SWITCHES,
    UNPLAYABLE,
    VERA,
    Need,
    Story,
    Work,
)

STORIES = (
    Story(
        "The Addams Family",
        OTHER,
        MAJOR,
        "the hand came out but didn't take the ball",
        "Paul",
        (
            Work(
                "Magnet on Thing's hand fine, the hand stopped 3 mm too far back. Home "
                "opto dusty; cleaned, hand re-timed by one tooth.",
                45,
                MILO,
            ),
        ),
    ),
    Story(
        "The Addams Family",
        LIGHTS,
        MINOR,
        "GI on the left goes off and on when the train wreck comes",
        "",
        (
            Work(
                "GI connector at the driver board browned on the yellow wire. New "
                "header and housing on both ends, 20 minutes at full brightness stay "
                "below 40 degrees.",
                75,
                SANA,
            ),
        ),
        (Need("GI connector kit, WPC", 1, "pinball parts dealer"),),
    ),
    Story(
        "The Addams Family",
        BALL,
        MAJOR,
        "ball vanished in the swamp",
        "Lina",
        (
            Work(
                "Swamp kickout opto blocked by a flake of rubber. Blown out; vacuumed "
                "the whole subway since it was open.",
                20,
                SANA,
            ),
        ),
    ),
    Story(
        "The Addams Family",
        FLIPPERS,
        MINOR,
        "cant hit the bear ramp any more, flipper too soft",
        "Deniz",
        (
            Work(
                "Lower left rebuilt: link, sleeve, stop, EOS cleaned. Bear Kick six "
                "times in a row.",
                50,
                MILO,
                picture="coil",
            ),
        ),
        (Need("Flipper rebuild kit, Fliptronics", 2, "pinball parts dealer"),),
    ),
    Story(
        "The Addams Family",
        SWITCHES,
        MINOR,
        "Bookcase sometimes stays open a crack",
        "Agnes",
        ago=3.3,
    ),
    Story(
        "The Addams Family #2",
        DISPLAY,
        MAJOR,
        "Display dead since it came. Ribbon and high voltage to be checked before anything else.",
        MILO,
        (
            Work(
                "DMD ribbon was one pin off. With it right: three lines flicker. High "
                "voltage section measures 55 V where it should be about 100.",
                60,
                MILO,
                FIXING,
            ),
            Work(
                "High voltage section rebuilt: transistors, Zener diodes, resistors. "
                "Voltages right, but the glass itself outgasses. Needs a new panel.",
                95,
                MILO,
                "",
                4,
            ),
        ),
        (
            Need("Dot-matrix panel 128 x 32, LED", 1, "board maker", "", NEEDED),
            Need("DMD ribbon cable, 14 way", 1, "electronics shop", "", RECEIVED),
            Need(
                "Left ramp, Addams Family",
                1,
                "pinball parts dealer",
                "The one in it was sawn through and riveted.",
                NEEDED,
            ),
        ),
        ago=2.4,
    ),
    Story(
        "Terminator 2: Judgment Day",
        OTHER,
        MAJOR,
        "gun swings but doesn't shoot when I pull the trigger",
        "Ben",
        (
            Work(
                "Trigger switch in the grip had a broken wire at the hinge, the usual "
                "place. New silicone wire with a loop.",
                35,
                SANA,
            ),
        ),
    ),
    Story(
        "Terminator 2: Judgment Day",
        BALL,
        MINOR,
        "Kickback didn't kick. lost my best game ever",
        "Lasse",
        (
            Work(
                "Kickback plunger stiff. New sleeve, cleaned bracket, fires the ball to "
                "the top lanes. Sorry, Lasse.",
                25,
                MILO,
            ),
        ),
        (Need("Coil sleeve, kickback", 2, "pinball parts dealer"),),
    ),
    Story(
        "Terminator 2: Judgment Day",
        SOUND,
        MINOR,
        "crackling from the speaker when it gets loud",
        "",
        (
            Work(
                "Backbox speaker surround torn. Replaced the pair, since the other was next.",
                30,
                SANA,
                wait=7,
            ),
        ),
        (Need("Speaker 5.25 inch, 4 ohm", 2, "electronics shop"),),
    ),
    Story(
        "The Getaway: High Speed II",
        OTHER,
        MAJOR,
        "Supercharger only does one lap",
        "Timo",
        (
            Work(
                "Second loop opto weak: lens scratched and grey. Swapped the pair, five "
                "laps, tyres smoking.",
                35,
                MILO,
            ),
        ),
        (Need("Opto pair, infrared, 5 mm", 4, "electronics shop"),),
    ),
    Story(
        "The Getaway: High Speed II",
        CABINET,
        MINOR,
        "gear stick doesn't snap back",
        "",
        (
            Work(
                "Return spring broken. Replaced; also tightened the knob that turned with it.",
                15,
                SANA,
            ),
        ),
        (Need("Gear lever return spring", 2, "pinball parts dealer"),),
    ),
    Story(
        "Fish Tales",
        OTHER,
        MINOR,
        "fish doesn't flap",
        "Greta, 9",
        (
            Work(
                "Topper plug half out, the fish was being hugged by a visitor last "
                "Sunday. Plugged in, screw tightened. He flaps.",
                10,
                SANA,
            ),
        ),
    ),
    Story(
        "Fish Tales",
        BALL,
        MAJOR,
        "locked balls fall down again by themselves",
        "Moritz",
        (
            Work(
                "Lock release latch worn rounded. Filed square, spring one loop "
                "tighter; holds three balls when I thump the cabinet.",
                40,
                MILO,
            ),
        ),
    ),
    Story(
        "Fish Tales",
        FLIPPERS,
        UNPLAYABLE,
        "left flipper doesn't move and there's a smell",
        "Sandra",
        (
            Work(
                "Coil burnt: EOS did not open because its blade was bent under. "
                "Transistor on the board measured good. Fuse had blown in time.",
                30,
                MILO,
                BROKEN,
                picture="fuse",
            ),
            Work(
                "New coil, sleeve, EOS and fuse of the same value. Checked the right "
                "side too, blade was on its way to the same fate.",
                55,
                MILO,
                GOOD,
                3,
            ),
        ),
        (Need("Flipper coil, as marked on the old one", 1, "pinball parts dealer"),),
    ),
    Story(
        "Creature from the Black Lagoon",
        OTHER,
        MAJOR,
        "no hologram, only a green glow",
        "Yara",
        (
            Work(
                "Hologram lamp dead and the film's motor belt slipped. Lamp now, belt "
                "to be ordered.",
                35,
                SANA,
                FIXING,
            ),
            Work(
                "Belt fitted, film runs, mirror wiped with isopropanol. You see him "
                "from the left flipper best.",
                30,
                SANA,
                GOOD,
                8,
            ),
        ),
        (Need("Belt, hologram motor", 1, "pinball parts dealer"),),
    ),
    Story(
        "Creature from the Black Lagoon",
        SWITCHES,
        MINOR,
        "snack bar target misses hits",
        "",
        (
            Work(
                "Rivet of the target face loose. Peened it, moved the switch half a "
                "millimetre nearer.",
                20,
                MILO,
            ),
        ),
    ),
    Story(
        "Twilight Zone",
        OTHER,
        MAJOR,
        "gumball machine empty but the ball count says it's full. Also it says ball missing.",
        "Henrik",
        (
            Work(
                "Opto on the gumball popper board flickers. Cleaned, still flickers: "
                "cold solder joint.",
                50,
                MILO,
                FIXING,
            ),
            Work(
                "Opto board reflowed and reseated. Loaded and unloaded three times, "
                "Powerball found each time.",
                45,
                MILO,
                GOOD,
                1,
            ),
        ),
    ),
    Story(
        "Twilight Zone",
        DISPLAY,
        MINOR,
        "clock shows the wrong time :) it is not 12",
        "Familie Roth",
        (
            Work(
                "Clock gear slipped on its stud, four optos in there want to be clean. "
                "Cleaned, homed, set. It is right twice a second now.",
                60,
                SANA,
            ),
        ),
    ),
    Story(
        "Twilight Zone",
        BALL,
        MAJOR,
        "white ball stuck in the left lane next to the piano",
        "",
        (
            Work(
                "Freed. The Powerball is too light for the bent lane guide there. Bent "
                "it out, ran it twenty times.",
                20,
                SANA,
            ),
        ),
    ),
    Story(
        "Twilight Zone",
        SWITCHES,
        MINOR,
        "Right ramp does not register 1 time in 10, noticed in switch test",
        SANA,
        ago=6.4,
        needs=(Need("Ramp switch, micro, long wire", 1, "pinball parts dealer", "", ORDERED),),
    ),
    Story(
        "Indiana Jones: The Pinball Adventure",
        OTHER,
        MAJOR,
        "mini playfield tilts only to the right",
        "Ruben",
        (
            Work(
                "Path motor relay board: left relay contact burnt. Changed the relay, "
                "checked both limit switches by hand.",
                60,
                MILO,
            ),
        ),
        (Need("Relay 12 V, two change-over", 1, "electronics shop"),),
    ),
    Story(
        "Indiana Jones: The Pinball Adventure",
        BALL,
        MINOR,
        "idol holds the ball too long",
        "",
        (
            Work(
                "Idol position switches off by one step after the last clean. Re-timed. "
                "Releases on the beat.",
                35,
                SANA,
            ),
        ),
    ),
    Story(
        "Star Trek: The Next Generation",
        BALL,
        UNPLAYABLE,
        "BALL MISSING, searching for ever and shooting everywhere",
        "Lars",
        (
            Work(
                "One ball under the left cannon, one behind the diverter. Subway opto "
                "in between is dead.",
                40,
                SANA,
                FIXING,
            ),
            Work(
                "New transmitter and receiver in the subway, all six balls home. Rang "
                "through the opto test with the glass off, all eighteen react.",
                80,
                SANA,
                GOOD,
                6,
                picture="opto",
            ),
        ),
        (Need("Opto transmitter board, subway", 1, "pinball parts dealer"),),
    ),
    Story(
        "Star Trek: The Next Generation",
        OTHER,
        MINOR,
        "Right cannon shoots a bit low",
        "Spock :)",
        (
            Work(
                "Gun's home position off by two degrees, hits the Borg ship again after "
                "the mech was shimmed.",
                30,
                MILO,
            ),
        ),
    ),
    Story(
        "Star Trek: The Next Generation",
        LIGHTS,
        MINOR,
        "command decision lamps very dim",
        "",
        (
            Work(
                "Lamp board connector oxidised. Contact cleaner, plugged ten times. If "
                "it comes back it gets new pins.",
                20,
                SANA,
            ),
        ),
    ),
    Story(
        "White Water",
        BALL,
        MINOR,
        "ball stuck in the whirlpool",
        "Enno",
        (
            Work(
                "A screw head had come up at the edge of the bowl. Driven home with a "
                "washer beneath. No more standing wave.",
                20,
                MILO,
            ),
        ),
    ),
    Story(
        "White Water",
        CABINET,
        COSMETIC,
        "Ramp is cracked near Bigfoot, not bad yet",
        VERA,
        (
            Work(
                "Drilled a stop hole at the end of the crack, clear tape below, protector ordered.",
                25,
                SANA,
            ),
            Work(
                "Ramp protector fitted with the existing screws. Should last until we all retire.",
                20,
                SANA,
                "",
                9,
            ),
        ),
        (Need("Ramp protector, clear, White Water", 1, "pinball parts dealer"),),
    ),
)
