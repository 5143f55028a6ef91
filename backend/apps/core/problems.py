"""Errors that every API answers as RFC 9457 `application/problem+json`.

Services raise these (or Django's own ValidationError and PermissionDenied); each entry point
renders them. `type` is a stable path that clients may switch on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, ClassVar

import orjson
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpResponse

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
