"""What the ORM reads at the moment: main as it is, a branch, or either as of a commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

MAIN = 0  # the branch number of the ordinary tables
INFINITY = 2**63 - 1  # `version_to` of what a branch holds now


class ReadOnly(Exception):
    """A write where only reading makes sense: in the past, or in a branch that is closed."""


class Pruned(Exception):
    """What was so long ago is not kept."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One branch's own rows; those of the layers above hide them."""

    branch: int
    at: int | None = None  # as of this commit; None: as they are now
    # What SQLite's planner cannot know of a table:
    has_rows: bool = True  # False: nothing but deletions
    few_left: bool = False  # few rows of main are as old as that commit
    few_ended: bool = False  # few versions had ended by then


@dataclass(frozen=True, slots=True)
class View:
    """What is seen through layers, the topmost first. The last one is main."""

    layers: tuple[Layer, ...]
    is_writable: bool = False
    is_changing: bool = False  # what is compiled is for several statements of a write

    @property
    def branch(self) -> int:
        """Where writes go."""
        return self.layers[0].branch

    @property
    def base(self) -> "View | None":
        """What the topmost layer lies on; None: main as it is."""
        return View(self.layers[1:]).simplified()

    def simplified(self) -> "View | None":
        """None for main as it is, which needs no substitution."""
        return None if self.layers == (Layer(MAIN),) else self


active: ContextVar[View | None] = ContextVar("versioning_view", default=None)


@contextmanager
def reading(view: View | None) -> Iterator[None]:
    """Within, every query of versioned models reads `view`, and writes to its branch."""
    token = active.set(view)
    try:
        yield
    finally:
        active.reset(token)
