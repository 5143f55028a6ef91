"""DocumentChannel of /cable: the sync protocol of Yjs, its messages named, its bytes as base64.

{"channel": "DocumentChannel", "name": "note:7"}, and then

    sync {"state"}           -> document.sync {"update", "state", "writable", "client"}
    update {"id", "update"}  -> document.saved {"id"}, once it is stored
    aware {"state"}             what others see of this client for as long as it is here

To all, the sender too: `document.update`, see services.append, and `document.aware` {"client",
"user", "state"}. What is refused is answered by `document.refused` {"id", "reason", "detail"}.
"""

import base64
import binascii
import time
from typing import Any
from uuid import uuid4

from longhouse.documents import conf, kinds, selectors, services, yjs
from longhouse.documents.services import Refused
from longhouse.realtime import topics
from longhouse.realtime.channels import Channel, Rejected, action, channel
from longhouse.realtime.log import InvalidEvent, encode, is_topic, publish

MAX_AWARE = 1024  # bytes of JSON


class Bucket:
    """Lets `burst` through at once, and `rate` a second after that."""

    def __init__(self, *, rate: float, burst: int) -> None:
        self._rate, self._burst = rate, burst
        self._left, self._at = float(burst), time.monotonic()

    def take(self) -> bool:
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


@channel("DocumentChannel")
class DocumentChannel(Channel):
    def subscribed(self) -> None:
        name = self.params.get("name")
        if not isinstance(name, str) or not is_topic(name) or not kinds.is_document(name):
            raise Rejected
        self.name = name
        self.client = uuid4().hex
        self.is_aware = False
        limits = conf.load()
        self.bucket = Bucket(rate=limits.rate, burst=limits.burst)
        self.stream_from(name)
        if topics.description(self.user, name) is not None:
            self.present(name)

    def unsubscribed(self) -> None:
        if self.is_aware:
            self._tell(None)

    @action
    def sync(self, data: dict[str, Any]) -> None:
        try:
            self._slow_down()
            doc = selectors.load(self.name).doc
            lacking = yjs.since(doc, _bytes(data.get("state")))
        except yjs.Malformed:
            self._refuse(data, Refused("malformed", "This is no state vector of Yjs."))
        except Refused as refused:
            self._refuse(data, refused)
        else:
            answer = {
                "update": base64.b64encode(lacking).decode(),
                "state": base64.b64encode(doc.get_state()).decode(),
                "writable": kinds.may_write(self.user, self.name),
                "client": self.client,
            }
            self.transmit({"type": "document.sync", "data": answer})

    @action
    def update(self, data: dict[str, Any]) -> None:
        try:
            self._slow_down()
            update = _bytes(data.get("update"))
            services.append(name=self.name, update=update, user=self.user, client=self.client)
        except Refused as refused:
            self._refuse(data, refused)
        else:
            self.transmit({"type": "document.saved", "data": {"id": data.get("id")}})

    @action
    def aware(self, data: dict[str, Any]) -> None:
        state = data.get("state")
        try:
            self._slow_down()
            if len(encode(state)) > MAX_AWARE:
                raise Refused("malformed", f"This is more than {MAX_AWARE} bytes.")
        except InvalidEvent as error:
            self._refuse(data, Refused("malformed", str(error)))
        except Refused as refused:
            self._refuse(data, refused)
        else:
            self.is_aware = state is not None
            self._tell(state)

    def _tell(self, state: Any) -> None:
        data = {"client": self.client, "user": str(self.user.pk or ""), "state": state}
        publish(self.name, "document.aware", data)

    def _slow_down(self) -> None:
        if not self.bucket.take():
            raise Refused("too-fast", "This is too much at once. Wait a second.")

    def _refuse(self, data: dict[str, Any], refused: Refused) -> None:
        answer = {"id": data.get("id"), "reason": refused.reason, "detail": str(refused)}
        self.transmit({"type": "document.refused", "data": answer})


def _bytes(text: object) -> bytes:
    """Raises Refused."""
    try:
        if isinstance(text, str):
            return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        pass
    raise Refused("malformed", "This is not base64.")
