import asyncio
import json
from typing import Any

from channels.layers import get_channel_layer

layer = get_channel_layer()
#: One, so that the connection to Redis stays open.
loop = asyncio.new_event_loop()


def publish(message: dict[str, Any]) -> None:
    event = {"type": "tick", "text": json.dumps(message)}
    loop.run_until_complete(layer.group_send("fanout", event))
