"""How the stories are written down; `timeline` gives them their dates."""

from dataclasses import dataclass

from apps.museum.models import Category, MachineStatus, PartStatus, Priority

MILO, SANA, MARA = "maintainer@demo.example", "second@demo.example", "manager@demo.example"
VERA = "visitor@demo.example"

BALL, FLIPPERS, SWITCHES = Category.BALL, Category.FLIPPERS, Category.SWITCHES
LIGHTS, DISPLAY, SOUND = Category.LIGHTS, Category.DISPLAY, Category.SOUND
POWER, CABINET, OTHER = Category.POWER, Category.CABINET, Category.OTHER
UNTRIAGED, UNPLAYABLE, MAJOR = Priority.UNTRIAGED, Priority.UNPLAYABLE, Priority.MAJOR
MINOR, COSMETIC = Priority.MINOR, Priority.COSMETIC
GOOD, FIXING, BROKEN = MachineStatus.GOOD, MachineStatus.FIXING, MachineStatus.BROKEN
NEEDED, ORDERED = PartStatus.NEEDED, PartStatus.ORDERED
RECEIVED, FITTED = PartStatus.RECEIVED, PartStatus.FITTED


@dataclass(frozen=True)
class Work:
    """A log entry. `status` is the machine's afterwards, "" when it stays; `wait` in days."""

    text: str
    minutes: int
    by: str = MILO
    status: str = ""
    wait: float = 0.0
    picture: str = ""


@dataclass(frozen=True)
class Need:
    name: str
    quantity: int = 1
    supplier: str = ""
    notes: str = ""
    status: str = FITTED


@dataclass(frozen=True)
class Story:
    """A problem from report to repair. The last work closes it, unless there is an `ago`.

    `by` is an account's email, a visitor's name, or "". `ago` marks a story that is still open: the
    days since the last that happened in it.
    """

    machine: str
    category: str
    priority: str
    said: str
    by: str = ""
    work: tuple[Work, ...] = ()
    needs: tuple[Need, ...] = ()
    ago: float | None = None
