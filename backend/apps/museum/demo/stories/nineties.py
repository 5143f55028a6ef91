"""Dot Matrix Hall, second half, and the hall's Medieval Madness."""

from apps.museum.demo.stories.story import (
    BALL,
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
    SWITCHES,
    UNPLAYABLE,
    VERA,
    Need,
    Story,
    Work,
)

STORIES = (
    Story(
        "World Cup Soccer",
        OTHER,
        MINOR,
        "football doesn't spin any more",
        "Can",
        (
            Work(
                "Drive wheel glazed. Roughened with emery, pressed closer by one hole. "
                "Ball spins both ways.",
                25,
                SANA,
            ),
        ),
    ),
    Story(
        "World Cup Soccer",
        SWITCHES,
        MAJOR,
        "Goalie stands still in the middle. Scored 6 goals in a row, also nice",
        "Jakob",
        (
            Work(
                "Goalie cam switch broken off, motor waits for it. Glued the actuator "
                "as a test, fails after an hour.",
                40,
                MILO,
            ),
            Work(
                "New cam switch, keeper runs. Left him at normal speed although some "
                "asked for slow.",
                30,
                MILO,
                "",
                5,
            ),
        ),
        (Need("Micro switch with roller", 1, "electronics shop"),),
    ),
    Story(
        "Theatre of Magic",
        OTHER,
        MAJOR,
        "trunk turned and stopped crooked. magician says something is wrong",
        "Noemi",
        (
            Work(
                "Trunk position optos dusty, and a grub screw of the gear loose. "
                "Cleaned, tightened, homed to all four sides.",
                55,
                MILO,
            ),
        ),
    ),
    Story(
        "Theatre of Magic",
        BALL,
        MAJOR,
        "Trapdoor ate the ball",
        "",
        (
            Work(
                "Popper below the trapdoor weak: coil stop loose and bracket walking. "
                "Four new screws with thread lock.",
                30,
                SANA,
            ),
        ),
    ),
    Story(
        "Theatre of Magic", LIGHTS, MINOR, "half of the spirit ring lamps off", "Theresa", ago=4.3
    ),
    Story(
        "Attack from Mars",
        SWITCHES,
        MAJOR,
        "saucer targets won't go down any more",
        "Max",
        (
            Work(
                "Drop bank motor belt fine, the opto that sees it down was covered by a "
                "sticker residue. Cleaned with spirit. Mars attacked again at once.",
                30,
                MILO,
                picture="opto",
            ),
        ),
    ),
    Story(
        "Attack from Mars",
        LIGHTS,
        MINOR,
        "strobe is too much for me, got a headache",
        "Britta",
        (
            Work(
                "Strobe off in the menu; the sign at the stairs now says which machines have one.",
                10,
                MARA,
            ),
        ),
    ),
    Story(
        "Attack from Mars",
        OTHER,
        COSMETIC,
        "one Martian lost his arm",
        "Oskar + Ben",
        (
            Work(
                "Arm found in the outlane, glued with flexible glue and held by a clamp "
                "over night. He waves, stiffly.",
                15,
                SANA,
                wait=1,
            ),
        ),
    ),
    Story(
        "Attack from Mars",
        BALL,
        MINOR,
        "sometimes the ball hangs on the left ramp return",
        "",
        ago=0.9,
    ),
    Story(
        "Tales of the Arabian Nights",
        OTHER,
        MINOR,
        "magic lamp doesn't spin long",
        "Samira",
        (
            Work(
                "Bearing dusty. Washed it out and left it dry, that is how it spins "
                "longest. 14 turns from a soft hit.",
                20,
                SANA,
            ),
        ),
    ),
    Story(
        "Tales of the Arabian Nights",
        BALL,
        MAJOR,
        "Ball hangs at the genie and drops nothing happens",
        "",
        (
            Work(
                "Genie magnet's eddy sensor board out of tune. Adjusted the trimmer at "
                "the lamp until it just goes out with no ball there, as the manual "
                "says.",
                40,
                MILO,
            ),
        ),
    ),
    Story(
        "Scared Stiff",
        OTHER,
        MINOR,
        "spider stops between two fields",
        "Merle",
        (
            Work(
                "Spider motor stepped fine, the index opto was not. New opto, calibrated.", 35, MILO
            ),
        ),
    ),
    Story(
        "Scared Stiff",
        SWITCHES,
        MINOR,
        "left frog doesn't jump :(",
        "Anni, 5",
        (
            Work(
                "Frog's leaper assembly had lost its rubber. Made one from sheet, jumps "
                "higher than his brothers now.",
                25,
                SANA,
            ),
        ),
        (Need("Frog leaper rubber", 3, "made in the house"),),
    ),
    Story(
        "Safe Cracker",
        OTHER,
        MAJOR,
        "no token came out even though I won",
        "Felix",
        (
            Work(
                "Two tokens wedged in the chute, one was a washer from somebody's "
                "pocket. Removed, 40 in the tube counted. Felix has his token by mail.",
                30,
                MARA,
            ),
        ),
    ),
    Story(
        "Safe Cracker",
        DISPLAY,
        MINOR,
        "time runs too fast??",
        "",
        (
            Work(
                "No fault: the operator menu stood on tournament. Back on normal, more "
                "seconds for everybody.",
                5,
                SANA,
            ),
        ),
    ),
    Story(
        "Safe Cracker",
        LIGHTS,
        MINOR,
        "backglass board game: field 12 and 13 stay dark",
        "Ricarda",
        (
            Work(
                "Lamp board in the head: one column diode open. Soldered a new one from "
                "the front without taking the board out.",
                30,
                MILO,
            ),
        ),
    ),
    Story(
        "Cirqus Voltaire",
        OTHER,
        MAJOR,
        "green man stays down, I hear him trying",
        "Leo",
        (
            Work("Ringmaster lift rail dry and dirty. Cleaned, dry lube.", 35, SANA, FIXING),
            Work(
                "Came back after two days: a tooth missing on the lift gear. Printed a "
                "spare as a stopgap, brass one from the machinist fitted today. Rises.",
                70,
                SANA,
                GOOD,
                8,
            ),
        ),
        (Need("Lift gear, 24 teeth, brass", 1, "machinist in town"),),
    ),
    Story(
        "Cirqus Voltaire",
        LIGHTS,
        MINOR,
        "neon tube flickers",
        "",
        (
            Work(
                "High-voltage lead touched the ramp bracket. Moved it into its clip "
                "again, steady. Power off and five minutes' wait before touching, "
                "always.",
                25,
                MILO,
            ),
        ),
    ),
    Story(
        "Monster Bash",
        OTHER,
        MAJOR,
        "Frankenstein lies down in the middle of the song and never sits up",
        "Nina",
        (
            Work(
                "Table motor gearbox slipping. Shaft pin sheared. Turned a new one from "
                "silver steel.",
                85,
                MILO,
            ),
        ),
        (Need("Silver steel rod 2 mm", 1, "hardware shop"),),
    ),
    Story(
        "Monster Bash",
        OTHER,
        MINOR,
        "dracula stands in the way and doesn't go back in his coffin",
        "",
        (Work("Track switch two misaligned. Set, he runs out and in ten times.", 20, SANA),),
    ),
    Story(
        "Monster Bash",
        SWITCHES,
        MINOR,
        "Right orbit sensor missed 2 of my 5 shots",
        "Klaas",
        (Work("Rollover wire bent forward. Straightened; missed 0 of 30.", 10, SANA),),
    ),
    Story(
        "The Lord of the Rings",
        BALL,
        MAJOR,
        "ball stuck behind the Balrog",
        "Frodo",
        (
            Work(
                "Balrog arm screw loose, he swung too far and made a pocket. Tightened, "
                "added the stop rubber that was missing.",
                30,
                MILO,
            ),
        ),
    ),
    Story(
        "The Lord of the Rings",
        DISPLAY,
        MAJOR,
        "Display has dead lines across the middle",
        "Till",
        (
            Work("Ribbon reseated, lines come and go when tapped: the glass is going.", 25, SANA),
            Work(
                "New LED panel in, dimmed to the old orange. Old one kept as a spare "
                "for the bench.",
                30,
                SANA,
                "",
                10,
            ),
        ),
        (Need("Dot-matrix panel 128 x 32, LED", 1, "board maker"),),
    ),
    Story(
        "The Lord of the Rings",
        SWITCHES,
        MINOR,
        "sword lock shows a ball which is not there",
        "",
        (
            Work(
                "Opto receiver full of dust from the ramp. Cleaned with a brush, the "
                "phantom is gone.",
                15,
                MILO,
            ),
        ),
    ),
    Story(
        "Medieval Madness",
        OTHER,
        MAJOR,
        "Drawbridge stays half down",
        "Konrad",
        (
            Work(
                "Drawbridge motor limit switch bent by a flying ball. Bent back, small "
                "shield of lexan in front. Up and down forty times.",
                45,
                MILO,
            ),
        ),
    ),
    Story(
        "Medieval Madness",
        OTHER,
        MINOR,
        "left troll comes up but hitting him does nothing",
        "Mia",
        (
            Work(
                "Troll target's wire broke where it flexes. Replaced by silicone wire "
                "with a slack loop on both trolls.",
                35,
                SANA,
            ),
        ),
    ),
    Story(
        "Medieval Madness",
        BALL,
        MAJOR,
        "ball in the castle, castle won't spit it out",
        VERA,
        (
            Work(
                "Castle lock coil had its plunger magnetised and slow. New plunger and "
                "sleeve. Spits.",
                30,
                MILO,
            ),
        ),
        (Need("Plunger with link, castle lock", 1, "pinball parts dealer"),),
    ),
    Story(
        "Medieval Madness",
        FLIPPERS,
        UNPLAYABLE,
        "right flipper stuck up!!!",
        "Joanna",
        (
            Work(
                "Return spring broken in two, nothing electrical. New spring from the "
                "drawer, the left one too.",
                15,
                SANA,
                GOOD,
            ),
        ),
        (
            Need(
                "Flipper return spring",
                6,
                "pinball parts dealer",
                "Keep at least four in the drawer.",
            ),
        ),
    ),
    Story(
        "Medieval Madness",
        LIGHTS,
        MINOR,
        "King's payout arrow is not lighting",
        "Christoph",
        ago=0.15,
    ),
)
