"""The lane before Django: a WSGI application that answers marked operations itself.

Headers are not written down here a second time. The first answer of a kind (operation, status,
signed in or not, host, scheme) comes from Django and is remembered; later ones carry the same
headers, with their own length, ETag and request id. Only a 200 or a 304 is remembered: an unknown
host, a redirect to HTTPS or an error always is Django's answer.
"""

import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cached_property, lru_cache
from http import HTTPStatus
from io import BytesIO
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.core.handlers.wsgi import WSGIRequest, get_path_info
from django.http import QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils.module_loading import import_string
from ninja import NinjaAPI
from ninja.operation import Operation
from ninja.router import BoundRouter
from pydantic import BaseModel

from longhouse.lane.marks import encode, etag_of, is_current
from longhouse.lane.middleware import declining, unknown_middleware
from longhouse.prepared.sessions import get_user

logger = logging.getLogger(__name__)

Environ = dict[str, Any]
HeaderList = list[tuple[str, str]]
StartResponse = Callable[..., Any]
WSGIApplication = Callable[[Environ, StartResponse], Iterable[bytes]]
RequestID = Callable[[str], AbstractContextManager[str]]

MAX_REMEMBERED = 512  # kinds of answers; for a further kind the oldest is forgotten
MAX_PATHS = 4096  # resolved paths kept, of LONGEST_PATH characters at most
LONGEST_PATH = 200
PLAIN = {bool, date, datetime, Decimal, float, int, str, type(None), UUID}  # nobody can change one
# Differ from answer to answer: what the lane puts in, where Django's answer had one.
OWN_HEADERS: dict[str, Callable[["Answer"], str]] = {
    "content-length": lambda answer: str(len(answer.body)),
    "etag": lambda answer: answer.etag,
    "x-request-id": lambda answer: answer.request_id,
}


# Requests that only Django understands: preconditions, and a prefix under which it is mounted.
DJANGOS = ("HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE", "SCRIPT_NAME")


# What the loop found out, for the thread that goes on: that only Django can answer; or of which
# kind the answer is, so that Django's headers can be remembered for it.
LEFT_TO_DJANGO, KIND, REASON = "longhouse.left_to_django", "longhouse.kind", "longhouse.reason"


class Declined(Exception):
    """Django answers this request."""


class Request(WSGIRequest):
    """Django's request with what its middleware would have added; knows whether it was used."""

    asked_for_session = False

    def __init__(self, environ: Environ) -> None:
        """As Django makes it, for a GET without a body. `environ` is the request's to change."""
        # What Django's own __init__ sets for bodies and mounted sites is half of its time.
        self.environ = self.META = environ
        self.method = "GET"
        path = environ["PATH_INFO"]
        self.path = self.path_info = path if path.isascii() else get_path_info(environ)
        self.resolver_match = None
        self.content_type, self.content_params, self._stream = "", {}, BytesIO()
        self._read_started = False

    @cached_property
    def GET(self) -> QueryDict:  # type: ignore[override]
        return _query(self.environ["QUERY_STRING"])

    @cached_property
    def session(self) -> SessionBase:  # type: ignore[override]
        self.asked_for_session = True
        store: SessionBase = _session_store()(self.COOKIES.get(settings.SESSION_COOKIE_NAME))
        store.reads_person = True  # type: ignore[attr-defined] # where longhouse.prepared has it
        for name in ("save", "create", "delete", "flush", "cycle_key"):
            setattr(store, name, _is_to_write)
        return store

    @cached_property
    def user(self) -> Any:  # type: ignore[override]
        self.asked_for_session = True
        if settings.SESSION_COOKIE_NAME not in self.COOKIES:
            return AnonymousUser()
        return get_user(self)


@lru_cache(maxsize=1024)
def _query(text: str) -> QueryDict:
    """The parameters of a query string, which nobody can change."""
    return QueryDict(text.encode("latin-1"))


def _is_constant(value: Any) -> bool:
    """Whether nobody can change it; of schemas, those say so that are declared frozen."""
    if isinstance(value, BaseModel):
        return bool(value.model_config.get("frozen")) and all(
            _is_constant(part) for _, part in value
        )
    return type(value) in PLAIN or isinstance(value, Enum)


def _is_to_write(*_args: object, **_options: object) -> None:
    raise Declined("the session is to be written")


class Answer(NamedTuple):
    kind: tuple[Any, ...]
    status: int
    body: bytes
    etag: str
    request_id: str


class Remembered(NamedTuple):
    status: str  # "200 OK"
    headers: HeaderList
    own: list[tuple[str, Callable[[Answer], str]]]
    encoded: list[tuple[bytes, bytes]]  # both again, as ASGI has them
    own_encoded: list[tuple[bytes, Callable[[Answer], str]]]
    varies: list[tuple[str, str | None]]  # request headers, as in the environ, with their values

    def fits(self, environ: Environ) -> bool:
        return all(environ.get(name) == value for name, value in self.varies)


