"""Channels: what a WebSocket client subscribes to, and the actions that it may perform there.

    @channel("BoardChannel")
    class BoardChannel(Channel):
        def subscribed(self) -> None:
            self.stream_from("reports")

        @action
        def typing(self, data: dict[str, Any]) -> None:
            publish("reports", "report.typing", {"user": self.user.pk})

Methods run in a thread, one at a time for each connection, and may use the database.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from longhouse.realtime import access, topics
from longhouse.realtime.access import Wish
from longhouse.realtime.asgi import Refused

Method = TypeVar("Method", bound=Callable[..., None])
Class = TypeVar("Class", bound="type[Channel]")


class Rejected(Exception):
    """The subscription is not accepted. For `subscribed` to raise."""


class Followed(NamedTuple):
    wish: Wish
    after: str  # cursor, or "": from now on


class Channel:
    """One subscription of one connection."""

    def __init__(self, user: Any, params: dict[str, Any]) -> None:
        self.user = user  # as of the last heartbeat
        self.params = params  # what the client sent beside the channel's name
        self.followed: list[Followed] = []
        self.outgoing: list[Any] = []
        self.present_in: dict[str, dict[str, Any]] = {}

    def subscribed(self) -> None:
        """Say by `stream_from` what is followed, or raise Rejected."""

    def unsubscribed(self) -> None:
        """The subscription has ended."""

    def receive(self, data: dict[str, Any]) -> None:
        """What came by the client's `send`, without an action."""

    def stream_from(self, topic: str, *, after: str = "") -> None:
        """Follow a topic, which must be allowed to the user; from a cursor on, if given."""
        self._follow(access.wish(topic), after)

    def stream_signed(self, name: str) -> None:
        """Follow a topic by its signed name, from where it was rendered."""
        wish = access.signed_wish(name)
        self._follow(wish, wish.stream.cursor if wish.stream else "")

    def present(self, topic: str) -> None:
        """Be present in a topic as long as the subscription lasts."""
        description = topics.description(self.user, topic)
        if description is None:
            raise Rejected
        self.present_in[topic] = description

    def transmit(self, data: Any) -> None:
        """Send to this client alone."""
        self.outgoing.append(data)

    def _follow(self, wish: Wish, after: str) -> None:
        if not wish.allowed_to(self.user):
            raise Rejected
        self.followed.append(Followed(wish, after))


_channels: dict[str, type[Channel]] = {}
_ACTION = "_realtime_action"


def channel(name: str) -> Callable[[Class], Class]:
    """Register a class under the name by which clients subscribe."""

    def keep(kind: Class) -> Class:
        if name in _channels:
            raise ValueError(f"There is a channel {name!r} already.")
        _channels[name] = kind
        return kind

    return keep


def action(method: Method) -> Method:
    """Let clients `perform` this method; its argument is the dict that they sent."""
    setattr(method, _ACTION, True)
    return method


def find(name: object) -> type[Channel] | None:
    return _channels.get(name) if isinstance(name, str) else None


def perform(subscription: Channel, data: dict[str, Any]) -> bool:
    """Run the action that `data` names; False when there is none."""
    name = data.get("action")
    if name is None:
        subscription.receive(data)
        return True
    method = getattr(subscription, name, None) if isinstance(name, str) else None
    if not getattr(method, _ACTION, False) or method is None:
        return False
    method(data)
    return True


@channel("EventsChannel")
class EventsChannel(Channel):
    """Topics by name: {"channel": "EventsChannel", "topic": ..., "after": ..., "present": true}."""

    def subscribed(self) -> None:
        topic, after = self.params.get("topic"), self.params.get("after", "")
        if not isinstance(topic, str) or not isinstance(after, str):
            raise Rejected
        try:
            self.stream_from(topic, after=after)
        except Refused:
            raise Rejected from None
        if self.params.get("present"):
            self.present(topic)


@channel("Turbo::StreamsChannel")
class TurboStreamsChannel(Channel):
    """What <turbo-cable-stream-source> of @hotwired/turbo-rails subscribes to."""

    def subscribed(self) -> None:
        try:
            self.stream_signed(str(self.params.get("signed_stream_name")))
        except Refused:
            raise Rejected from None
