"""Presence as AnyCable's clients speak of it: `channel.presence.join()`, `leave()` and `info()`.

Who somebody is, and what others see of them, the server says: the `id` and `info` that a client
sends along are not looked at. https://docs.anycable.io/anycable-go/presence
"""

import json
from typing import Any

from longhouse.realtime import presence, topics
from longhouse.realtime.channels import Channel
from longhouse.realtime.log import Entry


def come(channel: Channel) -> None:
    """Let the channel's user be present wherever it follows a topic in which people can be."""
    for topic in _topics(channel):
        if (meta := topics.description(channel.user, topic)) is not None:
            channel.present_in[topic] = meta


def info(channel: Channel) -> dict[str, Any]:
    """The answer to who is here."""
    if not (places := _topics(channel)):
        return {"type": "error"}
    people = {one["user"]: one["meta"] for topic in places for one in presence.here(topic)}
    records = [{"id": user, "info": meta} for user, meta in people.items()]
    return {"type": "info", "total": len(records), "records": records}


def told(entry: Entry) -> dict[str, Any] | None:
    """What an event says of somebody's coming or going; None: nothing."""
    if entry.type == "presence.joined":
        data = json.loads(entry.data)
        return {"type": "join", "id": data["user"], "info": data["meta"]}
    if entry.type == "presence.left":
        return {"type": "leave", "id": json.loads(entry.data)["user"]}
    return None


def _topics(channel: Channel) -> list[str]:
    return [one.wish.topic for one in channel.followed if topics.has_presence(one.wish.topic)]
