"""Solid State Row."""

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
    NEEDED,
    ORDERED,
    OTHER,
    POWER,
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
        "Eight Ball",
        DISPLAY,
        MINOR,
        "the ball number display is off, you never know which ball you're on",
        "Karl",
        (
            Work(
                "Display board swapped with the spare, same fault: header pins on the "
                "display harness cracked. Reflowed the pins, both boards work now.",
                45,
                MILO,
            ),
        ),
    ),
    Story(
        "Eight Ball",
        SWITCHES,
        MAJOR,
        "Ball 5 target does not score",
        VERA,
        (
            Work(
                "Capacitor across that switch was short and held the column. Clipped "
                "and replaced, switch test shows every contact once.",
                30,
                SANA,
            ),
        ),
        (Need("Ceramic capacitor 50 nF, switch matrix", 10, "electronics shop"),),
    ),
    Story(
        "Eight Ball",
        POWER,
        UNPLAYABLE,
        "won't start, just flickers seven times... i counted",
        "Nico",
        (
            Work(
                "Nico counted right: the seventh flash did not come, solenoid voltage "
                "missing. Fuse under the playfield open, no other fault found. New fuse "
                "of the printed value, 20 games, holds.",
                35,
                MILO,
                GOOD,
            ),
        ),
    ),
    Story(
        "Eight Ball #2",
        OTHER,
        MAJOR,
        "Processor board eaten by its battery, see intake. Decide: repair or replacement board.",
        SANA,
        (
            Work(
                "Neutralised the board with vinegar, rinsed, dried it for two days at "
                "50 degrees. Lifted traces around the reset section. Not worth chasing, "
                "we get a new board.",
                120,
                SANA,
            ),
            Work(
                "Playfield stripped, first half cleaned. Lamp sockets on the left side "
                "are rusty and will be replaced by the dozen.",
                180,
                MILO,
                wait=12,
            ),
        ),
        (
            Need(
                "Replacement processor board, early Bally",
                1,
                "board maker",
                "Ask for the one with the remote battery holder.",
                ORDERED,
            ),
            Need("Lamp socket, bayonet, long lug", 24, "pinball parts dealer", "", RECEIVED),
        ),
        ago=1.7,
    ),
    Story(
        "Flash",
        SOUND,
        MAJOR,
        "no sound, only a hum",
        "Rainer",
        (
            Work(
                "Sound board without its 12 V. Connector at the supply was brown. "
                "Repinned with new trifurcon contacts, hum is gone too.",
                60,
                MILO,
            ),
        ),
        (Need("Trifurcon crimp contact, 0.156 inch", 20, "electronics shop"),),
    ),
    Story(
        "Flash",
        SWITCHES,
        MINOR,
        "3 bank target middle one stays up",
        "",
        (Work("Target spring off. Hooked on, bent the hook closed.", 15, SANA),),
    ),
    Story(
        "Flash",
        POWER,
        UNPLAYABLE,
        "keeps restarting in the middle of the game",
        "Dennis",
        (
            Work(
                "Resets when both flippers fire: 5 V dips to 4.7. Filter capacitor on "
                "the supply is as old as the machine.",
                40,
                MILO,
                FIXING,
            ),
            Work(
                "New filter capacitor and rectifier, 5.05 V steady under load. Two "
                "evenings without a reset.",
                70,
                MILO,
                GOOD,
                7,
            ),
        ),
        (Need("Filter capacitor 15,000 uF 25 V", 1, "electronics shop"),),
    ),
    Story(
        "Gorgar",
        OTHER,
        MAJOR,
        "magnet in the snake pit doesn't hold the ball",
        "Finn",
        (
            Work(
                "Magnet gets 30 V all right; its connector under the playfield had "
                "slipped half off. Pushed home, tied to the loom.",
                20,
                SANA,
            ),
        ),
    ),
    Story(
        "Gorgar",
        SOUND,
        COSMETIC,
        "Gorgar speaks but very very quiet",
        "Melek",
        (
            Work(
                "Volume pot in the coin door scratchy. Cleaner and fifty turns. If it "
                "returns we change the pot.",
                10,
                MILO,
            ),
        ),
    ),
    Story(
        "Gorgar",
        LIGHTS,
        MINOR,
        "the G in GORGAR wont light",
        "",
        (
            Work(
                "Lamp, then socket, then transistor, in that order: it was the "
                "transistor on the driver board. Replaced and tested with the lamp test "
                "for ten minutes.",
                50,
                MILO,
            ),
        ),
        (Need("Lamp matrix transistor", 4, "electronics shop"),),
    ),
    Story(
        "Paragon",
        BALL,
        MAJOR,
        "ball went in the beast hole and never came back",
        "Vincent",
        (
            Work(
                "Kicker arm of the Beast's Lair lost its rubber tip and slipped under "
                "the ball. New tip, coil sleeve cleaned.",
                30,
                SANA,
            ),
        ),
    ),
    Story(
        "Paragon",
        FLIPPERS,
        MINOR,
        "the small flipper on the right side is slow.",
        "",
        (
            Work(
                "Bushing worn oval, bat scraped on the playfield. New nylon bushing, 1 "
                "mm clearance set with the gauge.",
                40,
                MILO,
                wait=3,
            ),
        ),
        (Need("Flipper bushing, nylon", 4, "pinball parts dealer"),),
    ),
    Story(
        "Firepower",
        BALL,
        MAJOR,
        "locked 3 balls and only 2 came out",
        "Patrick",
        (
            Work(
                "Upper eject weak, third ball rolled back in. Coil sleeve split; "
                "replaced, ejects over the lip every time.",
                30,
                MILO,
            ),
        ),
        (Need("Coil sleeve, eject hole", 2, "pinball parts dealer"),),
    ),
    Story(
        "Firepower",
        SWITCHES,
        MINOR,
        "POWER target R doesn't count",
        "Jule",
        (
            Work(
                "Stand-up target foam gone hard, blade did not travel. New foam pad on "
                "all six of the bank.",
                35,
                SANA,
            ),
        ),
    ),
    Story(
        "Firepower",
        FLIPPERS,
        MAJOR,
        "left flipper flutters when you hold it",
        "",
        (
            Work(
                "Flutter means the hold winding drops out: diode on the coil lug broken "
                "off. New diode, right way round, and a cable tie so the lug no longer "
                "shakes.",
                30,
                MILO,
                picture="coil",
            ),
        ),
    ),
    Story(
        "Black Knight",
        OTHER,
        MINOR,
        "Right magna save doesn't do anything",
        "Sebastian",
        (
            Work(
                "Button contact in the cabinet burnt. Cleaned with a file, spaced. "
                "Magnet itself pulls like a crane.",
                25,
                SANA,
            ),
        ),
    ),
    Story(
        "Black Knight",
        BALL,
        MAJOR,
        "ball stuck up on the upper level behind the plastics",
        "Zoe",
        (
            Work(
                "Freed. A clear plastic had lost its post sleeve and left a gap as wide "
                "as a ball. New sleeve and washer.",
                20,
                MILO,
            ),
        ),
    ),
    Story(
        "Black Knight",
        LIGHTS,
        MAJOR,
        "all the lamps on the lower half are out",
        "",
        (
            Work(
                "GI connector on the power supply burnt black, pin 3 came off with the housing.",
                30,
                SANA,
                FIXING,
            ),
            Work(
                "New header soldered in, new housing with crimped contacts, every lamp "
                "of the string back. Replaced the brightest with LED to ease the "
                "connector.",
                80,
                SANA,
                GOOD,
                4,
            ),
        ),
        (Need("9-pin header and housing, 0.156 inch", 1, "electronics shop"),),
    ),
    Story(
        "Xenon",
        SOUND,
        MAJOR,
        "she doesn't talk any more, only beeps",
        "Elif",
        (
            Work(
                "Vocalizer board unseated after last week's cleaning, that was me. "
                "Reseated and screwed down with all four screws this time.",
                20,
                MILO,
            ),
        ),
    ),
    Story(
        "Xenon",
        BALL,
        MINOR,
        "Ball is too slow for the tube and falls back out",
        "",
        (
            Work(
                "Playfield was at 5.2 degrees. Raised the rear legs to 6.4, waxed the "
                "entry, the ball flies through.",
                30,
                SANA,
            ),
        ),
    ),
    Story(
        "Centaur",
        BALL,
        UNPLAYABLE,
        "says SLOW and then nothing, no ball comes",
        "Marek",
        (
            Work(
                "Ball trough kicker did not fire: coil reads open. Tagged, no spare of "
                "that number here.",
                25,
                MILO,
                BROKEN,
            ),
            Work(
                "New coil fitted with new sleeve and diode checked. Five balls served "
                "one after another.",
                40,
                MILO,
                GOOD,
                8,
                picture="coil",
            ),
        ),
        (Need("Outhole coil, number as on the old wrapper", 1, "pinball parts dealer"),),
    ),
    Story(
        "Centaur",
        SOUND,
        MINOR,
        "echo missing, voice sounds flat. I know this machine from when I was a boy",
        "Herr Baumann",
        (
            Work(
                "Delay chip on the echo board had crept out of its socket. Pressed in, "
                "socket contacts cleaned. Rang Mr Baumann, he came and cried a little.",
                30,
                SANA,
            ),
        ),
    ),
    Story(
        "Fathom",
        SWITCHES,
        MAJOR,
        "left drop targets reset all the time like a machine gun",
        "Till",
        (
            Work(
                "One target's switch always closed, so the game thought the bank was "
                "down. Solder blob between two blades, probably since the last repair. "
                "Removed.",
                25,
                MILO,
            ),
        ),
    ),
    Story(
        "Fathom",
        CABINET,
        COSMETIC,
        "There's a bit of paint flaking next to the mermaid. Just so you know!",
        VERA,
        (
            Work(
                "Photographed with a scale, sealed the edge with conservation varnish "
                "after Mara's test on the back. Slow is right here.",
                60,
                MARA,
                wait=9,
            ),
        ),
    ),
    Story(
        "Haunted House",
        BALL,
        MAJOR,
        "ball in the cellar doesn't come up again",
        "Jan und Merle",
        (
            Work(
                "Cellar kickout coil plunger was mushroomed and jammed in the sleeve. "
                "Turned it down on the lathe, new sleeve.",
                50,
                SANA,
            ),
        ),
        (Need("Coil sleeve, long, Gottlieb System 80", 2, "pinball parts dealer"),),
    ),
    Story(
        "Haunted House",
        FLIPPERS,
        MINOR,
        "attic flipper limp",
        "",
        (
            Work(
                "Ground wire of the attic harness cracked where it folds when the "
                "playfield goes up. Spliced in a softer wire with a loop.",
                35,
                MILO,
            ),
        ),
    ),
    Story("Haunted House", LIGHTS, MINOR, "Secret door room has no light", "Leonie", ago=8.3),
    Story(
        "Space Shuttle",
        OTHER,
        COSMETIC,
        "shuttle nose is cracked",
        "Fabian",
        (
            Work(
                "Reprinted nose glued to the spare shuttle and swapped. Cracked one "
                "goes to the archive shelf with the date on it.",
                25,
                MARA,
                wait=6,
            ),
        ),
    ),
    Story(
        "Space Shuttle",
        SWITCHES,
        MINOR,
        "spinner gives no points",
        "",
        (
            Work(
                "Actuator wire off the switch. Re-hooked and crimped. 2 minutes, of "
                "which one was for the glass.",
                5,
                SANA,
            ),
        ),
    ),
    Story(
        "High Speed",
        BALL,
        MAJOR,
        "Police took my ball and kept it :(",
        "Aaron",
        (
            Work(
                "Hideout kicker blew its fuse: coil diode had gone short. New diode, "
                "new fuse of the same value, ten kickouts.",
                40,
                MILO,
            ),
        ),
    ),
    Story(
        "High Speed",
        OTHER,
        MINOR,
        "the red light on top doesn't turn",
        "Sophie",
        (
            Work(
                "Beacon motor turns, reflector slipped on the shaft. Pressed on and a "
                "dab of silicone.",
                15,
                SANA,
            ),
        ),
    ),
    Story(
        "Black Hole",
        SWITCHES,
        UNPLAYABLE,
        "Two pop bumpers locked on within a minute, then smoke from the bottom "
        "board. Switched off at the wall.",
        MILO,
        (
            Work(
                "Both pop bumper driver boards shorted, coil of the left one cooked. "
                "Playfield unhurt. Boards pulled, machine moved to the bench.",
                45,
                MILO,
                BROKEN,
            ),
            Work(
                "Ground modification done: one heavy wire from the supply to each board "
                "and to the cabinet braid. Waiting for driver boards.",
                110,
                SANA,
                FIXING,
                5,
            ),
        ),
        (
            Need("Pop bumper driver board, System 80", 2, "board maker", "", ORDERED),
            Need(
                "Pop bumper coil",
                1,
                "pinball parts dealer",
                "Number on the wrapper is burnt; see the manual's coil list.",
                NEEDED,
            ),
        ),
        ago=1.1,
    ),
    Story(
        "Black Hole",
        BALL,
        MINOR,
        "Lower playfield: ball stops on the glass edge",
        "",
        (
            Work(
                "Window seal had swollen up. Trimmed flush, ball rolls over without a hop.",
                25,
                SANA,
            ),
        ),
    ),
)