class Lane:
    """WSGI application around Django's.

    `request_id` gives each request its id for as long as it lasts, from the header that came in.
    The lane stands aside for good, and says so once, when a middleware is configured that it does
    not know: that might refuse requests (see middleware.py).
    """

    def __init__(self, django: WSGIApplication, api: NinjaAPI, *, request_id: RequestID) -> None:
        self.django = django
        self.api = api
        self.request_id = request_id
        self.operations = lane_operations(api)
        self.prefix = reverse(f"{api.urls_namespace}:api-root")
        self.origin = origin_names()
        self.checked: dict[tuple[str, str], dict[str, Any]] = {}
        self.remembered: dict[tuple[Any, ...], Remembered] = {}
        self._kept = lru_cache(MAX_PATHS)(self._find)
        self.declining = declining()
        if unknown := unknown_middleware():
            logger.warning("The lane is closed: it does not know %s", ", ".join(unknown))
            self.operations = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ.pop(LEFT_TO_DJANGO, False):
            return self.django(environ, start_response)
        if kind := environ.pop(KIND, None):
            return self.django(environ, self._remember(kind, environ, start_response))
        if (answer := self.answer(environ)) is None:
            return self.django(environ, start_response)
        if (known := self.remembered.get(answer.kind)) is None:
            return self.django(environ, self._remember(answer.kind, environ, start_response))
        if not known.fits(environ):
            return self.django(environ, start_response)
        own = [(name, value_of(answer)) for name, value_of in known.own]
        start_response(known.status, known.headers + own)
        return [answer.body]

    def answer(self, environ: Environ) -> Answer | None:
        """What a marked operation answers; None for all that is not plainly a success.

        Then `environ` may have a REASON, an exception.
        """
        if environ["REQUEST_METHOD"] != "GET" or any(map(environ.get, DJANGOS)):
            return None
        if not environ["PATH_INFO"].startswith(self.prefix):
            return None
        # A copy: what the operation leaves in it must not reach Django's request.
        request = Request(environ.copy())
        if (found := self.find(request.path_info)) is None:
            return None
        try:
            with self.request_id(environ.get("HTTP_X_REQUEST_ID", "")) as request_id:
                return self.run(*found, request, request_id)
        except Exception as reason:  # noqa: BLE001 - whatever it is, Django shows it
            logger.debug("Left to Django: %s: %r", request.path_info, reason)
            environ[REASON] = reason
            return None

    def run(
        self, operation: Operation, values: dict[str, Any], request: Request, request_id: str
    ) -> Answer:
        """What the operation answers. Raises whatever stands in the way of a plain success."""
        self.decline(request)
        for authenticate in operation.auth_callbacks:
            if result := authenticate(request):
                request.auth = result  # type: ignore[attr-defined]
                break
        else:
            if operation.auth_callbacks:
                raise Declined("not authenticated")
        given = self.arguments(operation, request, values)
        body = encode(operation.view_func.lane(request, **given))  # type: ignore[attr-defined]
        signed_in = _signed_in(request)
        etag = etag_of(body)
        status = HTTPStatus.OK
        environ = request.META
        if (wanted := environ.get("HTTP_IF_NONE_MATCH")) and is_current(wanted, etag):
            status, body = HTTPStatus.NOT_MODIFIED, b""
        kind = (operation.view_func, status, signed_in, *map(environ.get, self.origin))
        return Answer(kind, status, body, etag, request_id)

    def decline(self, request: Request) -> None:
        """Raises Declined for what a middleware keeps to itself."""
        asked = request.asked_for_session
        for declines in self.declining:
            if declines(request):
                raise Declined("a middleware keeps it to itself")
        request.asked_for_session = asked  # it was not the operation that looked

    def arguments(
        self, operation: Operation, request: Request, values: dict[str, Any]
    ) -> dict[str, Any]:
        """What the operation is called with. Plain values of a URL are checked once."""
        key = (request.path_info, request.environ["QUERY_STRING"])
        if (known := self.checked.get(key)) is not None:
            return known.copy()
        given: dict[str, Any] = operation._get_values(request, values, None)  # type: ignore[arg-type]
        from_url = all(
            model.__ninja_param_source__ in ("path", "query") for model in operation.models
        )
        if from_url and all(map(_is_constant, given.values())):
            if len(self.checked) >= MAX_PATHS:
                self.checked.clear()
            if sum(map(len, key)) <= LONGEST_PATH:
                self.checked[key] = given.copy()
        return given

    def find(self, path: str) -> tuple[Operation, dict[str, Any]] | None:
        """The marked operation that Django would resolve this path to, and its path parameters."""
        return self._kept(path) if len(path) <= LONGEST_PATH else self._find(path)

    def _find(self, path: str) -> tuple[Operation, dict[str, Any]] | None:
        try:
            match = resolve(path)
        except Resolver404:
            return None
        operation = self.operations.get(match.route) if not match.args else None
        return None if operation is None else (operation, match.kwargs)

    def _remember(
        self, kind: tuple[Any, ...], environ: Environ, start_response: StartResponse
    ) -> StartResponse:
        def start(status: str, headers: HeaderList, *rest: Any) -> Any:
            code = int(status[:3])
            has_cookie = any(name.lower() == "set-cookie" for name, _ in headers)
            varies = _varies(headers, environ)
            if code == kind[1] and not has_cookie and varies is not None:
                if len(self.remembered) >= MAX_REMEMBERED:
                    # Somebody may have filled it with hosts that nobody uses.
                    self.remembered.pop(next(iter(self.remembered)), None)
                kept = [pair for pair in headers if pair[0].lower() not in OWN_HEADERS]
                own = [
                    (name, OWN_HEADERS[name.lower()])
                    for name, _ in headers
                    if name.lower() in OWN_HEADERS
                ]
                encoded = [(_encode(name), value.encode("latin-1")) for name, value in kept]
                own_encoded = [(_encode(name), value_of) for name, value_of in own]
                self.remembered[kind] = Remembered(status, kept, own, encoded, own_encoded, varies)
            return start_response(status, headers, *rest)

        return start


