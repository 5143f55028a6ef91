"""Workflows by name and version."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django.utils.module_loading import autodiscover_modules

from longhouse.workflows.exceptions import Gone

if TYPE_CHECKING:
    from longhouse.workflows.models import Run

NAME_LENGTH: Final = 200


@dataclass(frozen=True)
class Definition:
    """One version of a workflow."""

    function: Callable[..., Any]
    name: str
    version: int
    #: the queue of its jobs
    queue: str
    #: how often in a row it may die or fail between two steps
    stalls: int

    def start(self, *args: Any, user: Any = None, key: str = "", **kwargs: Any) -> "Run":
        """Start a run in the caller's transaction; with the `key` of another run it is that one.

        Raises TooLarge for arguments that are no JSON, or too large.
        """
        from longhouse.workflows import services

        return services.start(self, args, kwargs, user=user, key=key)


_known: Final[dict[tuple[str, int], Definition]] = {}


def workflow(
    *, version: int, name: str = "", queue: str = "default", stalls: int = 5
) -> Callable[[Callable[..., Any]], Definition]:
    """Make a function a workflow; its first argument is a Context, the others are JSON.

    A run finishes on the version on which it began: whoever changes the steps writes a new
    function with a higher version, and keeps the old one, under the same `name`, until its runs
    have ended. Raises ValueError for a version that another function has.
    """

    def define(function: Callable[..., Any]) -> Definition:
        made = Definition(
            function=function,
            name=name or f"{function.__module__}.{function.__qualname__}",
            version=version,
            queue=queue,
            stalls=stalls,
        )
        if len(made.name) > NAME_LENGTH:
            raise ValueError(f"The name {made.name} is longer than {NAME_LENGTH} characters.")
        if (made.name, version) in _known:
            raise ValueError(f"There are two versions {version} of the workflow {made.name}.")
        _known[made.name, version] = made
        return made

    return define


@cache
def discover() -> None:
    """Import `workflows` of every installed app."""
    autodiscover_modules("workflows")


def find(name: str, version: int) -> Definition:
    """Raises Gone for a version of which the code has only newer ones, and LookupError for one that
    it does not have yet: a newer worker will."""
    discover()
    if found := _known.get((name, version)):
        return found
    versions = sorted(number for known, number in _known if known == name)
    if versions and version < versions[-1]:
        raise Gone(
            f"This code has no version {version} of {name} any more (it has {versions}): "
            "bring that version back until its runs have ended, or start the run anew."
        )
    raise LookupError(f"This code has no version {version} of {name}.")
