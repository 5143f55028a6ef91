"""New Wing, the hall's Godzilla, and what stands on the bench."""

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
    UNTRIAGED,
    Need,
    Story,
    Work,
)

STORIES = (
    Story(
        "Revenge from Mars",
        DISPLAY,
        UNPLAYABLE,
        "Screen stays black, but you hear the martians laughing",
        "Erik",
        (
            Work(
                "Monitor has no heater glow. Fuse on the chassis open; capacitor next "
                "to it bulging although it was changed.",
                40,
                MILO,
                BROKEN,
            ),
            Work(
                "Capacitor of a better make, 105 degree type, and a fuse of the same "
                "value. Geometry set with the test grid, picture steady for three "
                "evenings.",
                95,
                MILO,
                GOOD,
                9,
            ),
        ),
        (Need("Electrolytic capacitor 100 uF 160 V, 105 degrees", 2, "electronics shop"),),
    ),
    Story(
        "Revenge from Mars",
        OTHER,
        MINOR,
        "hangs at loading, 20 min",
        "",
        (
            Work(
                "Watchdog had not caught it; reseated the card in its slot, boots in 90 "
                "seconds, ten times.",
                30,
                SANA,
            ),
        ),
    ),
    Story(
        "The Wizard of Oz",
        LIGHTS,
        MAJOR,
        "lamps on the left half all turned pink and then off",
        "Lilly",
        (
            Work(
                "Light board seven in the chain does not pass data on. Bridged with the "
                "test jumper to prove it.",
                45,
                MILO,
                FIXING,
            ),
            Work(
                "Spare light board fitted, chain complete, rainbow test runs. Old board "
                "to the repair pile: driver chip.",
                40,
                MILO,
                GOOD,
                6,
            ),
        ),
        (Need("Light board no. 7", 1, "manufacturer"),),
    ),
    Story(
        "The Wizard of Oz",
        OTHER,
        MINOR,
        "flying monkey doesn't fly",
        "Ida, 7",
        (
            Work(
                "Monkey's magnet fine, the carriage ran off the end of its thread. Ran "
                "it back by hand, end stop re-glued.",
                40,
                SANA,
            ),
        ),
    ),
    Story(
        "The Wizard of Oz",
        FLIPPERS,
        MINOR,
        "upper left mini flipper is hot?",
        "",
        (
            Work(
                "Not hot, 45 degrees after two hours. Hold power lowered by one step in "
                "the menu all the same.",
                15,
                SANA,
            ),
        ),
    ),
    Story(
        "Total Nuclear Annihilation",
        SOUND,
        MINOR,
        "my kids put their hands over their ears the whole time",
        "Dorothee",
        (
            Work(
                "Weekend volume down by four, bass limited. The meter says 74 dB at the lockbar.",
                10,
                MARA,
            ),
        ),
    ),
    Story(
        "Total Nuclear Annihilation",
        SWITCHES,
        MAJOR,
        "drop targets stay down after the reactor blows",
        "Marcel",
        (
            Work(
                "Reset coil connector loose after transport. Pushed home, locked with a tie.",
                15,
                MILO,
            ),
        ),
    ),
    Story(
        "Iron Maiden: Legacy of the Beast",
        BALL,
        MINOR,
        "Ball hangs on the pharaoh ramp's left side",
        "Eddie",
        (
            Work(
                "A protector washer stuck out into the track. Trimmed. No hang in 40 tries.",
                20,
                SANA,
            ),
        ),
    ),
    Story(
        "Iron Maiden: Legacy of the Beast",
        FLIPPERS,
        MAJOR,
        "lower right flipper dies when you hold it long",
        "",
        (
            Work(
                "Node board log says over-current on that coil. EOS gap too wide. Set "
                "to 1 mm, held it for five minutes.",
                30,
                MILO,
            ),
        ),
    ),
    Story(
        "Jurassic Park",
        OTHER,
        MAJOR,
        "T-Rex doesn't let go of the ball",
        "Jonathan",
        (
            Work(
                "Jaw servo horn cracked, jaw shuts but won't open. Machine to the bench "
                "since the whole head has to come off.",
                60,
                SANA,
                FIXING,
            ),
            Work(
                "Head off, servo out. It needs the metal horn that the maker sells now; "
                "the plastic one will only crack again.",
                70,
                SANA,
                "",
                3,
            ),
        ),
        (Need("Servo horn, metal, T. rex jaw", 1, "manufacturer", "", ORDERED),),
        ago=0.8,
    ),
    Story(
        "Jurassic Park",
        BALL,
        MINOR,
        "left ramp rejects",
        "Hanna",
        (
            Work(
                "Flap edge up by a millimetre, as noted at the stocktake. Rivet "
                "replaced, flap flat.",
                25,
                MILO,
            ),
        ),
    ),
    Story(
        "Jurassic Park",
        OTHER,
        COSMETIC,
        "the little jeep lost a wheel",
        "",
        (Work("Found under the apron, glued. Parked straight again.", 10, SANA),),
    ),
    Story(
        "Godzilla",
        OTHER,
        MAJOR,
        "building won't go up again after it collapsed",
        "Kenji",
        (
            Work(
                "Building lift reports a jam: a broken switch roller lay in the "
                "mechanism. Removed, lift re-homed from the menu.",
                35,
                MILO,
            ),
            Work(
                "New roller switch in. Twenty collapses, counted aloud with the visitors.",
                25,
                MILO,
                "",
                4,
            ),
        ),
        (Need("Roller switch, building lift", 1, "manufacturer"),),
    ),
    Story(
        "Godzilla",
        SWITCHES,
        MINOR,
        "the spinner on the right sticks when shot lightly",
        "Aurelia",
        (Work("Burr on the spinner bracket. Filed and polished, spins in a draught.", 15, SANA),),
    ),
    Story(
        "Godzilla",
        OTHER,
        MINOR,
        "Wifi symbol with a cross on the screen",
        "",
        (
            Work(
                "It looked for the old network. Joined the house network for machines, "
                "update installed, high scores kept.",
                15,
                MILO,
            ),
        ),
    ),
    Story(
        "Godzilla",
        CABINET,
        MINOR,
        "start button doesn't light, you have to know where it is",
        "Helmut",
        (Work("LED in the button dead, button itself good. Swapped LED.", 10, SANA),),
    ),
    Story(
        "Pulp Fiction",
        DISPLAY,
        MINOR,
        "last letter of the display always shows an 8",
        "Uma",
        (
            Work(
                "Display ribbon not fully home on one side. Seated, latched. The "
                "letters are letters.",
                10,
                SANA,
            ),
        ),
    ),
    Story(
        "Pulp Fiction",
        FLIPPERS,
        MINOR,
        "left flipper sits lower than the right",
        "",
        (
            Work(
                "Pawl slipped on the shaft. Aligned both to the guide line with a "
                "straightedge, tightened to the click.",
                25,
                MILO,
            ),
        ),
    ),
    Story("Pulp Fiction", OTHER, UNTRIAGED, "Glass rattles on loud parts", "Rosa", ago=0.6),
    Story(
        "Jaws",
        OTHER,
        MAJOR,
        "shark doesn't come up",
        "Malte",
        (
            Work(
                "Shark motor over-current after a ball got below. Fished the ball out "
                "with the magnet, mech re-homed. Wrote to the maker about the gap.",
                40,
                MILO,
            ),
        ),
    ),
    Story(
        "Jaws",
        BALL,
        MINOR,
        "ball goes under the apron and stays",
        "",
        (Work("Apron tab not engaged after unpacking. Clicked in.", 5, SANA),),
    ),
    Story(
        "Jaws",
        SWITCHES,
        UNTRIAGED,
        "Left target bank seems not to count when I hit the one at the back",
        "Philippa",
        ago=0.3,
    ),
    Story(
        "Jaws",
        FLIPPERS,
        MAJOR,
        "right flipper has lost a lot of strength since saturday, can't make the ramp",
        "Ole",
        (
            Work(
                "Measured: flipper power drops 20 percent after half an hour. Link worn "
                "and bat dragging, new kit needed. Playable meanwhile, bat raised by 1 "
                "mm.",
                30,
                MILO,
            ),
        ),
        (Need("Flipper rebuild kit, Spike", 1, "pinball parts dealer", "", ORDERED),),
        ago=2.1,
    ),
    Story("Gorgar", SOUND, UNTRIAGED, "", "", ago=1.6),
    Story(
        "Taxi",
        SWITCHES,
        MINOR,
        "Pin-Bot does not get in the cab, drop target stays up",
        "Ronja",
        ago=7.2,
        needs=(Need("Drop target, yellow", 1, "pinball parts dealer", "", NEEDED),),
    ),
    Story(
        "Wizard!",
        FLIPPERS,
        UNPLAYABLE,
        "Nothing on the left side works, flipper and the kicker",
        "Marlene",
        (
            Work(
                "Fuse for the left side blows again within seconds. Kicker coil "
                "insulation worn through to the bracket. Off until a coil is here.",
                40,
                SANA,
                BROKEN,
                picture="fuse",
            ),
        ),
        (
            Need(
                "Slingshot coil, Bally EM",
                1,
                "pinball parts dealer",
                "Also look in the donor cabinet in the cellar.",
                NEEDED,
            ),
            Need("Glass fuse, as on the fuse card", 10, "electronics shop", "", RECEIVED),
        ),
        ago=1.6,
    ),
    Story(
        "Space Shuttle",
        POWER,
        UNPLAYABLE,
        "does not turn on at all, no lights nothing",
        "Daniel",
        (
            Work(
                "Line fuse good, switch on the bottom good. Thermal cut-out in the "
                "transformer open when warm. Transformer on order, machine off.",
                50,
                MILO,
                BROKEN,
            ),
        ),
        (
            Need(
                "Mains transformer, System 9",
                1,
                "pinball parts dealer",
                "Second-hand is fine if the taps are all there.",
                ORDERED,
            ),
        ),
        ago=5.2,
    ),
)
