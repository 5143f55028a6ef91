"""Penny Arcade and the first half of the Chime Gallery."""

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
        "Baffle Ball",
        BALL,
        MINOR,
        "only six marbles, one rolled under the cupboard i think",
        "Jonas",
        (
            Work(
                "Found it behind the skirting. Counted seven back into the cup and put "
                "a felt strip under the door so that none rolls out again.",
                10,
                SANA,
            ),
        ),
    ),
    Story(
        "Baffle Ball",
        CABINET,
        COSMETIC,
        "Glass has a big greasy hand print",
        "",
        (
            Work(
                "Cleaned the glass inside and out, waxed the coin slide. The hand print "
                "was on the inside: the back panel had been left unlocked. New rule: "
                "key back on the hook.",
                15,
                MARA,
            ),
        ),
    ),
    Story(
        "Ballyhoo",
        SWITCHES,
        MAJOR,
        "plunger goes in but nothing comes up",
        "Familie Brandt",
        (
            Work(
                "Ball lift lever had come off its pivot, the split pin was gone. New "
                "split pin, a drop of oil on the pivot, none anywhere near the paper.",
                25,
                SANA,
            ),
        ),
        (Need("Split pin 2 mm, brass", 5, "hardware shop"),),
    ),
    Story(
        "Ballyhoo",
        CABINET,
        MINOR,
        "One of the nails in the top arch is loose, I can wiggle it with the "
        "glass on by shaking the table. Please don't let it get lost.",
        VERA,
        (
            Work(
                "Took the arch pin out, filled the hole with a sliver of beech and hide "
                "glue, reset the pin to the old height with the depth stop.",
                40,
                MARA,
                wait=2,
            ),
        ),
    ),
    Story(
        "Contact",
        SOUND,
        MAJOR,
        "No ding when the ball goes in the hole",
        "Theo, 8",
        (
            Work(
                "Bell coil got 6 V but the striker was stuck in old oil. Cleaned sleeve "
                "and striker with spirit, put back dry. Rings again, Theo's father has "
                "been told.",
                30,
                SANA,
            ),
        ),
    ),
    Story(
        "Contact",
        POWER,
        UNPLAYABLE,
        "seems dead, hole does not kick the ball back",
        "",
        (
            Work(
                "Supply in the cabinet is fine. The kicker contact at the anti-tilt was "
                "oxidised green.",
                20,
                MILO,
                FIXING,
            ),
            Work(
                "Cleaned the contact with a strip of card and bent it back to a wiping "
                "touch. Kicked the ball out fifty times without a miss.",
                35,
                MILO,
                GOOD,
                1,
            ),
        ),
    ),
    Story(
        "Bumper",
        SWITCHES,
        MINOR,
        "The spring on the left doesn't count any more",
        "",
        (
            Work(
                "Spring sat off centre in its carbon ring, so it either shorted or "
                "missed. Bent it upright; counts on a light touch and does not chatter.",
                20,
                MILO,
            ),
        ),
    ),
    Story(
        "Bumper",
        DISPLAY,
        MAJOR,
        "counter stays on 300",
        "Lotte",
        (
            Work(
                "Advance pawl of the counter did not reach the next tooth when cold. "
                "Weak return spring.",
                25,
                SANA,
                FIXING,
            ),
            Work(
                "New return spring, pivot cleaned. Left the door open overnight at 12 "
                "degrees and it counted to the end.",
                30,
                SANA,
                GOOD,
                6,
            ),
        ),
        (Need("Return spring for counter wheel", 2, "spring assortment, workshop"),),
    ),
    Story(
        "Humpty Dumpty",
        FLIPPERS,
        MAJOR,
        "upper right flipper just lies there, the other five work. cute little things",
        "Carmen",
        (
            Work(
                "Link of the upper right flipper had walked off its plunger. New roll "
                "pin. While there I measured all six: 9 to 11 ohms, fine.",
                45,
                MILO,
            ),
        ),
        (Need("Roll pin, flipper link", 6, "pinball parts dealer"),),
    ),
    Story(
        "Humpty Dumpty",
        FLIPPERS,
        MINOR,
        "they feel very weak??",
        "",
        (
            Work(
                "They are meant to be weak, that is the story of this machine. Cleaned "
                "all six sleeves anyway and put a line about it on the sign.",
                35,
                SANA,
            ),
        ),
    ),
    Story(
        "Humpty Dumpty",
        LIGHTS,
        COSMETIC,
        "Humpty's face is dark",
        "Ines",
        (
            Work(
                "Two lamps in the head burnt out and one socket loose. Changed all "
                "lamps on that string to the warm low-current ones so the paint lasts.",
                20,
                MARA,
            ),
        ),
    ),
    Story(
        "Triple Action",
        BALL,
        MINOR,
        "Ball gets stuck on the right side above the flipper if its slow",
        "Piet",
        (
            Work(
                "A nail-hole plug stood proud by half a millimetre. Shaved level, "
                "sealed, waxed. Rolled the ball over it slowly thirty times.",
                30,
                SANA,
            ),
        ),
    ),
    Story(
        "Triple Action",
        FLIPPERS,
        UNPLAYABLE,
        "Both flippers dead in the middle of a game, and it smelled warm.",
        "Hannes",
        (
            Work(
                "Fuse of the flipper circuit open. The rectifier behind it is short in "
                "one leg; switched off and tagged.",
                30,
                MILO,
                BROKEN,
                picture="fuse",
            ),
            Work(
                "New rectifier bolted to the chassis with paste, fuse of the printed "
                "value. An hour of play, rectifier only hand-warm.",
                55,
                MILO,
                GOOD,
                5,
            ),
        ),
        (
            Need("Bridge rectifier, 35 A", 1, "electronics shop"),
            Need("Glass fuse, as on the fuse card", 5, "electronics shop", "Never a bigger one."),
        ),
    ),
    Story(
        "Super Jumbo",
        DISPLAY,
        MAJOR,
        "player 2 started with 300 points already",
        VERA,
        (
            Work(
                "Third reel of player two did not find zero: the zero contact on its "
                "index cam was burnt. Cleaned, spaced, tried the reset twenty times. "
                "Passed all twenty.",
                60,
                SANA,
            ),
        ),
    ),
    Story(
        "Super Jumbo",
        POWER,
        MAJOR,
        "Coin goes in, motor goes round and round and never stops",
        "Arne",
        (
            Work(
                "Score motor ran on because the home switch did not open. Leaf bent. I "
                "reset the gap and stopped there: it was late.",
                40,
                MILO,
                FIXING,
            ),
            Work(
                "Second look by daylight: two more leaves on that stack worn to a "
                "blade. Replaced both from the donor stack and documented the stack "
                "with photos.",
                80,
                MILO,
                GOOD,
                2,
            ),
        ),
    ),
    Story(
        "Balls-A-Poppin",
        BALL,
        UNPLAYABLE,
        "all the balls came out at once and now it won't start again!!",
        "Mila und Ole",
        (
            Work(
                "Gate solenoid stayed open with a broken spring, so the whole runway "
                "emptied. Closed by hand for the weekend, machine off.",
                15,
                SANA,
                BROKEN,
            ),
            Work(
                "New gate spring. Lift and gate work in turn again; timing checked "
                "against the schematic with a lamp in series.",
                70,
                MILO,
                GOOD,
                3,
            ),
        ),
        (Need("Extension spring 6 x 25 mm", 3, "spring assortment, workshop"),),
    ),
    Story(
        "Balls-A-Poppin",
        SWITCHES,
        MINOR,
        "one of the roundy bumpers doesn't bump",
        "",
        (
            Work(
                "Skirt of the centre bumper hung on a splinter. Sanded, waxed skirt and "
                "rod. Bumps.",
                20,
                SANA,
            ),
        ),
    ),
    Story(
        "Vagabond",
        SWITCHES,
        MAJOR,
        "the target in the middle won't come up again",
        "Robert K.",
        (
            Work(
                "Reset coil pulled but the target sat crooked in its slot. Guide "
                "bracket had lost a screw, which I found under the playfield, luckily "
                "not in the motor.",
                35,
                MILO,
            ),
        ),
    ),
    Story(
        "Vagabond",
        SOUND,
        MINOR,
        "Chimes sound like a dull spoon",
        "",
        (
            Work(
                "Plunger tips were mushroomed and stayed on the bars. Turned them down, "
                "new nylon tips, bars rehung on fresh grommets. Sings.",
                50,
                SANA,
                wait=4,
            ),
        ),
        (
            Need("Nylon chime plunger tip", 3, "pinball parts dealer"),
            Need("Rubber grommet, chime bar", 6, "pinball parts dealer"),
        ),
    ),
    Story(
        "Kings & Queens",
        BALL,
        MINOR,
        "ball stays in the upper left hole for ages",
        "Nele",
        (
            Work(
                "Kickout coil was fine, the hole's switch closed only with luck. "
                "Cleaned and re-gapped; kicks out within a second.",
                25,
                MILO,
            ),
        ),
    ),
    Story(
        "Kings & Queens",
        SWITCHES,
        MINOR,
        "Roto thing in the middle sticks sometimes.",
        "Gregor",
        (
            Work(
                "There is no roto on this one; he meant the centre rollover. Its wire "
                "form had dropped on one side, straightened and centred.",
                15,
                SANA,
            ),
        ),
    ),
    Story(
        "Bazaar",
        FLIPPERS,
        MAJOR,
        "flippers close together but then don't open any more so i can play forever :)",
        "Emil",
        (
            Work(
                "Emil got 40,000 that way. Zip latch did not release: gummed oil on the "
                "linkage. Took it apart, washed it, assembled dry.",
                75,
                MILO,
            ),
        ),
    ),
    Story(
        "Bazaar",
        LIGHTS,
        MINOR,
        "whole top dark",
        "",
        (
            Work(
                "GI socket string at the top: one socket with a broken solder tab took "
                "the rest with it. Bridged the tab with wire and checked the loop "
                "current.",
                30,
                SANA,
            ),
        ),
    ),
)
