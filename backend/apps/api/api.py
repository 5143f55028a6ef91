"""The first-party API: session cookie, CSRF, problem+json. Becomes the TypeScript client."""

import logging
from collections.abc import Callable
from functools import wraps
from inspect import isfunction
from typing import Any

import orjson
from django.conf import settings
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled
from ninja.errors import ValidationError as SchemaError
from ninja.openapi.docs import Swagger
from ninja.operation import Operation
from ninja.renderers import BaseRenderer

from apps.api.schemas import ProblemDocument
from apps.core.problems import (
    CONTENT_TYPE,
    DJANGO_ERRORS,
    InvalidInput,
    MethodNotAllowed,
    NotAllowed,
    NotSignedIn,
    Problem,
    TooManyRequests,
    from_django,
    problem_response,
    respond,
)
from longhouse.lane.marks import with_etag

logger = logging.getLogger(__name__)


class Renderer(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z)


def for_every_method(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Ninja's view of one path, which knows no HEAD and refuses other methods in HTML."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
        asked = request.method
        if asked == "HEAD":
            # The server sends the same headers, and leaves out the body (RFC 9110 section 9.3.2).
            request.method = "GET"
        try:
            response = view(request, *args, **values)
        finally:
            request.method = asked
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        methods = set(response["Allow"].split(", "))
        allow = ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))
        return respond(MethodNotAllowed(f"Here one can {allow}.", headers={"Allow": allow}))

    return answer


class HouseAPI(NinjaAPI):
    def _get_urls(self) -> list[URLResolver | URLPattern]:
        urls = super()._get_urls()
        for pattern in urls:
            # The root, which is only there to be reversed, is a partial and answers 404.
            if isinstance(pattern, URLPattern) and isfunction(pattern.callback):
                pattern.callback = for_every_method(pattern.callback)
        return urls

    def get_openapi_operation_id(self, operation: Operation) -> str:
        # The function's name becomes the client's: list_articles -> listArticles().
        return operation.view_func.__name__

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        """Ninja's schema, with the problem document that any operation may answer.

        It also says what the front end must not say for itself: what each choice is called
        (`x-labels`) and what uploads may weigh (`x-limits`).
        """
        document = super().get_openapi_schema(**kwargs)
        schemas = document["components"]["schemas"]
        schema = ProblemDocument.model_json_schema(
            mode="serialization", ref_template="#/components/schemas/{model}"
        )
        schemas |= schema.pop("$defs", {}) | {"ProblemDocument": schema}
        problem = {
            "description": "Problem",
            "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
        }
        for choices in TextChoices.__subclasses__():
            schema = schemas.get(choices.__name__, {})
            if schema.get("enum") == choices.values:
                labels = {value: str(label) for value, label in choices.choices}
                schemas[choices.__name__] = {**schema, "x-labels": labels}
        document["x-limits"] = {"imageBytes": settings.MAX_IMAGE_BYTES}
        for path in document["paths"].values():
            for operation in path.values():
                answers = {str(code): answer for code, answer in operation["responses"].items()}
                operation["responses"] = answers | {"default": problem}
        return document


api = HouseAPI(
    title=settings.SITE_NAME,
    version="1",
    description="First-party API of the site: session cookie and CSRF token.",
    renderer=Renderer(),
    docs=Swagger(),
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)


def cached_by_its_reader(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """What was made for one person is for no shared cache; a browser may ask whether it changed."""

    @wraps(run)
    def answer(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
        response = run(request, *args, **values)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return with_etag(request, response)

    return answer


cached_by_its_reader.lane_safe = True  # type: ignore[attr-defined]
api.add_decorator(cached_by_its_reader, mode="view")


@api.exception_handler(Problem)
def on_problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return respond(error)


@api.exception_handler(SchemaError)
def on_schema_error(request: HttpRequest, error: SchemaError) -> HttpResponse:
    return respond(
        InvalidInput(
            errors=[
                {"field": _field_of(item["loc"]), "message": _message_of(item)}
                for item in error.errors
            ]
        )
    )


@api.exception_handler(AuthenticationError)
def on_authentication_error(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return respond(NotSignedIn())


def on_django_error(request: HttpRequest, error: Exception) -> HttpResponse:
    problem = from_django(error)
    assert problem is not None  # noqa: S101 - the loop below registers nothing else
    return respond(problem)


for kind in DJANGO_ERRORS:
    api.exception_handler(kind)(on_django_error)


@api.exception_handler(Throttled)
def on_throttled(request: HttpRequest, error: Throttled) -> HttpResponse:
    return respond(TooManyRequests.wait(int(error.wait or 60)))


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 403:
        return respond(NotAllowed("The CSRF token is missing or wrong. Reload the page."))
    return problem_response(
        status=error.status_code, slug="bad-request", title="Bad request", detail=str(error)
    )


@api.exception_handler(Exception)
def on_crash(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("%s %r failed", request.method, request.path, exc_info=error)
    return problem_response(
        status=500,
        slug="internal",
        title="Something went wrong on our side",
        detail="It has been logged. Please try again.",
    )


def _field_of(location: tuple[Any, ...]) -> str:
    # ("body", "report", "description"): where it was sent, the parameter's name, then the field.
    # A body is one object; a form's and a query's parameters may be fields themselves.
    parts = [str(part) for part in location[1:]]
    if location[0] == "body" or (location[0] == "form" and len(parts) > 1):
        parts = parts[1:]
    return ".".join(parts)


def _message_of(item: dict[str, Any]) -> str:
    if item["loc"][0] == "body" and not _field_of(item["loc"]):
        return "Send a JSON object."
    if item["type"] == "missing":
        return "This field is required."
    if item["type"] == "extra_forbidden":
        return "There is no such field."
    message = str(item["msg"]).removeprefix("Value error, ")
    return message if message.endswith(".") else f"{message}."
