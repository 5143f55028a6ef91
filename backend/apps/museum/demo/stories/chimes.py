"""The second half of the Chime Gallery, and Fireball in the hall."""

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
    MARA,
    MILO,
    MINOR,
    OTHER,
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
        "Beat Time",
        SWITCHES,
        MINOR,
        "100 point target counts twice sometimes",
        "Sven",
        (
            Work(
                "Switch blade behind the target bounced. Added a damping leaf as on its "
                "neighbour and opened the gap by a hair. One hit, one count.",
                25,
                SANA,
            ),
        ),
    ),
    Story(
        "Beat Time",
        CABINET,
        COSMETIC,
        "left front leg wobbles",
        "",
        (
            Work(
                "Leg bolt loose, inner plate had spread the wood. Fitted a new corner "
                "bracket inside, glued and clamped, bolts tightened the next day.",
                45,
                MARA,
                wait=1,
            ),
        ),
        (Need("Leg bracket, inside corner", 1, "pinball parts dealer"),),
    ),
    Story(
        "2001",
        SWITCHES,
        MAJOR,
        "left bank comes up crooked, 2 stay down",
        "Mehmet",
        (
            Work(
                "Reset bar out of true, its left pivot screw had backed out. Tightened "
                "with thread lock.",
                30,
                MILO,
                FIXING,
            ),
            Work(
                "Two targets had worn ledges as well and slipped off. Swapped them with "
                "good ones from the spares box, bank resets ten times of ten.",
                60,
                MILO,
                GOOD,
                4,
            ),
        ),
        (Need("Drop target, white, Gottlieb style", 2, "pinball parts dealer"),),
    ),
    Story(
        "2001",
        SWITCHES,
        MINOR,
        "Blue target second from the front falls by itself when somebody walks past",
        "Ulla",
        (
            Work(
                "Ledge rounded off. Stoned it square, strengthened the return spring by "
                "one coil. The floor there does bounce, that is not the machine's "
                "fault.",
                25,
                SANA,
            ),
        ),
    ),
    Story(
        "Fireball",
        OTHER,
        MAJOR,
        "the disc isn't spinning",
        "Kilian",
        (
            Work(
                "Belt of the disc motor had turned to tar. Cleaned pulley and disc "
                "shaft, no spare in the house.",
                30,
                MILO,
                FIXING,
            ),
            Work(
                "New belt fitted, bearing oiled with one drop, motor current measured: "
                "half of what it was.",
                25,
                MILO,
                GOOD,
                6,
            ),
        ),
        (Need("Drive belt for spinning disc", 2, "pinball parts dealer", "One for the drawer."),),
    ),
    Story(
        "Fireball",
        BALL,
        MINOR,
        "Third ball stuck behind Odin's gate",
        VERA,
        (
            Work(
                "Release gate bent upward and caught the ball. Straightened in the "
                "vice, checked with all three balls.",
                20,
                SANA,
            ),
        ),
    ),
    Story(
        "Fireball",
        LIGHTS,
        MINOR,
        "the fire doesn't flicker",
        "",
        (
            Work(
                "Thermal blinker lamps behind the backglass dead, both. Replaced; they "
                "take a minute to warm up before they blink.",
                10,
                SANA,
            ),
        ),
    ),
    Story(
        "Fireball", FLIPPERS, MINOR, "right flipper gets weaker after a few games", "Tom", ago=2.2
    ),
    Story(
        "Nip-It",
        OTHER,
        MAJOR,
        "the alligator doesn't bite",
        "Bjarne",
        (
            Work(
                "Gator arm coil open, wire broken right at the lug. Unwound half a "
                "turn, soldered a new tail, sleeved. Bites.",
                40,
                MILO,
                picture="coil",
            ),
        ),
    ),
    Story(
        "Nip-It",
        DISPLAY,
        MINOR,
        "Player 3 tens do not move",
        "Charlotte",
        (
            Work(
                "Score reel coil stop loose, plunger short of stroke. Tightened, "
                "cleaned the reel's contacts while it was on the bench.",
                35,
                SANA,
            ),
        ),
    ),
    Story(
        "Wizard!",
        OTHER,
        MINOR,
        "one of the little flags stays on its head",
        "Familie Otto",
        (
            Work(
                "Flag had slipped on its shaft. Set screw with thread lock, flag turned "
                "to match the others.",
                20,
                SANA,
            ),
        ),
    ),
    Story(
        "Wizard!",
        SOUND,
        MAJOR,
        "it buzzes really loud like a bee the whole time",
        "",
        (
            Work(
                "Hold relay laminations rattled, coil bracket cracked. Bracket off the "
                "donor board, quiet now.",
                50,
                MILO,
            ),
        ),
    ),
    Story(
        "Captain Fantastic",
        SWITCHES,
        MAJOR,
        "Top bumper fires on its own. pretty funny but then it stops",
        "Ayla",
        (
            Work(
                "Skirt sat low, spoon switch closed at rest. Re-gapped; the coil was "
                "hot, so measured it: 4 ohms as it should be, no harm done.",
                30,
                MILO,
            ),
        ),
    ),
    Story(
        "Captain Fantastic",
        FLIPPERS,
        UNPLAYABLE,
        "left flipper stays up",
        "Stefan",
        (
            Work(
                "End of stroke switch welded shut. Machine off before the coil cooks.",
                10,
                SANA,
                BROKEN,
            ),
            Work(
                "New EOS switch stack, gap 1.5 mm at rest of the link, coil sleeve and "
                "stop renewed on both sides so that they feel alike.",
                75,
                SANA,
                GOOD,
                3,
                picture="coil",
            ),
        ),
        (
            Need("End of stroke switch, tungsten", 2, "pinball parts dealer"),
            Need("Flipper coil sleeve, nylon", 4, "pinball parts dealer"),
        ),
    ),
    Story(
        "Captain Fantastic",
        LIGHTS,
        COSMETIC,
        "Elton's glasses are not lit anymore",
        "Dagmar",
        (
            Work(
                "A lamp behind the glasses. Two clicks with the lamp puller. I like it "
                "when reports are that exact.",
                5,
                MARA,
            ),
        ),
    ),
    Story(
        "Space Mission",
        OTHER,
        MAJOR,
        "the target hangs still on the left",
        "Lukas",
        (
            Work(
                "Motor runs, crank slipped. Set screw had eaten a groove into the "
                "shaft; filed flat, new screw, thread lock. Swings.",
                45,
                MILO,
            ),
        ),
    ),
    Story(
        "Space Mission",
        SWITCHES,
        MINOR,
        "left spinner hardly spins",
        "",
        (
            Work(
                "Pivot wire bent and dry. Straightened, a trace of graphite, spins five "
                "turns more than before.",
                15,
                SANA,
            ),
        ),
    ),
    Story(
        "Space Mission",
        DISPLAY,
        MINOR,
        "tens of thousands reel half between 4 and 5",
        "Oskar",
        (
            Work(
                "Detent spring off its post. Hooked back and the post bent outward a "
                "little so that it stays.",
                15,
                SANA,
            ),
        ),
    ),
    Story(
        "Royal Flush",
        SWITCHES,
        MINOR,
        "queen falls but no points",
        "Annika",
        (
            Work(
                "Switch under the queen did not wipe. Cleaned the row of nine while I "
                "was there, since the next would have been the jack.",
                40,
                SANA,
            ),
        ),
    ),
    Story(
        "Royal Flush",
        BALL,
        MINOR,
        "ball flies off the playfield into the glass when you hit the cards hard",
        "",
        (
            Work(
                "Rubber behind the bank was stone hard and threw the ball. New ring set "
                "for the whole field, old one had been on since before the last move.",
                90,
                MILO,
                wait=5,
                picture="rings",
            ),
        ),
        (Need("Rubber ring set, Royal Flush, white", 1, "pinball parts dealer"),),
    ),
    Story(
        "Centigrade 37",
        OTHER,
        MAJOR,
        "Thermometer jumps back down to 0 every time",
        "Frau Lindner",
        (
            Work(
                "Reset pawl of the temperature stepper dragged on the wheel. Cleaned "
                "out old grease, set the pawl clear. Climbs to the top and stays until "
                "game over.",
                55,
                SANA,
            ),
        ),
    ),
    Story(
        "Centigrade 37",
        LIGHTS,
        MINOR,
        "ball in play 3 not lit",
        "",
        (
            Work(
                "Lamp good, wiper contact on the ball count stepper dirty. Cleaned the "
                "disc with a fibre pen.",
                15,
                SANA,
            ),
        ),
    ),
    Story(
        "Centigrade 37",
        SOUND,
        MINOR,
        "High chime rings only now and then since this afternoon.",
        SANA,
        ago=5.1,
    ),
)
