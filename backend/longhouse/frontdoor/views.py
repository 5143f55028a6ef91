"""Every error as Django answers it."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from longhouse.frontdoor import (
    built,  # feature: spa
    conf,
)
from longhouse.frontdoor.csp import CSP, Policy, build_policy
from longhouse.frontdoor.problem import CONTENT_TYPE, problem
from longhouse.frontdoor.table import inline_hash

_STYLE = (
    "body{font:1.1rem/1.6 system-ui,sans-serif;max-width:36rem;margin:20vh auto;padding:0 1rem;"
    "color-scheme:light dark}"
)
_POLICY = {
    "default-src": [CSP.NONE],
    "style-src": [f"'{inline_hash(_STYLE)}'"],
    # These do not follow from default-src.
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return error(request, 400, "The request could not be understood.")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return error(request, 403, "You are not allowed to do this.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    return error(
        request,
        403,
        "The form was open for too long or came from elsewhere. Load the page again.",
        slug="csrf-failed",
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    return error(request, 404, "There is nothing at this address.")


def server_error(request: HttpRequest) -> HttpResponseBase:
    return error(request, 500, "Something went wrong on our side. It has been logged.")


def error(
    request: HttpRequest, status: int, detail: str, *, slug: str = "", allow: str = ""
) -> HttpResponseBase:
    """An error as its reader wants it: a problem for programs, a page for people."""
    if request.path_info.startswith(conf.load().api_prefixes):
        response = HttpResponse(
            problem(status, detail, slug=slug, request_id=_request_id(request)),
            content_type=CONTENT_TYPE,
            status=status,
        )
    elif not request.accepts("text/html"):
        response = HttpResponse(detail, content_type="text/plain", status=status)
    # feature: spa
    elif page := built.error_page(status):
        response = html_page(*page, status=status)
    # end feature: spa
    else:
        detail += built.hint()  # feature: spa
        response = _plain_page(status, detail)
    if allow:
        response["Allow"] = allow
    response["Cache-Control"] = "no-store"
    return response


def html_page(html: str, policy: Policy, *, status: int = 200) -> HttpResponse:
    """A page under its own policy; kept by nobody without asking again."""
    response = HttpResponse(html, status=status)
    response["Cache-Control"] = "no-cache"
    if value := build_policy(policy):
        response[CSP.HEADER_ENFORCE.value] = value
    return response


def _plain_page(status: int, detail: str) -> HttpResponse:
    title = HTTPStatus(status).phrase
    return html_page(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{title}</h1><p>{detail}</p>"
        '<p><a href="/">Start page</a></p>'  # feature: spa
        "</body></html>",
        _POLICY,
        status=status,
    )


def _request_id(request: HttpRequest) -> str:
    return str(getattr(request, "request_id", ""))
