"""Who may do what with branches in the first-party API: nothing is known of other people's.

The owner has a grant to merge `theirs`. Roles may do what their permissions say.
"""

from typing import Any

from apps.versions.tests.people import roles
from tests.access.cases import OWNER, SIGNED_IN, Case

ONE = "api/branches/<int:branch_id>"


def branch(method: str, way: str, thing: str, body: Any = None, may: str = "write") -> Case:
    return Case(
        f"{method} {ONE}{way}",
        (OWNER, *roles(*may.split())),
        f"/api/branches/{{{thing}.pk}}{way}",
        body,
    )


CASES = [
    Case("GET api/branches", SIGNED_IN),
    branch("GET", "", "draft", may="read"),
    branch("GET", "/changes", "draft", may="read"),
    branch("POST", "/submit", "draft"),
    branch("POST", "/withdraw", "open"),
    branch("POST", "/close", "open", may="write merge"),
    branch("POST", "/reopen", "closed", may="write merge"),
    branch("POST", "/merge", "theirs", {}, may="merge"),
    branch("POST", "/reviews", "theirs", {"verdict": "approve", "head": "{head}"}, may="review"),
    branch("POST", "/comments", "theirs", {"text": "Hello"}, may="read"),
]
