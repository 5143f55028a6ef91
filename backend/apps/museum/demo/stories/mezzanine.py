"""Mezzanine: the last years before the dot-matrix display."""

from apps.museum.demo.stories.story import (
    BALL,
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
    POWER,
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
        "Pin-Bot",
        OTHER,
        MAJOR,
        "visor half open and stuck",
        "Luis",
        (
            Work(
                "Visor motor stalled on a lamp wire that had worked itself into the "
                "rack. Rerouted and tied back, limit switches adjusted.",
                55,
                MILO,
            ),
        ),
    ),
    Story(
        "Pin-Bot",
        SWITCHES,
        MINOR,
        "a row of the grid doesn't light up when you hit it",
        "",
        (
            Work(
                "Visor target row: wire off at the middle target. Soldered, with a "
                "strain relief this time.",
                25,
                SANA,
            ),
        ),
    ),
    Story(
        "Pin-Bot",
        DISPLAY,
        MINOR,
        "score of player 3 is so dark you can't read it",
        "Wolfgang",
        (
            Work(
                "Display glass is at its end, 30 years of plasma. Ordered a low-voltage "
                "LED replacement.",
                15,
                SANA,
            ),
            Work(
                "New display set fitted, colour filter in front so that it still glows "
                "orange. Old glass labelled and stored.",
                40,
                SANA,
                "",
                11,
            ),
        ),
        (Need("Display set, 7 digit, LED", 1, "board maker"),),
    ),
    Story(
        "F-14 Tomcat",
        FLIPPERS,
        MAJOR,
        "Upper right flipper broke off?? the plastic bat is lying there",
        "Jasper",
        (
            Work(
                "Bat cracked at the shaft. New bat and shoe, aligned with the toothpick "
                "hole. These slings really do hit hard.",
                35,
                MILO,
            ),
        ),
        (Need("Flipper bat with shaft, white", 2, "pinball parts dealer"),),
    ),
    Story(
        "F-14 Tomcat",
        LIGHTS,
        MINOR,
        "blue beacon is off",
        "",
        (Work("Beacon lamp burnt and the motor shaft dry. Lamp, drop of oil, done.", 15, SANA),),
    ),
    Story(
        "F-14 Tomcat",
        SWITCHES,
        MAJOR,
        "right slingshot doesn't kick",
        "Ida",
        (
            Work(
                "Leaf behind the rubber fatigued and stayed closed, so the game locked "
                "the coil out. New pair of blades, gapped at a card's thickness.",
                30,
                MILO,
            ),
        ),
        (Need("Slingshot switch blade pair", 2, "pinball parts dealer"),),
    ),
    Story(
        "Cyclone",
        OTHER,
        MAJOR,
        "the big wheel (ferris) does not turn",
        "Familie Schulz",
        (
            Work(
                "Belt jumped off because a ball chip lay in the groove. Cleaned, "
                "tension set, chip taped into the log book.",
                35,
                SANA,
            ),
        ),
    ),
    Story(
        "Cyclone",
        OTHER,
        MINOR,
        "Mystery wheel stops between two prizes and gives nothing",
        "Mats",
        (
            Work(
                "Opto disc of the wheel dusty. Blown out and wiped, calibrated in the test menu.",
                20,
                MILO,
            ),
        ),
    ),
    Story(
        "Cyclone",
        LIGHTS,
        MINOR,
        "lamps under the roller coaster blink when they shouldnt",
        "",
        (
            Work(
                "Two lamp sockets touching below the ramp. Turned one by a quarter, "
                "insulated both.",
                20,
                SANA,
            ),
        ),
    ),
    Story(
        "Taxi",
        BALL,
        MAJOR,
        "left ramp eats speed, ball rolls back every time, even on a perfect shot",
        "Bruno",
        (
            Work(
                "The old crack at the ramp entry had opened again and made a lip.", 20, MILO, FIXING
            ),
            Work(
                "New ramp entry flap of spring steel riveted over the crack, edges "
                "filed. Ball goes up at half force.",
                60,
                MILO,
                GOOD,
                5,
            ),
        ),
        (Need("Spring steel ramp flap with rivets", 1, "pinball parts dealer"),),
    ),
    Story(
        "Taxi",
        SOUND,
        MINOR,
        "Santa has no voice. Gorbie does.",
        "Pauline",
        (
            Work(
                "Speech chip in its socket with a bent leg under it. Straightened, "
                "reseated. Ho ho ho.",
                30,
                SANA,
            ),
        ),
    ),
    Story(
        "Taxi",
        SWITCHES,
        MINOR,
        "spinout does not always count when it comes round",
        "",
        (
            Work(
                "Switch wire too high for a fast ball. Lowered by 1 mm, counts every time.",
                20,
                SANA,
            ),
        ),
    ),
    Story(
        "Earthshaker!",
        OTHER,
        MINOR,
        "Machine walks! It moved 10 cm since this morning",
        "Familie Yilmaz",
        (
            Work(
                "Felt pads worn through. Rubber cups under all four legs, shaker on "
                "half in the menu. Stays put.",
                20,
                MARA,
            ),
        ),
        (Need("Leg leveller cup, rubber", 8, "pinball parts dealer"),),
    ),
    Story(
        "Earthshaker!",
        POWER,
        UNPLAYABLE,
        "screen says factory settings and then free play is off, asks for coins",
        "Kim",
        (
            Work(
                "Batteries empty, settings lost. New ones in the remote holder, free "
                "play and three balls set again, date written on the holder.",
                15,
                MILO,
                GOOD,
            ),
        ),
    ),
    Story(
        "Earthshaker!",
        FLIPPERS,
        MINOR,
        "Third flipper (upper right) comes up late",
        "Matthias",
        (
            Work(
                "Double-leaf button switch: the second stack closed too late. Adjusted "
                "so that both make at the same stroke.",
                25,
                MILO,
            ),
        ),
    ),
    Story(
        "Whirlwind",
        OTHER,
        MAJOR,
        "the big disc spins, the two small ones don't",
        "Anton",
        (
            Work(
                "Belt of the small discs worn smooth. Had one in the cupboard; discs "
                "spin both ways again.",
                35,
                SANA,
            ),
        ),
        (
            Need(
                "Belt, small spinning discs",
                2,
                "pinball parts dealer",
                "One fitted, one back into the cupboard.",
            ),
        ),
    ),
    Story(
        "Whirlwind",
        OTHER,
        MINOR,
        "no wind on my face :(",
        "Emma, 6",
        (
            Work(
                "Fan plugged in but its fuse in the head was open. New fuse, cleaned "
                "the blades. Emma got a token for the report.",
                15,
                SANA,
            ),
        ),
    ),
    Story(
        "Whirlwind",
        SWITCHES,
        MINOR,
        "skyway ramp diverter clicks but does not move",
        "",
        (
            Work(
                "Link rod off its stud, circlip gone. New circlip, rod reset to the mark.", 25, MILO
            ),
        ),
    ),
    Story(
        "Funhouse",
        OTHER,
        MAJOR,
        "Rudy's jaw hangs open",
        "Frieda",
        (
            Work(
                "The glue at the mouth latch let go, as feared at the stocktake. Jaw "
                "pinned for now so that nobody scares the children.",
                25,
                SANA,
                FIXING,
            ),
            Work(
                "Printed a new latch in nylon, screwed instead of glued. Ball in the "
                "mouth twenty times, jaw shuts every time.",
                90,
                SANA,
                GOOD,
                6,
            ),
        ),
        (Need("Jaw latch, nylon print", 2, "made in the house"),),
    ),
    Story(
        "Funhouse",
        BALL,
        MAJOR,
        "two balls came out at once",
        VERA,
        (
            Work(
                "Trough switch two intermittent: the leaf barely touched. Re-gapped the "
                "row of three, tested by dropping balls slowly.",
                30,
                MILO,
            ),
        ),
    ),
    Story(
        "Funhouse",
        LIGHTS,
        MINOR,
        "clock stuck at 10.30, the 11 isn't lit",
        "",
        (
            Work(
                "Insert lamp of 11 o'clock. Also the 4, which nobody had seen because "
                "nobody gets back to four.",
                15,
                SANA,
            ),
        ),
    ),
    Story(
        "Funhouse",
        OTHER,
        MINOR,
        "Rudy looks to the left all the time even when the ball is right",
        "Jette",
        ago=1.2,
    ),
    Story(
        "Banzai Run",
        OTHER,
        MAJOR,
        "magnet drops the ball half way up",
        "Robin",
        (
            Work(
                "Lift magnet weak when warm. Connector in the head had 2 ohms on its "
                "own; repinned.",
                50,
                MILO,
                FIXING,
            ),
            Work(
                "Adjusted the lift rail so that the magnet runs closer, 40 lifts "
                "without a drop, warm and cold.",
                45,
                SANA,
                GOOD,
                2,
            ),
        ),
    ),
    Story(
        "Banzai Run",
        FLIPPERS,
        MINOR,
        "top playfield left flipper weak",
        "",
        (
            Work(
                "Coil sleeve full of black dust. New sleeve and stop, cleaned the other "
                "three up there too.",
                50,
                MILO,
            ),
        ),
        (Need("Flipper rebuild kit, Williams System 11", 1, "pinball parts dealer"),),
    ),
    Story(
        "Banzai Run",
        BALL,
        UNPLAYABLE,
        "There is a ball lying up in the vertical part and it doesn't fall",
        "Mario",
        ago=0.4,
    ),
)
