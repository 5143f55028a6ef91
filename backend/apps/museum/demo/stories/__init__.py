"""A year of problems and repairs, machine by machine, oldest first within each."""

from apps.museum.demo.stories import (
    arcade,
    chimes,
    dot_matrix,
    mezzanine,
    modern,
    nineties,
    solid_state,
)
from apps.museum.demo.stories.routine import ROUTINE
from apps.museum.demo.stories.story import Need, Story, Work

STORIES: tuple[Story, ...] = (
    *arcade.STORIES,
    *chimes.STORIES,
    *solid_state.STORIES,
    *mezzanine.STORIES,
    *dot_matrix.STORIES,
    *nineties.STORIES,
    *modern.STORIES,
)

__all__ = ("ROUTINE", "STORIES", "Need", "Story", "Work")
