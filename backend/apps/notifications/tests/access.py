from collections.abc import Mapping
from typing import Any

from apps.notifications.tests.access_rest import CASES as IN_PUBLIC_API  # feature: rest
from apps.users.models import User
from longhouse.notifications.kinds import Kind, register
from longhouse.notifications.services import notify
from tests.access.cases import (
    OWNER,  # feature: spa
    SIGNED_IN,  # feature: spa
    Case,
)

NEWS = register(Kind("tests.news", "News"))

CASES: list[Case] = [
    # feature: spa
    Case("GET api/notifications", SIGNED_IN),
    Case("POST api/notifications/read", SIGNED_IN, body={"up_to": "{news.pk}"}),
    Case("GET api/notifications/choices", SIGNED_IN),
    Case(
        "PUT api/notifications/choices/<kind>",
        SIGNED_IN,
        f"/api/notifications/choices/{NEWS.name}",
        {"in_app": True, "mail": "daily"},
    ),
    Case(
        "PATCH api/notifications/<uuidstr:notification_id>",
        (OWNER,),
        "/api/notifications/{news.pk}",
        {"read": True},
    ),
    # end feature: spa
    *IN_PUBLIC_API,  # feature: rest
]


def things(owner: User) -> Mapping[str, Any]:
    (news,) = notify([owner], NEWS, title="News")
    return {"news": news}
