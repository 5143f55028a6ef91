"""Work that nobody had to ask for. The keys say on which kind of machine it is done."""

from apps.museum.models import Era

ROUTINE: dict[str, tuple[tuple[str, int], ...]] = {
    Era.ELECTROMECHANICAL: (
        (
            (
                "Playfield cleaned with a damp cloth only, waxed with carnauba, new "
                "ball. The old ball had a flat you could feel."
            ),
            45,
        ),
        ("Went through all score reel contacts with a strip of card. No file, no spray.", 60),
        ("Cleaned the score motor, one drop of oil on each end bearing. Runs a third quieter.", 40),
        ("Rubber rings on the lower third changed, bats too.", 50),
        (
            (
                "Checked every fuse against the card in the cabinet. One was too big, "
                "put the right value in."
            ),
            20,
        ),
        (
            (
                "Stepper units lifted out, discs cleaned with a fibre pen, wipers set "
                "to even pressure."
            ),
            90,
        ),
        ("Tilt bob centred and cleaned, it had been tilting from a stern look.", 15),
        ("Backglass lamps checked for heat, every third one taken out to spare the paint.", 25),
    ),
    Era.SOLID_STATE: (
        ("Full clean: plastics off, washed, flame-dried. Wax. New ring set from the kit.", 150),
        (
            (
                "Voltages measured and written inside the head: logic supply 5.02 V, "
                "high voltage 172 V."
            ),
            20,
        ),
        ("Displays off, contacts cleaned, put back. Brightness even now.", 30),
        ("Interconnect between processor and driver board cleaned; pins still bright.", 35),
        ("New balls. Old ones were pitted and had begun to sand the lanes.", 15),
        (
            (
                "Flippers rebuilt, both sides, sleeves, links, stops and EOS. Feels "
                "like the flyer promised."
            ),
            80,
        ),
        ("Switch edge test from the coin door, every switch by hand. One stand-up re-gapped.", 30),
        (
            (
                "Removed the battery from its holder on the board for good, memory "
                "module in its place."
            ),
            40,
        ),
    ),
    Era.DOT_MATRIX: (
        ("Waxed, balls changed, ramps cleaned with plastic polish.", 70),
        ("All optos cleaned with a dry brush. Test menu shows no open ones.", 35),
        (
            (
                "GI connectors inspected with a mirror: no browning. Looked again with "
                "the thermometer after an hour, 38 degrees."
            ),
            25,
        ),
        ("Level checked: 6.5 degrees, left to right within a hair.", 10),
        ("Batteries changed, date on the holder, settings photographed before.", 10),
        ("Trough taken out, divots filed smooth, reinforced with the steel insert.", 60),
        ("Flipper bats re-rubbered, alignment by the lane guides.", 20),
        ("Coil stops tightened all over the underside. Three were loose, none yet walking.", 45),
        ("Glass out, both sides cleaned, edge grooves vacuumed.", 15),
    ),
    Era.MODERN: (
        ("Code updated, high scores exported first. Test menu clean.", 20),
        (
            (
                "Waxed, glass cleaned, playfield protectors moved by a millimetre where "
                "they had left a line."
            ),
            40,
        ),
        ("Node board connectors pushed home one by one. Nothing loose, good to know.", 20),
        ("Ball guides and posts tightened, new wood settles in its first year.", 35),
        ("Balls changed after 3,000 games by the audit.", 10),
    ),
}
