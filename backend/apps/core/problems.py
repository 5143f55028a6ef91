"""Errors that every API answers as RFC 9457 `application/problem+json`.

Services raise these (or Django's own ValidationError and PermissionDenied); each entry point
renders them. `type` is a stable path that clients may switch on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, ClassVar

import orjson
from django.conf import settings
from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db.models.deletion import ProtectedError, RestrictedError
from django.http import Http404, HttpResponse
from django.http.multipartparser import MultiPartParserError

from apps.core.middleware import current_request_id

CONTENT_TYPE = "application/problem+json"


@dataclass
class Problem(Exception):
    """An expected failure with a message for the person who caused it."""

    status: ClassVar[int] = HTTPStatus.BAD_REQUEST
    slug: ClassVar[str] = "bad-request"
    title: ClassVar[str] = "Bad request"

    detail: str = ""
    errors: list[dict[str, str]] = field(default_factory=list)  # [{"field": ..., "message": ...}]
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.detail or self.title


class InvalidInput(Problem):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    slug = "invalid-input"
    title = "Please check what you entered"


class NotSignedIn(Problem):
    status = HTTPStatus.UNAUTHORIZED
    slug = "not-signed-in"
    title = "Please sign in"


class NotAllowed(Problem):
    status = HTTPStatus.FORBIDDEN
    slug = "not-allowed"
    title = "You may not do this"


class NotFound(Problem):
    status = HTTPStatus.NOT_FOUND
    slug = "not-found"
    title = "Not found"


class MethodNotAllowed(Problem):
    status = HTTPStatus.METHOD_NOT_ALLOWED
    slug = "method-not-allowed"
    title = "Method not allowed"


class Conflict(Problem):
    status = HTTPStatus.CONFLICT
    slug = "conflict"
    title = "This does not fit the present state"


class StaleWrite(Conflict):
    slug = "stale-write"
    title = "Somebody else changed this meanwhile"


class TooManyRequests(Problem):
    status = HTTPStatus.TOO_MANY_REQUESTS
    slug = "too-many-requests"
    title = "Too many requests"

    @classmethod
    def wait(cls, seconds: int) -> "TooManyRequests":
        return cls(
            f"Please wait {seconds} seconds and try again.", headers={"Retry-After": str(seconds)}
        )


class TooLarge(Problem):
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    slug = "too-large"
    title = "Too large"


def problem_response(
    *,
    status: int,
    slug: str,
    title: str,
    detail: str = "",
    errors: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """Render one problem document; the request id in it is the one in the logs."""
    body: dict[str, Any] = {
        "type": f"/problems/{slug}",
        "title": title,
        "status": int(status),
        "detail": detail,
        "errors": errors or [],
        "request_id": current_request_id.get(),
    }
    return HttpResponse(
        orjson.dumps(body),
        status=int(status),
        content_type=CONTENT_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def respond(problem: Problem) -> HttpResponse:
    return problem_response(
        status=problem.status,
        slug=problem.slug,
        title=problem.title,
        detail=problem.detail,
        errors=problem.errors,
        headers=problem.headers,
    )


DJANGO_ERRORS: tuple[type[Exception], ...] = (
    ValidationError,
    PermissionDenied,
    Http404,
    ProtectedError,
    RestrictedError,
    MultiPartParserError,
    SuspiciousOperation,
)


def from_django(error: Exception) -> Problem | None:
    """What one of DJANGO_ERRORS means to the caller; None for any other exception."""
    match error:
        case ValidationError():
            return from_validation_error(error)
        case PermissionDenied():
            return NotAllowed(str(error))
        case Http404():
            return NotFound()
        case ProtectedError() | RestrictedError():
            return Conflict(str(error.args[0]))
        case RequestDataTooBig():
            limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
            return TooLarge(f"Fields have at most {limit} bytes in all.")
        case MultiPartParserError() | SuspiciousOperation():
            return Problem("The request could not be understood.")
    return None


def from_validation_error(error: ValidationError) -> InvalidInput:
    """Django's ValidationError as a problem that names the fields."""
    return InvalidInput(errors=list(_field_errors(error)))


def _field_errors(error: ValidationError) -> Iterator[dict[str, str]]:
    if hasattr(error, "error_dict"):
        for name, messages in error.message_dict.items():
            for message in messages:
                yield {"field": "" if name == NON_FIELD_ERRORS else name, "message": message}
    else:
        for message in error.messages:
            yield {"field": "", "message": message}
