"""Requests in a branch."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Literal

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseForbidden,
    HttpResponseGone,
    HttpResponseNotFound,
)
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from longhouse.versioning.access import may
from longhouse.versioning.carrying import allowed
from longhouse.versioning.commits import attributed
from longhouse.versioning.context import Pruned, ReadOnly, View, reading
from longhouse.versioning.models import Branch
from longhouse.versioning.protection import Protected

HEADER = "X-Branch"
META_KEY = "HTTP_X_BRANCH"
COOKIE = "branch"
SESSION_KEY = "versioning_branch"

# What says one of these no cache answers with, unasked, whatever it varies by.
NOT_CACHED = {"no-cache", "no-store"}

Access = Literal["read", "write"] | None


def default_access(request: HttpRequest, branch: Branch) -> Access:
    """What `may` says; VERSIONING_ACCESS names a function that takes the place of this one."""
    user: Any = getattr(request, "user", None)
    if may(user, "write", branch):
        return "write"
    return "read" if may(user, "read", branch) else None


def select_branch(request: HttpRequest, branch: Branch | None) -> None:
    """From the next request on, the session is in the branch; None: in main."""
    session: Any = request.session
    if branch is None:
        session.pop(SESSION_KEY, None)
    else:
        session[SESSION_KEY] = branch.name


class BranchMiddleware:
    """Runs a request in the branch that it names: by header, else by session, else by cookie.

    After the middleware of sessions and of authentication. A branch that is not there, or not for
    whoever asks, is answered by 404 and forgotten: nobody is to write to main who means a branch.
    The branch is `request.branch`, None on main. What is written, wherever, is by `request.user`.
    """

    # feature: spa
    lane_safe = True  # on main it changes nothing
    # end feature: spa

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        path = getattr(settings, "VERSIONING_ACCESS", None)
        self.access: Callable[[HttpRequest, Branch], Access] = (
            import_string(path) if path else default_access
        )

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        name = self._named(request)
        request.branch = None  # type: ignore[attr-defined]
        # Asked for by the first write: whoever only reads pays for no sign-in.
        author: Any = SimpleLazyObject(lambda: getattr(request, "user", AnonymousUser()))
        with attributed(author=author):
            return self._respond(request, name)

    def _respond(self, request: HttpRequest, name: str) -> HttpResponseBase:
        response: HttpResponseBase
        if not name:
            response = self._answer(request, None)
        else:
            branch = Branch.objects.filter(name=name).first()
            access = None if branch is None else self.access(request, branch)
            if branch is None or access is None:
                response = self._forgotten(request)
            else:
                request.branch = branch  # type: ignore[attr-defined]
                response = self._answer(request, allowed(branch, access == "write"))
                # What is in a branch is for those who may see it.
                patch_cache_control(response, private=True)
                patch_vary_headers(response, ["Cookie"])
        if not NOT_CACHED.intersection(_cache_control(response)):
            patch_vary_headers(response, [HEADER])
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ReadOnly | Protected):
            return HttpResponseForbidden(str(exception), content_type="text/plain")
        if isinstance(exception, Pruned):
            return HttpResponseGone(str(exception), content_type="text/plain")
        return None

    # feature: spa
    @classmethod
    def lane_declines(cls, request: HttpRequest) -> bool:
        """Requests in a branch are not for the lane."""
        return bool(cls._named(request))

    # end feature: spa
    @staticmethod
    def _named(request: HttpRequest) -> str:
        # request.headers reads all of them: it costs more than everything else on the way to main.
        if (name := request.META.get(META_KEY)) is not None:
            return str(name)
        if "HTTP_COOKIE" not in request.META:
            return ""
        named = request.COOKIES.get(COOKIE, "")
        # To read a session is a query, and makes the answer one for this visitor alone.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return named
        session: Any = getattr(request, "session", None)
        if session is None:
            return named
        was_read = session.accessed
        found = session.get(SESSION_KEY)
        session.accessed = was_read or found is not None
        return found or named

    def _forgotten(self, request: HttpRequest) -> HttpResponse:
        response = HttpResponseNotFound(
            "There is no such branch, or it is not for you.", content_type="text/plain"
        )
        if META_KEY not in request.META:
            if hasattr(request, "session"):
                select_branch(request, None)
            response.delete_cookie(COOKIE)
        return response

    def _answer(self, request: HttpRequest, view: View | None) -> HttpResponseBase:
        with reading(view):
            response: Any = self.get_response(request)
        if view is not None and response.streaming:
            content = response.streaming_content
            wrap: Any = _each_async if response.is_async else _each
            response.streaming_content = wrap(content, view)
        answered: HttpResponseBase = response
        return answered


def _cache_control(response: HttpResponseBase) -> set[str]:
    return {part.strip().lower() for part in response.get("Cache-Control", "").split(",")}


def _each(content: Iterator[bytes], view: View) -> Iterator[bytes]:
    """The parts of a body that is made while it is sent, each made in the branch."""
    while True:
        with reading(view):
            try:
                part = next(content)
            except StopIteration:
                return
        yield part


async def _each_async(content: AsyncIterator[bytes], view: View) -> AsyncIterator[bytes]:
    while True:
        with reading(view):
            try:
                part = await anext(content)
            except StopAsyncIteration:
                return
        yield part
