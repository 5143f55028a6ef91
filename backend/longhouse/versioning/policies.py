"""How a field merges that was changed on both sides: values of `version_policies`.

`ours` is what the target of a merge has, `theirs` what the branch has. A policy may also be any
function of three values, (base, ours, theirs), which returns the merged one or raises Undecided.
"""

import difflib
from collections.abc import Callable
from typing import Any

OURS = "ours"  # the target's value
THEIRS = "theirs"  # the branch's value
NEWEST = "newest"  # the value of the later commit
IGNORE = "ignore"  # never merged: the target's value, even where only the branch has changed it
COUNTER = "counter"  # both changes are added up
IN_SQL = frozenset((OURS, THEIRS, NEWEST, IGNORE, COUNTER))

Policy = str | Callable[[Any, Any, Any], Any]


class Undecided(Exception):
    """Raised by a policy: people must decide."""


_MISSING = object()


def json_by_key(base: Any, ours: Any, theirs: Any) -> Any:
    """Objects key by key, to any depth; whatever else was changed on both sides is undecided."""
    if not (isinstance(base, dict) and isinstance(ours, dict) and isinstance(theirs, dict)):
        raise Undecided
    merged = {}
    for key in [*ours, *(key for key in theirs if key not in ours)]:
        was, mine, other = (part.get(key, _MISSING) for part in (base, ours, theirs))
        if mine == other or other == was:
            value = mine
        elif mine == was:
            value = other
        else:
            value = json_by_key(was, mine, other)
        if value is not _MISSING:
            merged[key] = value
    return merged


def text_by_line(base: Any, ours: Any, theirs: Any) -> str:
    """Lines that one side has changed are taken from it; changes that touch are undecided."""
    if not all(isinstance(text, str) for text in (base, ours, theirs)):
        raise Undecided
    lines = base.splitlines(keepends=True)
    changes = sorted({*_changes(lines, ours), *_changes(lines, theirs)})
    merged: list[str] = []
    position = 0
    merged_any = False
    for start, end, new in changes:
        if merged_any and start <= position:
            raise Undecided
        merged += [*lines[position:start], *new]
        position, merged_any = end, True
    return "".join([*merged, *lines[position:]])


def _changes(base: list[str], text: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """(start, end, new lines) of what differs from `base`."""
    new = text.splitlines(keepends=True)
    matcher = difflib.SequenceMatcher(None, base, new, autojunk=False)
    return [
        (start, end, tuple(new[new_start:new_end]))
        for kind, start, end, new_start, new_end in matcher.get_opcodes()
        if kind != "equal"
    ]
