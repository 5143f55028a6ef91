"""What a route takes must be what it takes in the browser: JavaScript itself is the judge."""

import re

import pytest

from longhouse.frontdoor.jsregex import UnsupportedPattern, compile_js

PATTERNS = [
    r"^\/$",
    r"^\/about\/?$",
    r"^\/articles\/([^/]+?)\/?$",
    r"^\/docs(?:\/([^]*))?\/?$",
    r"^(?:\/([^/]+))?\/posts\/?$",
    r"^\/(?<year>\d{4})-(?<month>\d\d)\/?$",
    r"^\/a\.b\-c\/[\w.~&|[-]+$",
    r"^\/(?:en|de)(?=\/)\/x(?!y).*$",
    r"^\/tag\/(\w+)\/\1$",
    r"^\/(?<x>[a-c])\k<x>$",
    r"^\/dot.$",
    r"^\/\u0041\x42$",
    r"^\/never[]$",
]
PATHS = [
    *("/", "/about", "/about/", "/about\n", "/articles/x", "/articles/x/", "/articles/x/y"),
    *("/docs", "/docs/", "/docs/a/b", "/docs/a\nb", "/posts", "/en/posts", "/2024-05", "/2024-5"),
    *(
        "/\u0662\u0660\u0662\u0664-05",
        "/a.b-c/x.~&|[-",
        "/a.b-c/\u00e9",
        "/en/x",
        "/en/xy",
        "/de/xz",
    ),
    *("/tag/a/a", "/tag/a/b", "/aa", "/ab", "/dot.", "/dot\r", "/dot\u2028", "/AB", "/never"),
]


@pytest.mark.parametrize(
    "source",
    [r"^\p{L}$", r"^\A$", r"(?i)a", r"(?P<x>a)", r"(?>a)", "a++", "a{2}+", "[a", "(a", r"\u{41}"],
)
def test_what_python_reads_differently_is_refused_by_name(source: str) -> None:
    with pytest.raises(UnsupportedPattern, match=re.escape(repr(source))):
        compile_js(source)
