from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """A machine model that was really manufactured. `designer` is "" where sources disagree."""

    name: str
    manufacturer: str
    year: int
    players: int
    designer: str
    text: str
