"""The front door with Django Channels beside our paths: a chat at /ws/chat/<room>."""

from typing import Any

from django.core.wsgi import get_wsgi_application

django = get_wsgi_application()

# ruff: noqa: E402 - only now are the apps there
from channels.auth import AuthMiddlewareStack
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import path

from longhouse.frontdoor.door import FrontDoor
from longhouse.realtime.endpoints import Realtime


class Chat(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    async def connect(self) -> None:
        self.room = self.scope["url_route"]["kwargs"]["room"]
        await self.channel_layer.group_add(self.room, self.channel_name)
        await self.accept()

    async def receive_json(self, content: Any, **_: Any) -> None:
        who = self.scope["user"].get_username()
        event = {"type": "said", "who": who, "text": content["text"]}
        await self.channel_layer.group_send(self.room, event)

    async def said(self, event: dict[str, Any]) -> None:
        await self.send_json({"who": event["who"], "text": event["text"]})


chats = URLRouter([path("ws/chat/<slug:room>", Chat.as_asgi())])
sockets = AllowedHostsOriginValidator(AuthMiddlewareStack(chats))


def channels(scope: Any, _headers: Any) -> Any:
    """A handler of the front door."""
    ours = scope["type"] == "websocket" and scope["path"].startswith("/ws/")
    return sockets if ours else None


application = FrontDoor(django, [Realtime(), channels])
