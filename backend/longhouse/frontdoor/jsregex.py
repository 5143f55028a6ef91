"""JavaScript regular expressions as the front end's router writes them, for Python's `re`.

Only what means the same in both languages, or can be said in Python, is taken; everything else
is refused with its place, so that a route never matches something else than in the browser.
"""

import re

_GROUPS = ("(?:", "(?=", "(?!", "(?<=", "(?<!")
_ANY_BUT_NEWLINES = r"[^\n\r\u2028\u2029]"


class UnsupportedPattern(ValueError):
    """The pattern uses something that has no equal in Python."""


def compile_js(source: str) -> re.Pattern[str]:
    """The compiled pattern of `new RegExp(source)`.

    Raises UnsupportedPattern with the source and the reason.
    """
    try:
        # ASCII: \d and \w are ASCII in JavaScript.
        return re.compile(_translate(source), re.ASCII)
    except re.error as error:
        raise UnsupportedPattern(f"cannot read the pattern {source!r}: {error}") from error


def _translate(source: str) -> str:
    out: list[str] = []
    at = 0
    while at < len(source):
        rest = source[at:]
        if rest[0] == "\\":
            piece, size = _escape(source, at)
        elif rest[0] == "[":
            piece, size = _character_class(source, at)
        elif rest.startswith("(?"):
            piece, size = _group(source, at)
        elif rest[0] == "$":
            piece, size = r"\Z", 1  # Python's $ also matches before a last newline
        elif rest[0] == ".":
            piece, size = _ANY_BUT_NEWLINES, 1
        elif re.match(r"(?:[*+?]|\{\d*,?\d*\})\+", rest):
            raise _unsupported(source, at, "a quantifier after a quantifier")
        else:
            piece, size = rest[0], 1
        out.append(piece)
        at += size
    return "".join(out)


def _group(source: str, at: int) -> tuple[str, int]:
    if named := re.compile(r"\(\?<([A-Za-z_]\w*)>", re.ASCII).match(source, at):
        return f"(?P<{named[1]}>", len(named[0])
    for opening in _GROUPS:
        if source.startswith(opening, at):
            return opening, len(opening)
    raise _unsupported(source, at, "this kind of group")


def _escape(source: str, at: int, *, in_class: bool = False) -> tuple[str, int]:
    if found := re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})").match(source, at):
        return found[0], len(found[0])
    if not in_class and (found := re.compile(r"\\k<([A-Za-z_]\w*)>", re.ASCII).match(source, at)):
        return f"(?P={found[1]})", len(found[0])
    char = source[at + 1 : at + 2]
    if char in set("dDwWsSnrtfv") or (char in set("bB123456789") and not in_class):
        return f"\\{char}", 2
    if char and char.isascii() and not char.isalnum():
        return re.escape(char), 2
    raise _unsupported(source, at, f"the escape \\{char}")


def _character_class(source: str, at: int) -> tuple[str, int]:
    if source.startswith("[^]", at):
        return r"[\s\S]", 3
    if source.startswith("[]", at):
        return r"(?!)", 2
    out = ["["]
    position = at + 1
    if source.startswith("^", position):
        out.append("^")
        position += 1
    while position < len(source):
        char = source[position]
        if char == "]":
            return "".join([*out, "]"]), position + 1 - at
        if char == "\\":
            piece, size = _escape(source, position, in_class=True)
        else:
            # These start set operations in some future Python and a warning in this one.
            piece, size = (f"\\{char}" if char in "[&|~" else char), 1
        out.append(piece)
        position += size
    raise _unsupported(source, at, "a class without its end")


def _unsupported(source: str, at: int, what: str) -> UnsupportedPattern:
    return UnsupportedPattern(f"cannot read the pattern {source!r}: {what} at position {at}")
