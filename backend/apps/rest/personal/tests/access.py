from collections.abc import Mapping
from typing import Any

from apps.rest.personal import services
from apps.rest.personal.tests.calls import CALL
from apps.rest.services import start_family
from apps.users.models import User
from tests.access.cases import OWNER, SIGNED_IN, Case

CASES = [
    Case("GET api/profile/tokens", SIGNED_IN),
    Case(
        "POST api/profile/tokens",
        SIGNED_IN,
        body={"name": "CI", "scopes": ["read"]},
        confirmed=True,
    ),
    Case(
        "DELETE api/profile/tokens/<uuidstr:token_id>",
        (OWNER,),
        path="/api/profile/tokens/{token.pk}",
    ),
    Case("GET api/profile/programs", SIGNED_IN),
    Case(
        "DELETE api/profile/programs/<uuidstr:family_id>",
        (OWNER,),
        path="/api/profile/programs/{family.pk}",
    ),
]


def things(owner: User) -> Mapping[str, Any]:
    token, _ = services.create(request=CALL, user=owner, name="CI", scopes=["read"], days=1)
    start_family(user=owner, request=CALL)
    return {"token": token, "family": owner.token_families.get()}
