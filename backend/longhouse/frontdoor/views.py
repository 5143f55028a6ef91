"""What Django answers for the front end: pages newer than the build, and every error."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from longhouse.frontdoor import conf, heads, site
from longhouse.frontdoor.csp import CSP, build_policy
from longhouse.frontdoor.problem import CONTENT_TYPE, problem
from longhouse.frontdoor.table import File, inline_hash

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


def page(request: HttpRequest, path: str = "") -> HttpResponseBase:
    """The last URL: a public client route without a prerendered file, or a 404."""
    built = site.current()
    found = built.match(request.path_info)
    if built.shell is None or found is None or found[0].app:
        return not_found(request)
    route, params = found
    describe = heads.find(route.id)
    head = describe(**params) if describe else None
    if head is None:
        return not_found(request)
    if request.method not in {"GET", "HEAD"}:
        return error(request, 405, "This page can only be read.", allow="GET, HEAD")
    html = heads.put_into(_text(built.shell), head, conf.load().site_url)
    return _html(html, 200, build_policy(built.shell.policy))


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
    """An error as the caller reads it: a problem, the built page of that status, or plain HTML."""
    settings_now = conf.load()
    if request.path_info.startswith(settings_now.api_prefixes):
        response = HttpResponse(
            problem(status, detail, slug=slug, request_id=_request_id(request)),
            content_type=CONTENT_TYPE,
            status=status,
        )
    elif not request.accepts("text/html"):
        response = HttpResponse(detail, content_type="text/plain", status=status)
    elif built := site.current().errors.get(status):
        response = _html(_text(built), status, build_policy(built.policy))
    else:
        hint = ""
        if settings_now.debug and site.current().shell is None:
            hint = (
                f' The front end is not built; its pages are at <a href="{settings_now.site_url}">'
            )
            hint += f"{settings_now.site_url}</a>."
        response = _fallback(status, detail + hint)
    if allow:
        response["Allow"] = allow
    response["Cache-Control"] = "no-store"
    return response


def _fallback(status: int, detail: str) -> HttpResponse:
    title = HTTPStatus(status).phrase
    return _html(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style></head>"
        f'<body><h1>{title}</h1><p>{detail}</p><p><a href="/">Start page</a></p></body></html>',
        status,
        build_policy(_POLICY),
    )


def _html(html: str, status: int, policy: str) -> HttpResponse:
    response = HttpResponse(html, status=status)
    response["Cache-Control"] = "no-cache"
    if policy:
        response[CSP.HEADER_ENFORCE.value] = policy
    return response


def _text(file: File) -> str:
    content = file.variants[""]
    data = content.body if content.path is None else content.path.read_bytes()
    return (data or b"").decode()


def _request_id(request: HttpRequest) -> str:
    return str(getattr(request, "request_id", ""))
