"""For tests: ask for a path through the lane and past it, and compare all that comes back."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

import fastjsonschema
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from pydantic import TypeAdapter

from longhouse.lane.wsgi import Environ, HeaderList, Lane, WSGIApplication


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes
    by_lane: bool


class BothWays:
    """Asks a WSGI application with and without the lane before it, with one client's cookies."""

    def __init__(self, lane: Lane, client: Client) -> None:
        self.lane = lane
        self.client = client
        self.django: WSGIApplication = lane.django
        self.asked_django = False
        lane.django = self._watched

    def get(self, path: str, method: str = "GET", **headers: str) -> Reply:
        """The reply of both ways. Fails when they differ in status, headers or body.

        Asks the lane twice: the first answer of a kind teaches it the headers.
        """
        ordinary = self._ask(self.django, path, method, headers)
        self._ask(self.lane, path, method, headers)
        reply = self._ask(self.lane, path, method, headers)
        for name, ours, djangos in zip(Reply._fields[:3], reply, ordinary, strict=False):
            if ours != djangos:
                raise AssertionError(f"{path}: {name} is {ours!r}, from Django {djangos!r}")
        return reply

    def refused(self, path: str, method: str = "GET", **headers: str) -> int:
        """The status of a request that the lane must leave to Django."""
        reply = self.get(path, method, **headers)
        if reply.by_lane:
            raise AssertionError(f"{path} was answered by the lane")
        return reply.status

    def answered(self, path: str, **headers: str) -> Reply:
        """A reply that the lane gave. Fails when its body breaks the operation's schema."""
        reply = self.get(path, **headers)
        if not reply.by_lane or reply.status != 200:
            raise AssertionError(f"{path} was not answered by the lane: {reply}")
        self._check_schema(path, reply)
        again = self.get(path, HTTP_IF_NONE_MATCH=reply.headers["etag"], **headers)
        if (again.status, again.body, again.by_lane) != (304, b"", True):
            raise AssertionError(f"{path} was sent again although nothing changed: {again}")
        return reply

    def _check_schema(self, path: str, reply: Reply) -> None:
        found = self.lane.find(path.partition("?")[0])
        if found is None:
            raise AssertionError(f"{path} is not in the lane")
        schema: Any = found[0].response_models[200].model_fields["response"].annotation
        adapter: TypeAdapter[Any] = TypeAdapter(schema)
        promised = adapter.json_schema(mode="serialization", by_alias=False)
        for part in (promised, *promised.get("$defs", {}).values()):
            if "properties" in part:
                part["additionalProperties"] = False
        try:
            fastjsonschema.validate(promised, json.loads(reply.body))
        except fastjsonschema.JsonSchemaValueException as error:
            raise AssertionError(f"{path} breaks its schema: {error}") from error

    def _ask(
        self, application: WSGIApplication, path: str, method: str, headers: dict[str, str]
    ) -> Reply:
        where, _, query = path.partition("?")
        environ: Environ = self.client._base_environ(  # type: ignore[attr-defined]
            REQUEST_METHOD=method,
            PATH_INFO=where,
            QUERY_STRING=query,
            HTTP_HOST="testserver",
            HTTP_X_REQUEST_ID="the-same-id",
        )
        environ |= headers
        head: list[Any] = []

        def start(status: str, answered: HeaderList, *_rest: Any) -> None:
            head[:] = [int(status[:3]), {name.lower(): value for name, value in answered}]

        self.asked_django = application is self.django
        # As Django's own test client: the connection holds the test's transaction.
        request_started.disconnect(close_old_connections)
        request_finished.disconnect(close_old_connections)
        try:
            response = application(environ, start)
            body = b"".join(response)
            if hasattr(response, "close"):
                response.close()
        finally:
            request_started.connect(close_old_connections)
            request_finished.connect(close_old_connections)
        return Reply(head[0], head[1], body, not self.asked_django)

    def _watched(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        self.asked_django = True
        return self.django(environ, start_response)
