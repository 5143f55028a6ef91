"""The server's entry, as backend/config/asgi.py makes it; SHOP_LANE opens the lane."""

import os
from typing import Any

from django.core.wsgi import get_wsgi_application

django: Any = get_wsgi_application()

import shop.urls  # noqa: E402, F401 - a mistake there stops the start

from apps.api.api import api  # noqa: E402
from apps.core.middleware import request_id  # noqa: E402
from longhouse.frontdoor.door import FrontDoor  # noqa: E402
from longhouse.lane import Lane, LoopLane  # noqa: E402

if os.environ["SHOP_LANE"] == "open":
    django = Lane(django, api, request_id=request_id)
    application = FrontDoor(django, [LoopLane(django)])
else:
    application = FrontDoor(django)
