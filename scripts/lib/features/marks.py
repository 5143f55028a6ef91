"""Marks: which lines of a shared file belong to a feature.

In the file's own comment syntax, here with `#`:

    import wiki                    # feature: NAME          this line
    # feature: NAME                                         from here ...
    # end feature: NAME                                     ... to here
    # feature: NAME|OTHER                                   stays while either stays
    # without NAME: import nothing                          comes in when the feature is gone
"""

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

_NAMES = r"[a-z][a-z0-9-]*(?:\|[a-z][a-z0-9-]*)*"
_OPEN = r"(?:\#|//|/\*|<!--|\{\#|--)"
_CLOSE = r"(?:\*/|-->|\#\})?"
_START = re.compile(rf"\s*{_OPEN}\s*feature:\s*(?P<names>{_NAMES})\s*{_CLOSE}\s*")
_END = re.compile(rf"\s*{_OPEN}\s*end feature:\s*(?P<names>{_NAMES})\s*{_CLOSE}\s*")
_LINE = re.compile(rf"(?P<code>.*\S)\s*?\s{_OPEN}\s*feature:\s*(?P<names>{_NAMES})\s*{_CLOSE}\s*")
_WITHOUT = re.compile(
    rf"(?P<indent>\s*){_OPEN}\s*without (?P<names>{_NAMES}): ?(?P<code>.*?)\s*{_CLOSE}\s*"
)
# What somebody may have meant as a mark, however it is written.
_MEANT = re.compile(
    rf"\bfeature:\s*(?P<mark>{_NAMES})|{_OPEN}\s*without\s+(?P<without>{_NAMES})", re.IGNORECASE
)
_MARK = re.compile(rf"(?P<word>feature:\s*|\bwithout )(?P<names>{_NAMES})")


class MarkError(Exception):
    """Marks that do not fit together; the message starts with the line's number."""


@dataclass(frozen=True)
class Line:
    """One line of a file and what its marks say."""

    number: int
    text: str  # without the mark
    owners: tuple[frozenset[str], ...]  # it stays while each of these sets has a feature left
    absent: frozenset[str] = frozenset()  # it appears when all of these are gone
    is_mark: bool = False  # nothing but a mark
    raw: str = ""

    @property
    def marked(self) -> bool:
        return self.text != self.raw

    def stays(self, gone: Set[str]) -> bool:
        return all(names - gone for names in self.owners)


def read(text: str) -> Iterator[Line]:
    """The lines of a file. Raises MarkError for a block that does not begin or end."""
    open_blocks: list[tuple[frozenset[str], int]] = []
    for number, raw in enumerate(text.splitlines(), 1):
        owners = tuple(names for names, _ in open_blocks)
        if match := _START.fullmatch(raw):
            open_blocks.append((_names(match), number))
            yield Line(number, "", (*owners, _names(match)), is_mark=True, raw=raw)
        elif match := _END.fullmatch(raw):
            if not open_blocks or open_blocks[-1][0] != _names(match):
                raise MarkError(f"{number}: '{raw.strip()}' ends a block that was not begun.")
            open_blocks.pop()
            yield Line(number, "", owners, is_mark=True, raw=raw)
        elif match := _WITHOUT.fullmatch(raw):
            code = match["indent"] + match["code"] if match["code"] else ""
            yield Line(number, code, owners, absent=_names(match), raw=raw)
        elif match := _LINE.fullmatch(raw):
            yield Line(number, match["code"].rstrip(), (*owners, _names(match)), raw=raw)
        else:
            yield Line(number, raw, owners, raw=raw)
    if open_blocks:
        names, number = open_blocks[-1]
        raise MarkError(f"{number}: the block of {'|'.join(sorted(names))} does not end.")


def prune(text: str, gone: Set[str], *, strip: bool = False) -> str:
    """`text` without the lines of the features in `gone`; with `strip`, without any mark at all."""
    kept: list[str] = []
    after_cut = False
    for line in read(text):
        shown = _shown(line, gone, strip=strip)
        # What was cut out leaves one blank line, not two.
        if shown is None or (after_cut and not shown and (not kept or not kept[-1])):
            after_cut = True
            continue
        after_cut = False
        kept.append(shown)
    while after_cut and kept and not kept[-1]:
        kept.pop()
    return "".join(f"{line}\n" for line in kept)


def _shown(line: Line, gone: Set[str], *, strip: bool) -> str | None:
    """What stands in place of a line; None: nothing."""
    if not line.stays(gone):
        return None
    if line.absent and line.absent <= gone:
        return line.text
    if strip:
        return None if line.absent or line.is_mark else line.text
    return _MARK.sub(lambda mark: _without_names(mark, gone), line.raw) if line.marked else line.raw


def _without_names(mark: re.Match[str], gone: Set[str]) -> str:
    names = [name for name in mark["names"].split("|") if name not in gone]
    return mark["word"] + "|".join(names)


def names_in(text: str) -> set[str]:
    """Every feature that a mark of this file names."""
    found: set[str] = set()
    for line in read(text):
        found |= line.absent.union(*line.owners)
    return found


def malformed(text: str, features: Set[str]) -> list[tuple[int, str]]:
    """Lines, with their numbers, that name a feature as a mark does and are none, or more."""
    found = []
    for line in read(text):
        for match in _MEANT.finditer(line.text):
            names = (match["mark"] or match["without"]).lower().split("|")
            if not features.isdisjoint(names):
                found.append((line.number, line.text.strip()))
                break
    return found


def unmarked(text: str, words: Iterable[str], gone: Set[str]) -> list[tuple[int, str]]:
    """Lines, with their numbers, that would still say one of `words` without these features."""
    pattern = re.compile("|".join(words), re.IGNORECASE)
    found = []
    for line in read(text):
        shown = _shown(line, gone, strip=True)
        if shown is not None and pattern.search(shown):
            found.append((line.number, shown.strip()))
    return found


def _names(match: re.Match[str]) -> frozenset[str]:
    return frozenset(match["names"].split("|"))
