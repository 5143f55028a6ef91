from apps.museum.demo.facts.fact import Fact

SOLID_STATE = (
    Fact(
        "Eight Ball",
        "Bally",
        1977,
        4,
        "George Christian",
        "One of the first electronic games to remember what each player had "
        "achieved from ball to ball. More than 20,000 were built, a record that "
        "stood until The Addams Family.",
    ),
    Fact(
        "Flash",
        "Williams",
        1979,
        4,
        "Steve Ritchie",
        "It used bright flash lamps and a continuous background sound that "
        "rises while you play. Both have been part of pinball ever since.",
    ),
    Fact(
        "Gorgar",
        "Williams",
        1979,
        4,
        "Barry Oursler",
        "The first talking pinball machine. Gorgar knows seven words, and a "
        "heartbeat that gets faster the longer your ball lives.",
    ),
    Fact(
        "Paragon",
        "Bally",
        1979,
        4,
        "Greg Kmiec",
        "A wide-body machine with a fantasy world by the artist Paul Faris. Its "
        "Beast's Lair swallows more balls than beginners like.",
    ),
    Fact(
        "Firepower",
        "Williams",
        1980,
        4,
        "Steve Ritchie",
        "The first electronic machine with multiball, and it speaks. It also "
        "brought Lane Change: the flipper button moves the lit lane at the top.",
    ),
    Fact(
        "Black Knight",
        "Williams",
        1980,
        4,
        "Steve Ritchie",
        "Two playfields, one above the other, and Magna-Save: a magnet at the "
        "outlane that the player switches on to save the ball. The Knight "
        "taunts you throughout.",
    ),
    Fact(
        "Xenon",
        "Bally",
        1980,
        4,
        "Greg Kmiec",
        "The voice belongs to Suzanne Ciani, a pioneer of electronic music who "
        "also made its sounds. A clear tube carries the ball across the "
        "playfield.",
    ),
    Fact(
        "Centaur",
        "Bally",
        1981,
        4,
        "Jim Patla",
        "Black-and-white artwork with red lamps, a voice full of echo, and up "
        "to five balls at once. The creature is half man, half motorcycle.",
    ),
    Fact(
        "Black Hole",
        "Gottlieb",
        1981,
        4,
        "",
        "Below the main playfield lies a second one, seen through a window, "
        "that slopes the other way: the ball rolls away from you.",
    ),
    Fact(
        "Fathom",
        "Bally",
        1981,
        4,
        "Ward Pemberton",
        "An underwater scene with mermaids by the artist Greg Freres. Banks of "
        "drop targets guard both sides, and up to three balls are in play at "
        "once.",
    ),
    Fact(
        "Haunted House",
        "Gottlieb",
        1982,
        4,
        "John Osborne",
        "Three playfields: ground floor, attic and a cellar under glass where "
        "the ball rolls uphill. It needs eight flippers to reach them all.",
    ),
    Fact(
        "Space Shuttle",
        "Williams",
        1984,
        4,
        "Barry Oursler",
        "A plastic orbiter stands in the middle of the playfield. It sold well "
        "when pinball was thought to be finished, and kept Williams in the "
        "business.",
    ),
    Fact(
        "High Speed",
        "Williams",
        1986,
        4,
        "Steve Ritchie",
        "Steve Ritchie turned his own run from the police into a game: run the "
        "red light, then escape. A red beacon turns on top of the cabinet.",
    ),
    Fact(
        "Pin-Bot",
        "Williams",
        1986,
        4,
        "Barry Oursler",
        "Fill the grid of lamps and the robot's visor opens; a ball in each eye "
        "socket gives it sight. Python Anghelo drew the solar system that you "
        "travel through.",
    ),
    Fact(
        "F-14 Tomcat",
        "Williams",
        1987,
        4,
        "Steve Ritchie",
        "Among the fastest machines of its decade. Three beacons turn on top of "
        "the backbox while you chase the enemy pilot Yagov.",
    ),
    Fact(
        "Cyclone",
        "Williams",
        1988,
        4,
        "Barry Oursler",
        "A roller coaster ramp, a ferris wheel that carries the ball and a "
        "mystery wheel in the backbox. Look for Ronald and Nancy Reagan in the "
        "front seats on the backglass.",
    ),
    Fact(
        "Taxi",
        "Williams",
        1988,
        4,
        "Mark Ritchie",
        "Collect five passengers: Pin-Bot, Dracula, Gorbie, Santa and a blonde. "
        "She was Marilyn at first and is called Lola on most machines.",
    ),
    Fact(
        "Banzai Run",
        "Williams",
        1988,
        4,
        "Pat Lawlor",
        "A second playfield stands upright in the backbox; a magnet lifts the "
        "ball up to it. It was Pat Lawlor's first machine for Williams.",
    ),
    Fact(
        "Earthshaker!",
        "Williams",
        1989,
        4,
        "Pat Lawlor",
        "A motor in the cabinet shakes the whole machine, the first time a game "
        "did that. A few early ones even have a building that sinks into the "
        "playfield.",
    ),
    Fact(
        "Whirlwind",
        "Williams",
        1990,
        4,
        "Pat Lawlor",
        "Three discs spin in the playfield and a fan on top blows in your face "
        "when the storm comes.",
    ),
    Fact(
        "Funhouse",
        "Williams",
        1990,
        4,
        "Pat Lawlor",
        "Rudy, the head in the playfield, follows the ball with his eyes and "
        "talks until the clock strikes midnight and he falls asleep. His voice "
        "is Ed Boon's, later co-creator of Mortal Kombat.",
    ),
)
