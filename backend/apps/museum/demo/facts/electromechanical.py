from apps.museum.demo.facts.fact import Fact

ELECTROMECHANICAL = (
    Fact(
        "Baffle Ball",
        "Gottlieb",
        1931,
        1,
        "",
        "A countertop box with pins, a plunger and no electricity. It was the "
        "first big success of David Gottlieb's company and helped to make "
        "coin-operated pin games a craze in the Depression years.",
    ),
    Fact(
        "Ballyhoo",
        "Bally",
        1931,
        1,
        "",
        "Raymond Moloney's first game, named after a satirical magazine of the "
        "day. It sold so well that his company took its own name from it: "
        "Bally.",
    ),
    Fact(
        "Contact",
        "Pacific Amusement",
        1933,
        1,
        "Harry Williams",
        "One of the first pin games with electricity: a solenoid kicks the ball "
        "out of a scoring hole and a bell rings. Harry Williams later founded "
        "the company that carries his name.",
    ),
    Fact(
        "Bumper",
        "Bally",
        1936,
        1,
        "",
        "Wire-spring bumpers close a contact when the ball hits them, so a ball "
        "no longer has to fall into a hole to score. There are no flippers yet; "
        "players nudged the cabinet instead.",
    ),
    Fact(
        "Humpty Dumpty",
        "Gottlieb",
        1947,
        1,
        "Harry Mabs",
        "The first pinball machine with player-controlled flippers. It has six "
        "of them, three up each side, and they are far weaker than the ones we "
        "know today.",
    ),
    Fact(
        "Triple Action",
        "Genco",
        1948,
        1,
        "Steve Kordek",
        "Steve Kordek needed only two flippers and put them near the bottom of "
        "the playfield. The whole industry followed; Kordek went on to design "
        "machines for more than fifty years.",
    ),
    Fact(
        "Super Jumbo",
        "Gottlieb",
        1954,
        4,
        "",
        "The first flipper game for four players, each with a score of their "
        "own. Until then friends had to take turns and remember their results.",
    ),
    Fact(
        "Balls-A-Poppin",
        "Bally",
        1956,
        2,
        "",
        "Generally regarded as the first flipper game with multiball. Several "
        "balls rush onto the playfield at once, four decades before that was "
        "ordinary.",
    ),
    Fact(
        "Vagabond",
        "Williams",
        1962,
        1,
        "",
        "It introduced the drop target: a target that disappears below the "
        "playfield when the ball hits it. Hardly a machine of the seventies "
        "does without it.",
    ),
    Fact(
        "Kings & Queens",
        "Gottlieb",
        1965,
        1,
        "Wayne Neyens",
        "A card-themed single-player game by Wayne Neyens, Gottlieb's chief "
        "designer of the time. A Kings & Queens can be seen in the film Tommy "
        "from 1975.",
    ),
    Fact(
        "Bazaar",
        "Bally",
        1966,
        1,
        "Ted Zale",
        "The first game with zipper flippers: hit the right target, and the two "
        "flippers slide together until nothing can drain between them.",
    ),
    Fact(
        "Beat Time",
        "Williams",
        1967,
        2,
        "",
        "A salute to the Beatles without paying for a licence: the band on the "
        "backglass is called The Bootles.",
    ),
    Fact(
        "2001",
        "Gottlieb",
        1971,
        1,
        "Ed Krynski",
        "Two banks of ten drop targets face each other across the playfield. "
        "Knocking down every colour is harder than it looks from here.",
    ),
    Fact(
        "Fireball",
        "Bally",
        1972,
        4,
        "Ted Zale",
        "A spinning rubber disc in the middle throws the ball wherever it "
        "likes. Two more balls can be held and released for multiball, and "
        "zipper flippers close the drain.",
    ),
    Fact(
        "Nip-It",
        "Bally",
        1973,
        4,
        "Ted Zale",
        "Its Balligator is a mechanical jaw that snaps at the ball from the "
        "side. Television made it familiar: it is the machine at Arnold's in "
        "the series Happy Days.",
    ),
    Fact(
        "Wizard!",
        "Bally",
        1975,
        4,
        "Greg Kmiec",
        "Made to go with the film Tommy, with Ann-Margret and Roger Daltrey on "
        "the backglass. Little flags on the playfield turn up as the shots are "
        "made.",
    ),
    Fact(
        "Captain Fantastic",
        "Bally",
        1976,
        4,
        "Greg Kmiec",
        "Elton John as the Pinball Wizard of Tommy. More than 16,000 were made, "
        "more than of almost any other electromechanical game.",
    ),
    Fact(
        "Space Mission",
        "Williams",
        1976,
        4,
        "Steve Kordek",
        "Inspired by the meeting of Apollo and Soyuz in orbit the year before. "
        "The target in the middle swings from side to side, and hitting it in "
        "motion is the whole game.",
    ),
    Fact(
        "Royal Flush",
        "Gottlieb",
        1976,
        4,
        "Ed Krynski",
        "A slanted row of playing-card drop targets is the heart of it: clear a "
        "poker hand for the bonus. Gottlieb painted cards more often than any "
        "other theme.",
    ),
    Fact(
        "Centigrade 37",
        "Gottlieb",
        1977,
        1,
        "Allen Edwall",
        "A thermometer in the backglass rises with each good shot. One of the "
        "last great single-player machines before electronics took over.",
    ),
)
