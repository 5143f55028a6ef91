from apps.museum.demo.facts.fact import Fact

MODERN = (
    Fact(
        "Revenge from Mars",
        "Bally",
        1999,
        4,
        "George Gomez",
        "The first of the two Pinball 2000 games: a monitor in the head is "
        "reflected in the playfield glass, so the ball seems to hit video "
        "Martians. Williams left pinball within the year.",
    ),
    Fact(
        "The Wizard of Oz",
        "Jersey Jack Pinball",
        2013,
        4,
        "Joe Balcer",
        "The first game of Jersey Jack Pinball, and the one that brought a "
        "large colour screen into the backbox. The lamps under the playfield "
        "can all show any colour.",
    ),
    Fact(
        "Total Nuclear Annihilation",
        "Spooky Pinball",
        2017,
        4,
        "Scott Danesi",
        "A fast single-level game in the style of the early eighties. Its "
        "designer also composed the music. Blow up nine reactors, each harder "
        "than the one before.",
    ),
    Fact(
        "Iron Maiden: Legacy of the Beast",
        "Stern",
        2018,
        4,
        "Keith Elwin",
        "The first Stern by Keith Elwin, who was one of the most successful "
        "tournament players before he became a designer. Twelve songs of the "
        "band play.",
    ),
    Fact(
        "Jurassic Park",
        "Stern",
        2019,
        4,
        "Keith Elwin",
        "Drive the map of the park, rescue staff and keep away from the "
        "raptors. On this edition the Tyrannosaurus bends down to grab the "
        "ball.",
    ),
    Fact(
        "Godzilla",
        "Stern",
        2021,
        4,
        "Keith Elwin",
        "On this edition a building in the middle collapses while you play. "
        "Scenes and sounds come from the old Toho films.",
    ),
    Fact(
        "Pulp Fiction",
        "Chicago Gaming",
        2023,
        4,
        "Mark Ritchie",
        "A new machine that pretends to be from the late eighties: segment "
        "displays instead of a screen, and a playfield with plain, hard shots.",
    ),
    Fact(
        "Jaws",
        "Stern",
        2024,
        4,
        "Keith Elwin",
        "Based on the film of 1975: protect the swimmers, then hunt the shark. "
        "Richard Dreyfuss recorded new lines as Hooper.",
    ),
)
