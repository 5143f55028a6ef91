"""The mark of a lane operation, and what both ways to it share: body, ETag, conditions."""

import hashlib
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

import msgspec
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import parse_etags

P = ParamSpec("P")
Function = Callable[Concatenate[HttpRequest, P], Any]

CONTENT_TYPE = "application/json; charset=utf-8"
encode = msgspec.json.Encoder().encode


def lane(function: Function[P]) -> Function[P]:
    """Mark a GET operation for the lane; goes below the router's decorator.

    The function returns msgspec structs (see `shapes`), or dicts and lists of them, that read as
    the operation's response schema says; they are not validated again. It must not write, set
    cookies or take the response as a parameter.
    """

    @wraps(function)
    def ordinary(request: HttpRequest, *args: P.args, **values: P.kwargs) -> HttpResponse:
        return HttpResponse(encode(function(request, *args, **values)), content_type=CONTENT_TYPE)

    ordinary.lane = function  # type: ignore[attr-defined]
    # A decorator further up copies these: who holds itself is the outermost function.
    ordinary.lane_entry = ordinary  # type: ignore[attr-defined]
    return ordinary  # type: ignore[return-value]


# More than this at once, and hashlib lets other threads run, which costs more than the hashing.
HASHED_AT_ONCE = 2047
SHORT = 32 * 1024  # bytes of a body for which that holds


def etag_of(body: bytes) -> str:
    """A strong validator: equal bodies, equal tag."""
    length = len(body)
    if HASHED_AT_ONCE < length <= SHORT:
        digest = hashlib.sha256()
        view = memoryview(body)
        for start in range(0, length, HASHED_AT_ONCE):
            digest.update(view[start : start + HASHED_AT_ONCE])
    else:
        digest = hashlib.sha256(body)
    return f'"{digest.hexdigest()[:32]}"'


def is_current(header: str, etag: str) -> bool:
    """Whether If-None-Match names this representation (RFC 9110 section 13.1.2)."""
    tags = parse_etags(header)
    return tags == ["*"] or etag in [tag.removeprefix("W/") for tag in tags]


def with_etag(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Give a successful answer to GET its ETag; 304 when the client has it already."""
    if request.method != "GET" or not isinstance(response, HttpResponse):
        return response
    if response.status_code != HTTPStatus.OK:
        return response
    if not response.has_header("ETag"):
        response["ETag"] = etag_of(response.content)
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
