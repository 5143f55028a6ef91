"""Who may do what with branches in the public API: nothing is known of other people's.

The owner has a grant to merge `theirs`, and no permission for anything on main.
"""

from typing import Any

from tests.access.cases import OWNER, SIGNED_IN, Case

BRANCHES, COMMITS, REVIEWS = "api/v1/branches", "api/v1/commits", "api/v1/reviews"


def branch(method: str, way: str, thing: str, body: Any = None) -> Case:
    return Case(
        f"{method} {BRANCHES}/<int:pk>/{way}",
        (OWNER,),
        f"/{BRANCHES}/{{{thing}.pk}}/{way}",
        body,
    )


CASES = [
    Case(f"GET {BRANCHES}/", SIGNED_IN),
    Case(f"POST {BRANCHES}/", (), body={"name": "mine"}),
    branch("GET", "", "draft"),
    branch("PATCH", "", "draft", {"title": "Another"}),
    branch("DELETE", "", "draft"),
    branch("GET", "diff/", "draft"),
    branch("GET", "conflicts/", "draft"),
    branch("POST", "conflicts/", "draft"),
    Case(
        f"POST {BRANCHES}/<int:pk>/conflicts/<int:conflict>/decision/",
        (OWNER,),
        f"/{BRANCHES}/{{draft.pk}}/conflicts/{{conflict.pk}}/decision/",
        {"choice": "ours"},
    ),
    branch("POST", "refresh/", "open"),
    branch("POST", "submit/", "draft"),
    branch("POST", "withdraw/", "open"),
    branch("POST", "close/", "open"),
    branch("POST", "reopen/", "closed"),
    branch("POST", "merge/", "theirs", {}),
    branch("GET", "comments/", "theirs"),
    branch("POST", "comments/", "theirs", {"text": "Hello"}),
    Case(f"GET {COMMITS}/", SIGNED_IN),
    Case(f"GET {COMMITS}/<int:pk>/", (OWNER,), f"/{COMMITS}/{{written.pk}}/"),
    Case(f"GET {COMMITS}/<int:pk>/changes/", (OWNER,), f"/{COMMITS}/{{written.pk}}/changes/"),
    Case(f"POST {COMMITS}/<int:pk>/revert/", (), f"/{COMMITS}/{{commit.pk}}/revert/", {}),
    Case(f"GET {REVIEWS}/", SIGNED_IN),
    Case(f"GET {REVIEWS}/<int:pk>/", (OWNER,), f"/{REVIEWS}/{{review.pk}}/"),
    Case(
        f"POST {REVIEWS}/",
        (OWNER,),
        body={"branch": "{theirs.pk}", "verdict": "approve", "head": "{head}"},
    ),
]
