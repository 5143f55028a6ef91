from apps.museum.demo.facts.fact import Fact

DOT_MATRIX = (
    Fact(
        "Terminator 2: Judgment Day",
        "Williams",
        1991,
        4,
        "Steve Ritchie",
        "The first machine that Williams designed around a dot-matrix display, "
        "with a video mode on it. You fire the ball with a gun grip, and Arnold "
        "Schwarzenegger recorded the lines.",
    ),
    Fact(
        "The Addams Family",
        "Bally",
        1992,
        4,
        "Pat Lawlor",
        "The best-selling flipper machine ever: more than 20,000. Thing's hand "
        "takes the ball, magnets under the playfield lead it astray, and Raul "
        "Julia and Anjelica Huston speak.",
    ),
    Fact(
        "The Getaway: High Speed II",
        "Williams",
        1992,
        4,
        "Steve Ritchie",
        "The Supercharger, a loop with magnets, accelerates the ball around and "
        "around. You change gear with a lever where the plunger would be.",
    ),
    Fact(
        "Fish Tales",
        "Williams",
        1992,
        4,
        "Mark Ritchie",
        "The ball is launched with the handle of a fishing rod, and a large "
        "fish lies on top of the backbox and flaps its tail. Lie about your "
        "catch for more points.",
    ),
    Fact(
        "Creature from the Black Lagoon",
        "Bally",
        1992,
        4,
        "John Trudeau",
        "An evening at a 1950s drive-in cinema. When you find the Creature, it "
        "appears as a real hologram under the playfield.",
    ),
    Fact(
        "Twilight Zone",
        "Bally",
        1993,
        4,
        "Pat Lawlor",
        "A working clock, a gumball machine full of balls and the Powerball, a "
        "white ceramic ball that is lighter, faster and immune to magnets.",
    ),
    Fact(
        "Indiana Jones: The Pinball Adventure",
        "Williams",
        1993,
        4,
        "Mark Ritchie",
        "You tilt the small playfield at the top yourself to cross the Path of "
        "Adventure. Modes tell scenes from the first three films.",
    ),
    Fact(
        "Star Trek: The Next Generation",
        "Williams",
        1993,
        4,
        "Steve Ritchie",
        "A wide-body with two ball-firing cannons and a maze of tracks below "
        "the playfield. The cast of the series recorded new lines for it.",
    ),
    Fact(
        "White Water",
        "Williams",
        1993,
        4,
        "Dennis Nordman",
        "A rafting trip down steep, crossing ramps past Bigfoot to Wet "
        "Willie's. The topper shows a flowing river.",
    ),
    Fact(
        "World Cup Soccer",
        "Bally",
        1994,
        4,
        "John Popadiuk",
        "Made for the championship in the United States, with its mascot "
        "Striker, a dog. The goalkeeper moves, and the big football spins under "
        "its own motor.",
    ),
    Fact(
        "Theatre of Magic",
        "Bally",
        1995,
        4,
        "John Popadiuk",
        "The magic trunk turns on its axis, holds the ball by a magnet and "
        "makes it disappear. Illusions are the modes.",
    ),
    Fact(
        "Attack from Mars",
        "Bally",
        1995,
        4,
        "Brian Eddy",
        "Three targets drop away, the ball enters the saucer, and Earth is "
        "saved country by country. The rubber Martians shake when they are hit.",
    ),
    Fact(
        "Tales of the Arabian Nights",
        "Williams",
        1996,
        4,
        "John Popadiuk",
        "A genie guards the middle and a magic lamp spins whenever the ball "
        "brushes past it. Every tale that you live through earns a jewel.",
    ),
    Fact(
        "Scared Stiff",
        "Bally",
        1996,
        4,
        "Dennis Nordman",
        "Elvira hosts a night of bad horror films. The spider in the backbox "
        "spins for prizes, and rubber frogs leap when the ball bumps them.",
    ),
    Fact(
        "Safe Cracker",
        "Bally",
        1996,
        4,
        "Pat Lawlor",
        "Smaller than others and played against the clock, with a board game in "
        "the backbox. Winners get a real token, which starts a special round "
        "when it is put back in.",
    ),
    Fact(
        "Medieval Madness",
        "Williams",
        1997,
        4,
        "Brian Eddy",
        "Break the gate, blow up the castle, beware of the trolls that pop up "
        "from the playfield. Tina Fey is one of the voices.",
    ),
    Fact(
        "Cirqus Voltaire",
        "Bally",
        1997,
        4,
        "John Popadiuk",
        "The green Ringmaster's head rises out of the playfield and mocks you; "
        "a magnet holds the ball before him. The display sits low, at the back "
        "of the playfield.",
    ),
    Fact(
        "Monster Bash",
        "Williams",
        1998,
        4,
        "George Gomez",
        "Gather Dracula, Frankenstein, the Bride, the Mummy, the Wolf Man and "
        "the Creature, and they form a rock band. Frankenstein sits up from his "
        "table.",
    ),
    Fact(
        "The Lord of the Rings",
        "Stern",
        2003,
        4,
        "George Gomez",
        "All three films in one game; a game by a good player can take an hour. "
        "A magnet holds the ball in the One Ring, and a Balrog swings in front "
        "of the bridge.",
    ),
)
