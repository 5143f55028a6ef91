from collections.abc import Mapping
from typing import Any

from apps.users.models import User

# without accounts: from apps.users.tests.factories import PASSWORD
from tests.access.cases import EVERYBODY, SIGNED_IN, Case, picture

CASES = [
    Case("GET api/session", EVERYBODY),
    # without accounts: Case(
    # without accounts:     "POST api/session",
    # without accounts:     EVERYBODY,
    # without accounts:     body={"email": "{owner.email}", "password": PASSWORD},
    # without accounts: ),
    Case("DELETE api/session", EVERYBODY),
    Case("GET api/profile", SIGNED_IN),
    Case("PATCH api/profile", SIGNED_IN, body={"display_name": "Somebody"}),
    Case("POST api/profile/avatar", SIGNED_IN, body={"file": picture}, files=True),
    Case("DELETE api/profile/avatar", SIGNED_IN),
]


def things(owner: User) -> Mapping[str, Any]:
    return {"owner": owner}
