"""Who may come to which route of the wiki."""

from collections.abc import Mapping
from typing import Any

from apps.users.models import User
from apps.wiki.models import Company, List
from apps.wiki.tests import access_editing
from apps.wiki.tests.access_editing import GUARDED
from tests.access.cases import EVERYBODY, Case

TOPICS = {"wiki": EVERYBODY}  # feature: realtime
_PARK, _RIDE = "/wiki/parks/oak-park/", "/wiki/parks/oak-park/rides/loop/"
_COMPANY = "/wiki/companies/steel-works/"
CASES = [
    *(
        Case(f"GET wiki/{page}", EVERYBODY)
        for page in (
            "", "search/", "parks/", "rides/", "companies/", "compare/", "lists/", "changes/",
            "changes/feed/", "dashboard/",
        )
    ),
    Case("GET wiki/parks/<slug:park>/", EVERYBODY, _PARK),
    Case("GET wiki/parks/<slug:park>/history/", EVERYBODY, f"{_PARK}history/"),
    Case("GET wiki/parks/<slug:park>/rides/<slug:ride>/", EVERYBODY, _RIDE),
    Case("GET wiki/parks/<slug:park>/rides/<slug:ride>/history/", EVERYBODY, f"{_RIDE}history/"),
    Case("GET wiki/companies/<slug:company>/", EVERYBODY, _COMPANY),
    Case("GET wiki/companies/<slug:company>/history/", EVERYBODY, f"{_COMPANY}history/"),
    Case("GET wiki/lists/<uuid:pk>/", EVERYBODY, "/wiki/lists/{list.pk}/"),
    *access_editing.CASES,
]  # fmt: skip
__all__ = ["CASES", "GUARDED", "things"]


def things(owner: User) -> Mapping[str, Any]:
    Company.objects.create(name="Steel Works", slug="steel-works")
    shown = List.objects.create(owner=owner, name="Favourites", is_public=True)
    return {**access_editing.things(owner), "list": shown}
