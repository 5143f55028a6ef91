"""Who may use the routes of editing: `access.py` of this folder takes these."""

from collections.abc import Mapping
from typing import Any

from apps.users.models import User
from apps.users.roles import EDITOR, MODERATOR
from apps.users.tests.factories import UserFactory
from apps.wiki.models import Company, Park, Review, Ride
from apps.wiki.services import drafts, proposals
from longhouse.versioning import reviews
from longhouse.versioning.models import Commit
from tests.access.cases import EVERYBODY, OWNER, Case

REVIEWERS = (EDITOR, MODERATOR)
_PROPOSAL = "/wiki/proposals/{proposal}/"
_DRAFT = "/wiki/proposals/{draft}/"

CASES = [
    Case("GET wiki/proposals/", EVERYBODY),
    Case("GET wiki/proposals/<slug:name>/", EVERYBODY, _PROPOSAL),
    Case("GET wiki/commits/<int:pk>/", EVERYBODY, "/wiki/commits/{commit}/"),
    Case("GET wiki/contributors/<uuid:pk>/", EVERYBODY, "/wiki/contributors/{owner.pk}/"),
    Case("POST wiki/preview/leave/", EVERYBODY),
    Case("POST wiki/proposals/<slug:name>/throw-away/", (OWNER, MODERATOR), f"{_DRAFT}throw-away/"),
    Case(
        "POST wiki/proposals/<slug:name>/submit/",
        (OWNER,),
        f"{_DRAFT}submit/",
        {"title": "A change"},
        files=True,
    ),
    Case("POST wiki/proposals/<slug:name>/preview/", (OWNER, MODERATOR), f"{_DRAFT}preview/"),
    Case("POST wiki/proposals/<slug:name>/withdraw/", (OWNER,), f"{_PROPOSAL}withdraw/"),
    Case("POST wiki/proposals/<slug:name>/close/", (OWNER, *REVIEWERS), f"{_PROPOSAL}close/"),
    Case(
        "POST wiki/proposals/<slug:name>/review/",
        REVIEWERS,
        f"{_PROPOSAL}review/",
        {"verdict": "approve", "head": "{head}"},
        files=True,
    ),
    Case("GET wiki/reviews/", (MODERATOR,)),
    Case(
        "POST wiki/reviews/<uuid:pk>/moderate/",
        (MODERATOR,),
        "/wiki/reviews/{visit.pk}/moderate/",
        {"show": "yes"},
        files=True,
    ),
    Case("POST wiki/reviews/<uuid:pk>/delete/", (OWNER,), "/wiki/reviews/{visit.pk}/delete/"),
    Case(
        "POST wiki/contributors/<uuid:pk>/undo/",
        (MODERATOR,),
        "/wiki/contributors/{other.pk}/undo/",
        {"since": "2020-01-01T00:00"},
        files=True,
    ),
]
# For whoever has signed in; what is whose, their own tests ask.
GUARDED = {
    *("GET wiki/parks/<slug:park>/edit/", "GET wiki/parks/<slug:park>/rides/<slug:ride>/edit/"),
    *("GET wiki/companies/<slug:company>/edit/", "GET wiki/drafts/", "POST wiki/drafts/new/"),
    *(f"{method} wiki/{verb}/<slug:kind>/<uuid:pk>/"
      for method in ("GET", "POST") for verb in ("edit", "delete")),
    *("GET wiki/new/<slug:kind>/", "POST wiki/new/<slug:kind>/", "POST wiki/drafts/<slug:name>/"),
    "POST wiki/restore/<slug:kind>/<uuid:pk>/<int:commit>/",
    *("GET wiki/import/", "POST wiki/import/", "POST wiki/commits/<int:pk>/revert/"),
    *(f"POST wiki/proposals/<slug:name>/{action}/"
      for action in ("reopen", "comment", "merge", "take-back")),
    *(f"{method} wiki/proposals/<slug:name>/conflicts/{pk}"
      for method in ("GET", "POST") for pk in ("", "<int:pk>/")),
    *(f"{method} wiki/reviews/of/<uuid:ride>/" for method in ("GET", "POST")),
    *("GET wiki/my/lists/", "GET wiki/my/lists/new/", "POST wiki/my/lists/new/"),
    *("GET wiki/my/lists/<uuid:pk>/", "POST wiki/my/lists/<uuid:pk>/"),
    "POST wiki/my/lists/<uuid:pk>/delete/",
    *(f"{method} wiki/my/lists/add/{kind}/<uuid:pk>/"
      for method in ("GET", "POST") for kind in ("ride", "park")),
    "POST wiki/my/entries/<uuid:pk>/remove/",
    *(f"POST wiki/{verb}/<slug:kind>/<uuid:pk>/" for verb in ("watch", "unwatch")),
    "GET wiki/my/watched/",
    # feature: notifications
    *("GET wiki/notifications/", "GET wiki/notifications/bell/", "POST wiki/notifications/read/"),
    *("POST wiki/notifications/choices/<str:kind>/", "POST wiki/notifications/<uuid:pk>/"),
    # end feature: notifications
}  # fmt: skip


def things(owner: User) -> Mapping[str, Any]:
    """A park, a draft and a proposal of the owner, and their review of a ride."""
    park = Park.objects.create(name="Oak Park", slug="oak-park")
    ride = Ride.objects.create(park=park, name="Loop", slug="loop")
    commit = Commit.objects.latest("pk")
    visit = Review.objects.create(ride=ride, author=owner, stars=5)
    made = []
    for number in range(2):
        draft = drafts.start(by=owner, title="A change")
        drafts.create(draft, Company(name="Works", slug=f"works-{number}"), by=owner)
        made.append(draft)
    proposals.submit(made[1], by=owner, title="A change")
    return {
        "owner": owner,
        "other": UserFactory.create(),
        "visit": visit,
        "commit": commit.pk,
        "draft": made[0].name,
        "proposal": made[1].name,
        "head": reviews.head(made[1]),
    }
