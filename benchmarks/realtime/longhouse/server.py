from typing import Any

from django.core.asgi import get_asgi_application

django = get_asgi_application()

from longhouse.realtime import topics  # noqa: E402 - only now are the apps there
from longhouse.realtime.endpoints import Realtime  # noqa: E402


@topics.register("fanout")
def everybody(user: Any, rest: str) -> bool:
    return True


application = Realtime().before(django)
