"""What is asked of every peer, and the proof that all of them answer the same."""

import http.client
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from benchmarks.harness.load_generator import Shot
from benchmarks.harness.servers import Server


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # lower-case names
    body: bytes


def read_json(answer: Answer) -> Any:
    return json.loads(answer.body)


@dataclass(frozen=True)
class Request:
    path: str
    expected: Any = None  # what the scenario's `read` makes of the answer
    method: str = "GET"
    data: Any = None  # sent as JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    signed_in: bool = False
    status: int = 200


@dataclass(frozen=True)
class Scenario:
    """One row of figures. Its requests are sent in turn."""

    name: str
    title: str
    requests: Sequence[Request]
    #: brings what peers may write differently (times, ids, compression) to one form
    read: Callable[[Answer], Any] = read_json
    #: fields of the JSON to compare under load when no two bodies are the same; else all bytes
    fields: Sequence[str] = ()
    #: must be refused with a status of 4xx: proof that a peer validates and asks who calls
    refused: Sequence[Request] = ()
    #: undoes what a window of load did; gets the peer's name
    reset: Callable[[str], None] | None = None


@dataclass(frozen=True)
class Target:
    """A server that runs, and how its signed-in user calls it (headers, given its origin)."""

    server: Server
    sign_in: Callable[[str], Mapping[str, str]] = lambda origin: {}

    def headers(self, request: Request) -> dict[str, str]:
        headers = {"accept": "application/json"} | dict(request.headers)
        if request.data is not None:
            headers["content-type"] = "application/json"
        if request.signed_in:
            headers |= self.sign_in(self.server.origin)
        return headers


def ask(target: Target, request: Request) -> Answer:
    """One request, outside the load."""
    address = urlsplit(target.server.origin)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
    try:
        body = None if request.data is None else json.dumps(request.data)
        connection.request(request.method, request.path, body, target.headers(request))
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, headers, answer.read())
    finally:
        connection.close()


def prove(target: Target, scenario: Scenario) -> list[Shot]:
    """Check every answer of the scenario; returns what to send under load.

    Raises SystemExit that names the peer and shows what it answered instead.
    """
    where = f"{target.server.name}, {scenario.name}"
    shots = []
    for request in scenario.requests:
        answer = ask(target, request)
        shown = f"{request.method} {request.path}: {answer.status} {answer.body[:2000]!r}"
        if answer.status != request.status:
            raise SystemExit(f"{where}: expected {request.status}, got {shown}")
        if (found := scenario.read(answer)) != request.expected:
            raise SystemExit(f"{where}: expected {request.expected}\ngot {found}\nfrom {shown}")
        fields = {name: request.expected[name] for name in scenario.fields}
        shots.append(
            Shot(
                method=request.method,
                path=request.path,
                headers=target.headers(request),
                body=None if request.data is None else json.dumps(request.data),
                status=request.status,
                exact=None if fields else answer.body,
                fields=fields,
            )
        )
    for request in scenario.refused:
        answer = ask(target, request)
        if not 400 <= answer.status < 500:
            raise SystemExit(
                f"{where}: {request.method} {request.path} {request.data} must be refused, "
                f"got {answer.status} {answer.body[:500]!r}"
            )
    return shots
