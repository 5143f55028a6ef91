"""/cable: the WebSocket protocol of Action Cable, for the stock clients.

`actioncable-v1-json` is what @rails/actioncable speaks. AnyCable's `actioncable-v1-ext-json` adds
the place of each message (stream_id, epoch, offset) and history: a client that comes back says how
far it got, and gets the rest; and presence. https://docs.anycable.io/misc/action_cable_protocol
"""

import asyncio
import json
import logging
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from longhouse.realtime import access, attendance, channels, conf, log, people, presence
from longhouse.realtime.access import Gate
from longhouse.realtime.asgi import Receive, Refused, Request, Scope, Send, request_of
from longhouse.realtime.channels import Channel, Followed, Rejected
from longhouse.realtime.hub import Closed, Expired, Hub, Subscription
from longhouse.realtime.log import Entry
from longhouse.realtime.sse import REFRESH
from longhouse.realtime.topics import TURBO

logger = logging.getLogger(__name__)

EXTENDED = "actioncable-v1-ext-json"
PROTOCOLS = (EXTENDED, "actioncable-v1-json")
PING_EVERY = 3.0  # seconds; clients take twice that for a dead connection
MAX_IDENTIFIER = 4096  # characters
NORMAL, GOING_AWAY, POLICY = 1000, 1001, 1008  # closing codes


class _Ended(Exception):
    """The connection is to be closed, after a word to the client."""

    def __init__(self, reason: str, *, reconnect: bool, code: int = NORMAL) -> None:
        super().__init__(reason)
        self.reconnect = reconnect
        self.code = code


class Cable:
    """An ASGI application for one path."""

    def __init__(self, hub: Hub, gate: Gate) -> None:
        self.hub = hub
        self.gate = gate
        self.sockets: set[_Socket] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        offered = scope.get("subprotocols") or ()
        protocol = next((name for name in PROTOCOLS if name in offered), None)
        try:
            request = request_of(scope, origins=self.hub.conf.origins)
            if protocol is None:
                raise Refused(400, f"Speak one of {', '.join(PROTOCOLS)}.")
        except Refused as refused:
            logger.warning("Refused a WebSocket: %s", refused)
            await send({"type": "websocket.close", "code": POLICY})
            return
        await send({"type": "websocket.accept", "subprotocol": protocol})
        user = await self.hub.run(people.person, request.session)
        socket = _Socket(self.hub, request, user, send, extended=protocol == EXTENDED)
        try:
            with self.gate.enter(access.name_of(user, request.address)):
                self.sockets.add(socket)
                await socket.run(receive)
        except Refused:  # the client tries again, later and later
            reason = "server_restart" if self.gate.stopping else "too_many_connections"
            await socket.end(_Ended(reason, reconnect=True))
        finally:
            self.sockets.discard(socket)

    def stop(self) -> None:
        for socket in list(self.sockets):
            socket.stop(_Ended("server_restart", reconnect=True, code=GOING_AWAY))


