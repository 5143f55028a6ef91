"""Marks: what a file looks like when features are gone."""

import pytest
from features.marks import MarkError, prune, unmarked
from hypothesis import given
from hypothesis import strategies as st

F, W = "feature", "without"  # so that this file itself carries no mark
TEXT = f"""\
first
one = 1  # {F}: x
# {F}: x|y
both
# end {F}: x|y

# {F}: y
alone
# end {F}: y

# {W} x: one = 0
last
"""


def lines(*expected: str) -> str:
    return "".join(f"{line}\n" for line in expected)


def test_nothing_gone_changes_nothing():
    assert prune(TEXT, set()) == TEXT


def test_lines_of_a_feature_go_and_its_replacement_comes():
    expected = lines("first", f"# {F}: y", "both", f"# end {F}: y", "")
    expected += lines(f"# {F}: y", "alone", f"# end {F}: y", "", "one = 0", "last")
    assert prune(TEXT, {"x"}) == expected


def test_what_two_features_share_goes_with_the_last_of_them():
    assert prune(TEXT, {"x", "y"}, strip=True) == lines("first", "", "one = 0", "last")


def test_stripping_leaves_the_code_and_no_mark():
    assert prune(TEXT, set(), strip=True) == lines(
        "first", "one = 1", "both", "", "alone", "", "last"
    )


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        (f"a(); // {F}: x", "a();"),
        (f"<p>a</p> <!-- {F}: x -->", "<p>a</p>"),
        (f"a {{ b: c }} /* {F}: x */", "a { b: c }"),
        (f"{{{{ a }}}} {{# {F}: x #}}", "{{ a }}"),
    ],
)
def test_every_comment_syntax(mark, code):
    assert prune(f"{mark}\n", {"x"}) == ""
    assert prune(f"{mark}\n", set(), strip=True) == f"{code}\n"


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        (f"  // {W} x: a();", "  a();"),
        (f"<!-- {W} x: <p>a</p> -->", "<p>a</p>"),
        (f"# {W} x: \tindented", "\tindented"),
        (f"# {W} x:", ""),
    ],
)
def test_a_replacement_in_every_comment_syntax(mark, code):
    assert prune(f"{mark}\nz\n", {"x"}) == f"{code}\nz\n"
    assert prune(f"{mark}\nz\n", set(), strip=True) == "z\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"# {F}: x\na\n", "1: the block of x does not end"),
        (f"a\n# end {F}: x\n", "2: .* ends a block that was not begun"),
        (f"# {F}: x\n# end {F}: y\n", "2: .* ends a block that was not begun"),
    ],
)
def test_a_broken_block_is_named_by_its_line(text, message):
    with pytest.raises(MarkError, match=message):
        prune(text, set())


def test_a_word_that_would_stay_behind_is_found():
    text = f"wiki one  # {F}: wiki\nwiki two\n# {W} wiki: no wiki\nplain\n"
    assert unmarked(text, ["wiki"], {"wiki"}) == [(2, "wiki two"), (3, "no wiki")]


names = st.sampled_from(["x", "y", "z"])


@st.composite
def marked_texts(draw, depth: int = 2) -> str:
    parts = []
    for _ in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(["plain", "line", "without", "block"][: 3 + (depth > 0)]))
        name = draw(names)
        if kind == "plain":
            parts.append("code\n")
        elif kind == "line":
            parts.append(f"code  # {F}: {name}\n")
        elif kind == "without":
            parts.append(f"# {W} {name}: code\n")
        else:
            inner = draw(marked_texts(depth - 1))
            parts.append(f"# {F}: {name}\n{inner}# end {F}: {name}\n")
    return "".join(parts)


@given(marked_texts(), st.sets(names), st.sets(names))
def test_removing_one_by_one_is_removing_together(text, first, second):
    together = prune(text, first | second, strip=True)
    assert prune(prune(text, first), first | second, strip=True) == together
    assert prune(together, first | second, strip=True) == together
