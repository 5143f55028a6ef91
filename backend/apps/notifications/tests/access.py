from collections.abc import Mapping
from typing import Any

from apps.notifications.tests.access_rest import CASES as IN_PUBLIC_API  # feature: rest
from apps.notifications.tests.access_spa import CASES as IN_FIRST_PARTY_API  # feature: spa
from apps.users.models import User
from longhouse.notifications.kinds import Kind, register
from longhouse.notifications.services import notify
from tests.access.cases import Case

NEWS = register(Kind("tests.news", "News"))

CASES: list[Case] = [
    *IN_FIRST_PARTY_API,  # feature: spa
    *IN_PUBLIC_API,  # feature: rest
]


def things(owner: User) -> Mapping[str, Any]:
    (news,) = notify([owner], NEWS, title="News")
    return {"news": news}