def lane_operations(api: NinjaAPI) -> dict[str, Operation]:
    """The marked operations of an API by the route that Django resolves them to."""
    root = reverse(f"{api.urls_namespace}:api-root").lstrip("/")
    found = {}
    for router in api._get_bound_routers():
        patterns = router.urls_paths(router.prefix)
        operations = [op for view in router.path_operations.values() for op in view.operations]
        for pattern, operation in zip(patterns, operations, strict=True):
            if hasattr(operation.view_func, "lane"):
                _refuse_unfit(operation, router)
                found[f"{root}{pattern.pattern}"] = operation
    return found


def _encode(name: str) -> bytes:
    return name.lower().encode("latin-1")


def origin_names() -> list[str]:
    """What of a request's environ tells Django by which host and scheme it came."""
    names = ["HTTP_HOST", "wsgi.url_scheme"]
    if settings.SECURE_PROXY_SSL_HEADER:
        names.append(settings.SECURE_PROXY_SSL_HEADER[0])
    if settings.USE_X_FORWARDED_HOST:
        names.append("HTTP_X_FORWARDED_HOST")
    if settings.USE_X_FORWARDED_PORT:
        names.append("HTTP_X_FORWARDED_PORT")
    return names


def _refuse_unfit(operation: Operation, router: BoundRouter) -> None:
    """Raise TypeError for what the lane would answer differently, or go past."""
    name = operation.view_func.__name__
    decorators = [*router.mount.inherited_decorators, *router.template._decorators]
    if (
        operation.view_func.lane_entry is not operation.view_func  # type: ignore[attr-defined]
        or any(not getattr(decorate, "lane_safe", False) for decorate, _ in decorators)
        or getattr(operation, "_run_decorators", None)
    ):
        raise TypeError(
            f"{name} cannot be in the lane: it would go past a decorator. Put that below @lane, or "
            "give it lane_safe = True if it only adds constant headers to what succeeds"
        )
    if operation.methods != ["GET"]:
        raise TypeError(f"{name} cannot be in the lane: only operations that read can")
    if operation.throttle_objects:
        raise TypeError(f"{name} cannot be in the lane: what is not answered would count twice")
    if operation.signature.response_arg:
        raise TypeError(f"{name} cannot be in the lane: it takes the response as a parameter")


def _signed_in(request: Request) -> bool | None:
    """None when the operation did not ask. Raises Declined for a session that is to be changed."""
    if "CSRF_COOKIE_NEEDS_UPDATE" in request.META:
        raise Declined("a cookie is to be set")
    if not request.asked_for_session:
        return None
    signed_in = bool(request.user.is_authenticated)
    if settings.SESSION_COOKIE_NAME in request.COOKIES and not signed_in:
        raise Declined("the session is over: Django deletes its cookie")
    if settings.SESSION_SAVE_EVERY_REQUEST or request.session.modified:
        raise Declined("the session is to be saved")
    return signed_in


def _varies(headers: HeaderList, environ: Environ) -> list[tuple[str, str | None]] | None:
    """The request headers that the answer depends on; None when it may depend on anything.

    Not Cookie: that is looked at anyway.
    """
    names = [
        name.strip().lower()
        for header, value in headers
        if header.lower() == "vary"
        for name in value.split(",")
    ]
    if "*" in names:
        return None
    keys = [f"HTTP_{name.upper().replace('-', '_')}" for name in names if name != "cookie"]
    return [(key, environ.get(key)) for key in keys]


@lru_cache(maxsize=1)
def _session_store() -> type[SessionBase]:
    store: type[SessionBase] = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    return store
