"""How often people may write, by how far they are trusted."""

from typing import Any

from django.http import HttpRequest

from apps.core.problems import TooManyRequests
from apps.core.throttling import RateLimit
from apps.wiki import trust

LIMITS = {
    level.rank: RateLimit(f"wiki-{level.name}", f"{level.edits_an_hour}/h")
    for level in (trust.NEWCOMER, trust.CONTRIBUTOR, trust.EDITOR, trust.MODERATOR)
}


def count_edit(request: HttpRequest) -> None:
    """Count one write of whoever is signed in. Raises TooManyRequests."""
    user: Any = request.user
    wait = LIMITS[trust.level(user).rank].hit(request, client=str(user.pk))
    if wait:
        raise TooManyRequests.wait(wait)
