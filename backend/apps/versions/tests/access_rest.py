"""Who may do what with branches in the public API: nothing is known of other people's.

The owner has a grant to merge `theirs`, and no permission for anything on main. Roles may do what
their permissions say.
"""

from typing import Any

from apps.versions.tests.people import roles
from tests.access.cases import OWNER, SIGNED_IN, Case

BRANCHES, COMMITS, REVIEWS = "api/v1/branches", "api/v1/commits", "api/v1/reviews"


def branch(method: str, way: str, thing: str, body: Any = None, may: str = "write") -> Case:
    return Case(
        f"{method} {BRANCHES}/<int:pk>/{way}",
        (OWNER, *roles(*may.split())),
        f"/{BRANCHES}/{{{thing}.pk}}/{way}",
        body,
    )


READERS = (OWNER, *roles("read"))
CASES = [
    Case(f"GET {BRANCHES}/", SIGNED_IN),
    Case(f"POST {BRANCHES}/", (), body={"name": "mine"}),
    branch("GET", "", "draft", may="read"),
    branch("PATCH", "", "draft", {"title": "Another"}),
    Case(f"DELETE {BRANCHES}/<int:pk>/", (OWNER,), f"/{BRANCHES}/{{draft.pk}}/"),
    branch("GET", "diff/", "draft", may="read"),
    branch("GET", "conflicts/", "draft", may="read"),
    branch("POST", "conflicts/", "draft"),
    Case(
        f"POST {BRANCHES}/<int:pk>/conflicts/<int:conflict>/decision/",
        (OWNER, *roles("write")),
        f"/{BRANCHES}/{{draft.pk}}/conflicts/{{conflict.pk}}/decision/",
        {"choice": "ours"},
    ),
    branch("POST", "refresh/", "open"),
    branch("POST", "submit/", "draft"),
    branch("POST", "withdraw/", "open"),
    branch("POST", "close/", "open", may="write merge"),
    branch("POST", "reopen/", "closed", may="write merge"),
    branch("POST", "merge/", "theirs", {}, may="merge"),
    branch("GET", "comments/", "theirs", may="read"),
    branch("POST", "comments/", "theirs", {"text": "Hello"}, may="read"),
    Case(f"GET {COMMITS}/", SIGNED_IN),
    Case(f"GET {COMMITS}/<int:pk>/", READERS, f"/{COMMITS}/{{written.pk}}/"),
    Case(f"GET {COMMITS}/<int:pk>/changes/", READERS, f"/{COMMITS}/{{written.pk}}/changes/"),
    Case(
        f"POST {COMMITS}/<int:pk>/revert/", roles("merge"), f"/{COMMITS}/{{commit.pk}}/revert/", {}
    ),
    Case(f"GET {REVIEWS}/", SIGNED_IN),
    Case(f"GET {REVIEWS}/<int:pk>/", READERS, f"/{REVIEWS}/{{review.pk}}/"),
    Case(
        f"POST {REVIEWS}/",
        (OWNER, *roles("review")),
        body={"branch": "{theirs.pk}", "verdict": "approve", "head": "{head}"},
    ),
]
