"""Topics of the servers under test."""

from typing import Any

from longhouse.realtime import topics
from longhouse.realtime.channels import Channel, Rejected, action, channel
from longhouse.realtime.log import publish


def describe(user: Any) -> dict[str, Any]:
    return {"name": user.get_username()}


@topics.register("open", presence=describe)
def everybody(user: Any, rest: str) -> bool:
    return True


@topics.register("team")
def staff(user: Any, rest: str) -> bool:
    return bool(user.is_staff)


@channel("ChatChannel")
class ChatChannel(Channel):
    """A room of those who sign in."""

    def subscribed(self) -> None:
        if not self.user.is_authenticated:
            raise Rejected
        self.room = f"open:{self.params['room']}"
        self.stream_from(self.room)
        self.transmit({"welcome": self.user.get_username()})

    @action
    def speak(self, data: dict[str, Any]) -> None:
        publish(self.room, "said", {"text": data["text"], "by": self.user.get_username()})

    def secret(self, data: dict[str, Any]) -> None:
        """No action: nobody can perform it."""
        publish(self.room, "said", {"text": "secret"})
