from collections.abc import Mapping
from typing import Any

from apps.users.models import User
from apps.users.tests.factories import UserFactory
from apps.versions.tests.access_rest import CASES as IN_PUBLIC_API  # feature: rest
from apps.versions.tests.access_spa import CASES as IN_FIRST_PARTY_API  # feature: spa
from longhouse.versioning import reviews
from longhouse.versioning.branches import branch_context, create_branch
from longhouse.versioning.merge import find_conflicts
from longhouse.versioning.models import Branch, Commit, Grant
from longhouse.versioning.tests.models import Area
from tests.access.cases import Case

CASES: list[Case] = [
    *IN_FIRST_PARTY_API,  # feature: spa
    *IN_PUBLIC_API,  # feature: rest
]


def things(owner: User) -> Mapping[str, Any]:
    """A draft of the owner's, with a conflict; one of somebody else that the owner may merge."""
    area = Area.objects.create(name="North")
    other = UserFactory.create()
    Area.objects.create(name="South")
    found: dict[str, Any] = {"commit": Commit.objects.latest("pk")}
    for name, whose in (("draft", owner), ("open", owner), ("closed", owner), ("theirs", other)):
        found[name] = branch = create_branch(name, owner=whose)
        with branch_context(branch):
            Area.objects.create(name=f"Of {name}")
    with branch_context(found["draft"]):
        Area.objects.filter(pk=area.pk).update(name="East")
    Area.objects.filter(pk=area.pk).update(name="West")
    (found["conflict"],) = find_conflicts(found["draft"])
    reviews.submit(found["open"], by=owner)
    reviews.close(found["closed"], by=owner)
    reviews.submit(found["theirs"], by=other)
    Grant.objects.create(branch=found["theirs"], user=owner, role=Grant.Role.MERGE)
    found["head"] = reviews.head(found["theirs"])
    found["review"] = reviews.review(found["theirs"], by=owner, verdict="approve")
    found["written"] = Commit.objects.filter(branch=found["draft"]).latest("pk")
    assert Branch.objects.count() == 4
    return found
