from collections.abc import Mapping
from typing import Any

from django.test import RequestFactory

from apps.rest import services
from apps.users.models import User
from apps.users.tests.factories import PASSWORD
from tests.access.cases import EVERYBODY, Case

# They ask for a password, or for a refresh token, and for no session.
CASES = [
    Case("POST api/v1/token/", EVERYBODY, body={"email": "{owner.email}", "password": PASSWORD}),
    Case("POST api/v1/token/refresh/", EVERYBODY, body={"refresh": "{refresh}"}),
    Case("POST api/v1/token/blacklist/", EVERYBODY, body={"refresh": "{refresh}"}),
]
OPEN = {"GET api/v1/docs/", "GET api/v1/schema/"}
# without spa: # What nobody else answers under api/ is not found by anybody.
# without spa: OPEN |= {"GET api/"}


def things(owner: User) -> Mapping[str, Any]:
    call = RequestFactory().post("/api/v1/token/")
    return {"owner": owner, "refresh": services.start_family(user=owner, request=call)}
