"""Pages of records that are newer than the build."""

from django.conf import settings
from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import resolve

from longhouse.frontdoor import conf, heads, site
from longhouse.frontdoor.built import text_of
from longhouse.frontdoor.views import error, html_page, not_found


def page(request: HttpRequest, path: str = "") -> HttpResponseBase:
    """The last URL: a public client route without a prerendered file, or a 404.

    A path that lacks nothing but Django's slash at its end leads there.
    """
    current = site.current()
    found = current.match(request.path_info)
    if current.shell is None or found is None or found[0].app:
        return _with_slash(request) or not_found(request)
    route, params = found
    describe = heads.find(route.id)
    head = describe(**params) if describe else None
    if head is None:
        return not_found(request)
    if request.method not in {"GET", "HEAD"}:
        return error(request, 405, "This page can only be read.", allow="GET, HEAD")
    html = heads.put_into(text_of(current.shell), head, conf.load().site_url)
    return html_page(html, current.shell.policy)


def _with_slash(request: HttpRequest) -> HttpResponseBase | None:
    """A redirect to the page of Django's that was meant, if there is one; APIs have none."""
    path = request.path_info
    if not settings.APPEND_SLASH or path.endswith("/") or path.startswith("/api/"):
        return None
    if request.method not in {"GET", "HEAD"} or resolve(f"{path}/").func is page:
        return None
    return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))
