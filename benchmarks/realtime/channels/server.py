from typing import Any

from django.core.asgi import get_asgi_application

django = get_asgi_application()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402 - as Channels wants it
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402


class Fanout(AsyncWebsocketConsumer):
    groups = ["fanout"]

    async def tick(self, event: dict[str, Any]) -> None:
        await self.send(text_data=event["text"])


sockets = URLRouter([path("socket", Fanout.as_asgi())])
application = ProtocolTypeRouter({"http": django, "websocket": sockets})
