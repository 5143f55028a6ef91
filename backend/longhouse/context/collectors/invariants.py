"""What must always hold, each with the test that fails when it does not.

One list, `invariants.toml` beside the packages: what holds across apps has a place in it, and no
app has to import this one.
"""

import tomllib
from dataclasses import dataclass

from longhouse.context.collectors.suite import defined_tests
from longhouse.context.project import Project, parse, read

QUESTION = "What must always hold, and which test proves it?"
SHAPE = "Each [[invariant]] has a text and a test, both strings, and nothing else."


@dataclass(frozen=True)
class Invariant:
    """`test`: a path and id that pytest takes, from the folder of the Python code."""

    text: str
    test: str


@dataclass(frozen=True)
class Invariants:
    """In the order of the list."""

    invariants: list[Invariant]


class InvalidInvariants(Exception):
    """What is wrong in an invariants.toml, and what to do about it."""


def collect(project: Project) -> Invariants:
    entries = _entries(project)
    for entry in entries:
        _require_test(project, entry)
    return Invariants(entries)


def count(document: Invariants) -> str:
    return f"{len(document.invariants)} invariants"


def _entries(project: Project) -> list[Invariant]:
    path = project.source / "invariants.toml"
    name = project.relative(path)
    try:
        found = [Invariant(**entry) for entry in tomllib.loads(read(path)).get("invariant", [])]
    except tomllib.TOMLDecodeError as error:
        raise InvalidInvariants(f"{name} cannot be read: {error}.") from error
    except TypeError as error:
        raise InvalidInvariants(f"{name}: {SHAPE}") from error
    if not all(isinstance(value, str) for entry in found for value in (entry.text, entry.test)):
        raise InvalidInvariants(f"{name}: {SHAPE}")
    return found


def _require_test(project: Project, entry: Invariant) -> None:
    file, _, test = entry.test.partition("::")
    source = project.source / file
    if source.is_file() and any(found.id == test for found in defined_tests(parse(source))):
        return
    raise InvalidInvariants(
        f'invariants.toml: no test enforces "{entry.text}" any more. There is no {entry.test}: '
        "bring it back, or name the test that proves it now."
    )
