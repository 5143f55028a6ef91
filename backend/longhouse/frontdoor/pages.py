"""Pages of records that are newer than the build."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from longhouse.frontdoor import conf, heads, site
from longhouse.frontdoor.built import text_of
from longhouse.frontdoor.views import error, html_page, not_found


def page(request: HttpRequest, path: str = "") -> HttpResponseBase:
    """The last URL: a public client route without a prerendered file, or a 404."""
    current = site.current()
    found = current.match(request.path_info)
    if current.shell is None or found is None or found[0].app:
        return not_found(request)
    route, params = found
    describe = heads.find(route.id)
    head = describe(**params) if describe else None
    if head is None:
        return not_found(request)
    if request.method not in {"GET", "HEAD"}:
        return error(request, 405, "This page can only be read.", allow="GET, HEAD")
    html = heads.put_into(text_of(current.shell), head, conf.load().site_url)
    return html_page(html, current.shell.policy)
