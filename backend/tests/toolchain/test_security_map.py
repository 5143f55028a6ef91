"""docs/security.md names every requirement, and tests that are there."""

import ast
import re
from functools import cache

import pytest

from config.env import ROOT

BACKEND = ROOT / "backend"
DOCUMENT = (ROOT / "docs" / "security.md").read_text()
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (.+?) \| (?:`(\S+)`)? ?\|", re.MULTILINE)

# OWASP ASVS 5.0: the requirements of levels 1 and 2, section by section.
REQUIRED = {
    "3": {2: [1, 2], 3: [1, 2, 3, 4], 4: [1, 2, 3, 4, 5, 6], 5: [1, 2, 3, 4, 5], 7: [1, 2]},
    # feature: accounts
    "6": {
        1: [1, 2, 3],
        2: [*range(1, 12)],
        3: [1, 2, 3],
        4: [1, 2, 3, 4],
        5: [1, 2, 3, 4, 5],
        6: [1, 2, 3],
        8: [1, 2, 3, 4],
    },
    "7": {1: [1, 2, 3], 2: [1, 2, 3, 4], 3: [1, 2], 4: [1, 2, 3, 4, 5], 5: [1, 2], 6: [1, 2]},
    # end feature: accounts
    "8": {1: [1, 2], 2: [1, 2, 3], 3: [1], 4: [1]},
    "9": {1: [1, 2, 3], 2: [1, 2, 3, 4]},  # feature: rest
    "13": {1: [1], 2: [1, 2, 3, 4, 5], 3: [1, 2], 4: [1, 2, 3, 4, 5]},
    # feature: audit
    "16": {1: [1], 2: [1, 2, 3, 4, 5], 3: [1, 2, 3, 4], 4: [1, 2, 3], 5: [1, 2, 3]},
    # end feature: audit
}
ROWS = ROW.findall(DOCUMENT)


@cache
def names_in(path: str) -> set[str]:
    nodes = ast.walk(ast.parse((BACKEND / path).read_text()))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef)}


def test_every_requirement_has_one_row() -> None:
    wanted = [
        f"{chapter}.{section}.{number}"
        for chapter, sections in REQUIRED.items()
        for section, numbers in sections.items()
        for number in numbers
    ]
    assert sorted({number for number, _, _ in ROWS}) == sorted(wanted)
    assert len(ROWS) == len(wanted)


@pytest.mark.parametrize("test", sorted({test for _, _, test in ROWS if test}))
def test_the_test_is_there(test: str) -> None:
    path, _, name = test.partition("::")
    assert (BACKEND / path).is_file(), path
    assert name in names_in(path)


def test_a_row_without_a_test_says_why() -> None:
    silent = [
        number
        for number, text, test in ROWS
        if not test and not text.startswith(("none:", "operator:", "only what"))
    ]
    assert not silent, silent
