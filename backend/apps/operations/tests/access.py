from collections.abc import Mapping
from typing import Any

from apps.operations.tests.access_rest import CASES as IN_PUBLIC_API  # feature: rest
from apps.operations.tests.access_spa import CASES as IN_FIRST_PARTY_API  # feature: spa
from apps.operations.tests.flows import failed_run, waiting_run
from apps.users.models import User
from tests.access.cases import Case

# Of a run that is nobody's; who follows their own is in longhouse/workflows/tests.
TOPICS: dict[str, tuple[str, ...]] = {
    "run:01890000-0000-7000-8000-000000000000": (),
    "runs": (),  # no role has the permission
}

CASES: list[Case] = [
    *IN_FIRST_PARTY_API,  # feature: spa
    *IN_PUBLIC_API,  # feature: rest
]


def things(owner: User) -> Mapping[str, Any]:
    return {"run": waiting_run(owner), "failed": failed_run(owner)}