class _Socket:
    """One connection."""

    def __init__(
        self, hub: Hub, request: Request, user: Any, send: Send, *, extended: bool
    ) -> None:
        self.hub = hub
        self.request = request
        self.user = user
        self.extended = extended
        self.name = uuid4().hex
        self.subscriptions: dict[str, _Subscribed] = {}
        self._send = send
        self._sending = asyncio.Lock()
        self._end: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self, receive: Receive) -> None:
        tasks = [
            asyncio.ensure_future(self._end),
            asyncio.create_task(self._keep_alive()),
            asyncio.create_task(self._listen(receive)),
        ]
        try:
            await self.send({"type": "welcome"})
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except _Ended as ended:
            await self.end(ended, tasks)
        except TimeoutError:
            logger.info("A WebSocket client takes nothing any more")
        finally:
            await asyncio.shield(self._forget_all())
            await _cancel(tasks)

    def stop(self, ended: _Ended | Exception) -> None:
        if not self._end.done():
            self._end.set_exception(ended)

    async def send(self, message: dict[str, Any]) -> None:
        await self.send_text(json.dumps(message, separators=(",", ":")))

    async def send_text(self, text: str) -> None:
        """One at a time, at the pace of the client; TimeoutError when it takes nothing."""
        async with asyncio.timeout(self.hub.conf.send_timeout), self._sending:
            await self._send({"type": "websocket.send", "text": text})

    async def end(self, ended: _Ended, tasks: "Sequence[asyncio.Future[None]]" = ()) -> None:
        """Tell the client why, stop `tasks`, close."""
        message = {"type": "disconnect", "reason": str(ended), "reconnect": ended.reconnect}
        try:
            async with asyncio.timeout(2):
                await self.send(message)
                # Granian may not close while something still waits to receive.
                await _cancel(tasks)
                await self._send({"type": "websocket.close", "code": ended.code})
        except Exception:  # noqa: BLE001 - the client is gone or takes nothing
            logger.info("A WebSocket client did not hear why it was disconnected")

    async def _keep_alive(self) -> None:
        loop = asyncio.get_running_loop()
        check_at = loop.time() + self.hub.conf.heartbeat
        while True:
            await asyncio.sleep(PING_EVERY)
            await self.send({"type": "ping", "message": int(time.time())})
            if loop.time() >= check_at:
                check_at = loop.time() + self.hub.conf.heartbeat
                await self._check()

    async def _check(self) -> None:
        """Whether all that is followed is still allowed."""
        user, lost = await self.hub.run(self._look)
        if user.pk != self.user.pk:
            raise _Ended("unauthorized", reconnect=False)
        self.user = user
        for identifier in lost:
            if subscribed := self.subscriptions.pop(identifier, None):
                await self._forget(subscribed)
                await self.send({"type": "reject_subscription", "identifier": identifier})

    def _look(self) -> tuple[Any, list[str]]:
        user = people.person(self.request.session)
        lost = []
        for identifier, subscribed in list(self.subscriptions.items()):
            channel = subscribed.channel
            channel.user = user
            if not all(one.wish.allowed_to(user) for one in channel.followed):
                lost.append(identifier)
            elif channel.present_in and not presence.heartbeat(self.name, channel.present_in):
                self._enter(channel)
        return user, lost

    # What the client says ----------------------------------------------------------------------

    async def _listen(self, receive: Receive) -> None:
        while (message := await receive())["type"] != "websocket.disconnect":
            text = message.get("text")
            if text is None or len(text) > self.hub.conf.max_message:
                raise _Ended("invalid_request", reconnect=False, code=POLICY)
            try:
                command = json.loads(text)
                name, identifier = command["command"], command.get("identifier", "")
            except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
                raise _Ended("invalid_request", reconnect=False, code=POLICY) from None
            if not isinstance(identifier, str) or len(identifier) > MAX_IDENTIFIER:
                raise _Ended("invalid_request", reconnect=False, code=POLICY)
            await self._obey(name, identifier, command)

    async def _obey(self, name: object, identifier: str, command: dict[str, Any]) -> None:
        subscribed = self.subscriptions.get(identifier)
        if name == "subscribe":
            if subscribed is None:
                await self._subscribe(identifier, command)
            else:  # the client did not hear it
                await self.send({"type": "confirm_subscription", "identifier": identifier})
        elif subscribed is None:
            logger.info("A WebSocket client speaks of what it does not follow")
        elif name == "unsubscribe":
            del self.subscriptions[identifier]
            await self._forget(subscribed)
        elif name == "message":
            await self._perform(identifier, subscribed.channel, command.get("data"))
        elif name == "join":
            await self.hub.run(self._come, subscribed.channel)
        elif name == "leave":
            await self.hub.run(self._go, subscribed.channel)
        elif name == "presence":
            message = await self.hub.run(attendance.info, subscribed.channel)
            await self.send({"type": "presence", "identifier": identifier, "message": message})

    async def _subscribe(self, identifier: str, command: dict[str, Any]) -> None:
        try:
            params = json.loads(identifier)
            kind = channels.find(params.pop("channel"))
        except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
            kind = None
        channel = None
        if kind is not None and len(self.subscriptions) < self.hub.conf.max_topics:
            channel = kind(self.user, params)
            try:
                await self.hub.run(channel.subscribed)
                if len(channel.followed) > self.hub.conf.max_topics:
                    raise Rejected
            except (Rejected, Refused):
                channel = None
            except Exception:  # whatever an app's channel raises
                logger.exception("%s cannot be subscribed to", type(channel).__name__)
                channel = None
        if channel is None:
            await self.send({"type": "reject_subscription", "identifier": identifier})
            return
        subscribed = self.subscriptions[identifier] = _Subscribed(channel)
        told = await self._follow(identifier, subscribed, command.get("history"))
        await self.send({"type": "confirm_subscription", "identifier": identifier})
        if told:
            await self.send({"type": told, "identifier": identifier})
        if channel.present_in:
            for topic, everybody in await self.hub.run(self._enter, channel):
                message = {"type": "presence.here", "topic": topic, "data": everybody}
                await self.send({"identifier": identifier, "message": message})
        if command.get("presence"):  # it was here before it lost its connection
            await self.hub.run(self._come, channel)
        await self._transmit(identifier, channel)
        for stream in subscribed.streams:
            pump = asyncio.create_task(self._pump(identifier, stream))
            subscribed.pumps.append(pump)

    async def _follow(self, identifier: str, subscribed: "_Subscribed", history: object) -> str:
        """Subscribe to every stream of the channel; what the client is told about history."""
        known: Any = history if self.extended and isinstance(history, dict) else {}
        places: Any = known.get("streams")
        places = places if isinstance(places, dict) else {}
        complete = True
        for one in subscribed.channel.followed:
            stream, whole = await self._open(one, places.get(one.wish.topic), known.get("since"))
            subscribed.streams.append(stream)
            complete = complete and whole
        if not known:
            return ""
        return "confirm_history" if complete else "reject_history"

    async def _open(self, one: Followed, place: Any, since: Any) -> tuple[Subscription, bool]:
        """(a subscription from where the client stands, whether it misses nothing)."""
        topics = [one.wish.topic]
        if isinstance(place, dict):
            cursor = f"{place.get('epoch')}-{place.get('offset')}"
            stream = await self.hub.subscribe(topics, cursor)
        elif one.after:
            stream = await self.hub.subscribe(topics, one.after)
        elif isinstance(since, int | float) and 0 < since < 2**40:
            position, whole = await self.hub.run(_position_at, since)
            return await self.hub.subscribe(topics, since=position), whole
        else:
            return await self.hub.subscribe(topics), True
        whole = not stream.expired
        # Told by `reject_history`, where there is a word for it.
        stream.expired = stream.expired and not self.extended
        return stream, whole

    async def _perform(self, identifier: str, channel: Channel, data: Any) -> None:
        try:
            content = json.loads(data)
            if not isinstance(content, dict):
                raise TypeError
        except (ValueError, TypeError, RecursionError):
            raise _Ended("invalid_request", reconnect=False, code=POLICY) from None
        try:
            if not await self.hub.run(channels.perform, channel, content):
                logger.warning("%s has no such action", type(channel).__name__)
        except Exception:  # whatever an app's action raises
            logger.exception("An action of %s failed", type(channel).__name__)
        await self._transmit(identifier, channel)

    async def _transmit(self, identifier: str, channel: Channel) -> None:
        while channel.outgoing:
            await self.send({"identifier": identifier, "message": channel.outgoing.pop(0)})

    def _enter(self, channel: Channel) -> list[tuple[str, list[dict[str, Any]]]]:
        for topic, meta in channel.present_in.items():
            presence.join(topic, str(self.user.pk), self.name, meta)
        return [(topic, presence.here(topic)) for topic in channel.present_in]

    def _come(self, channel: Channel) -> None:
        attendance.come(channel)
        self._enter(channel)

    def _go(self, channel: Channel) -> None:
        presence.leave(self.name, list(channel.present_in))
        channel.present_in.clear()

    # What the client is told -------------------------------------------------------------------

    async def _pump(self, identifier: str, stream: Subscription) -> None:
        quoted = json.dumps(identifier)
        try:
            while True:
                try:
                    entries = await stream.take(self.hub.conf.heartbeat)
                except Expired:
                    await self._tell_expired(identifier, stream)
                    continue
                for entry in entries:
                    await self.send_text(self._encode(quoted, entry))
                    if self.extended and (message := attendance.told(entry)):
                        answer = {"type": "presence", "identifier": identifier, "message": message}
                        await self.send(answer)
        except Closed:
            pass  # by `stop`, which ends all of it
        except Exception as error:  # noqa: BLE001 - the connection's end, whatever it is
            self.stop(error)

    async def _tell_expired(self, identifier: str, stream: Subscription) -> None:
        if self.extended:
            await self.send({"type": "reject_history", "identifier": identifier})
        elif any(topic.startswith(TURBO) for topic in stream.topics):
            await self.send({"identifier": identifier, "message": REFRESH})
        else:
            message = {"type": "reset", "data": None}
            await self.send({"identifier": identifier, "message": message})

    def _encode(self, quoted: str, entry: Entry) -> str:
        if entry.topic.startswith(TURBO):
            message = entry.data
        else:
            message = f'{{"type":{json.dumps(entry.type)},"data":{entry.data}}}'
        place = ""
        if self.extended:
            stream = json.dumps(entry.topic)
            place = f',"stream_id":{stream},"epoch":"{self.hub.epoch}","offset":{entry.position}'
        return f'{{"identifier":{quoted},"message":{message}{place}}}'

    async def _forget(self, subscribed: "_Subscribed") -> None:
        subscribed.close()
        await self.hub.run(self._leave, subscribed.channel)

    async def _forget_all(self) -> None:
        for subscribed in self.subscriptions.values():
            await self._forget(subscribed)
        self.subscriptions.clear()

    def _leave(self, channel: Channel) -> None:
        try:
            self._go(channel)
            channel.unsubscribed()
        except Exception:  # whatever an app's channel raises
            logger.exception("%s ended with an error", type(channel).__name__)


async def _cancel(tasks: "Sequence[asyncio.Future[None]]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class _Subscribed:
    """One subscription of a connection."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.streams: list[Subscription] = []
        self.pumps: list[asyncio.Task[None]] = []

    def close(self) -> None:
        for pump in self.pumps:
            pump.cancel()
        for stream in self.streams:
            stream.close()


def _position_at(since: float) -> tuple[int, bool]:
    """(the position at that Unix time, whether all events since are there)."""
    if since < time.time() - conf.load().retention:
        return log.state().last, False
    return log.position_at(datetime.fromtimestamp(since, UTC)), True
