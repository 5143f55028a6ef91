"""Every error of the public API as the same problem+json that the whole house answers."""

from collections.abc import Iterator
from http import HTTPStatus
from math import ceil
from typing import Any

from django.http import HttpResponse
from rest_framework.exceptions import (
    APIException,
    AuthenticationFailed,
    NotAuthenticated,
    NotFound,
    ParseError,
    PermissionDenied,
    Throttled,
    ValidationError,
)
from rest_framework.settings import api_settings
from rest_framework.views import set_rollback

from apps.core import problems
from apps.core.problems import Problem, from_django, problem_response, respond


def handle(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """REST_FRAMEWORK["EXCEPTION_HANDLER"]. None lets a crash go on to Django's handler500."""
    problem = _problem_of(error)
    if problem is not None:
        response = respond(problem)
    elif isinstance(error, APIException):
        phrase = HTTPStatus(error.status_code).phrase
        response = problem_response(
            status=error.status_code,
            slug=phrase.lower().replace(" ", "-"),
            title=phrase,
            detail=_text_of(error),
        )
    else:
        return None
    set_rollback()
    # How to sign in, which HTTP wants with every 401; DRF's view puts it on the exception.
    if challenge := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = challenge
    return response


def _problem_of(error: Exception) -> Problem | None:
    match error:
        case Problem():
            return error
        case ValidationError():
            return problems.InvalidInput(errors=list(_field_errors(error.detail)))
        case NotAuthenticated() | AuthenticationFailed():
            return problems.NotSignedIn(_text_of(error))
        case PermissionDenied():
            return problems.NotAllowed(_text_of(error))
        case NotFound():
            return problems.NotFound(_text_of(error))
        case Throttled():
            return problems.TooManyRequests.wait(ceil(getattr(error, "wait", None) or 60))
        case ParseError():
            return Problem(_text_of(error))
    return from_django(error)


def _text_of(error: APIException) -> str:
    detail: Any = error.detail
    if isinstance(detail, dict):  # SimpleJWT; what is wrong with the token stands in "messages"
        messages = detail.get("messages") or [{"message": detail.get("detail", "")}]
        detail = messages[0]["message"]
    return str(detail)


def _field_errors(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """DRF's nested details as flat entries: {"lines": [{}, {"price": ["No."]}]} -> lines.1.price"""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = name == api_settings.NON_FIELD_ERRORS_KEY
            yield from _field_errors(inner, path if own else _join(path, name))
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from _field_errors(inner, _join(path, index) if nested else path)
    else:
        yield {"field": path, "message": str(detail)}


def _join(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)
