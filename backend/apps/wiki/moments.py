"""Pages of the wiki as they were: ?as_of= a day, a time or the number of a commit."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.http import quote_etag
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition

from apps.wiki.people import is_part
from longhouse.versioning.branches import as_of, last_commit
from longhouse.versioning.models import Commit

View = Callable[..., HttpResponse]
#: pages look different after a restart: it may have brought other templates
_STARTED = secrets.token_hex(4)


@dataclass(frozen=True)
class Moment:
    """What an address asks for: `text` as it stands there, and what `as_of` takes."""

    text: str
    at: datetime | Commit
    words: str


def parse(text: str) -> Moment:
    """Raises Http404 for what is no moment, or a commit that is not there."""
    if text.isdigit() and len(text) < 19:
        commit = Commit.objects.filter(pk=int(text), branch=None).first()
        if commit is None:
            raise Http404("There is no such version.")
        return Moment(text, commit, f"after change {text}")
    try:
        moment = parse_datetime(text) if "T" in text or ":" in text else None
        day = parse_date(text) if moment is None else None
    except ValueError:
        moment = day = None
    if isinstance(day, date):
        # A day as it ended.
        moment = datetime.combine(day, time.max)
    if moment is None:
        raise Http404("Say a day as 2026-11-29, or the number of a change.")
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    return Moment(
        text, moment, f"at the end of {date_format(day, 'j F Y')}" if day else f"at {text}"
    )


def reading(view: View) -> View:
    """A page that can be seen as of any moment, and is sent again only when something changed."""

    @condition(etag_func=_etag)
    def as_asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET.get("as_of", "")
        if not asked:
            return view(request, *args, **kwargs)
        moment = parse(asked)
        request.moment = moment  # type: ignore[attr-defined]
        with as_of(moment.at):
            return view(request, *args, **kwargs)

    @gzip_page
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        response = as_asked(request, *args, **kwargs)
        patch_cache_control(response, no_cache=True, private=True)
        patch_vary_headers(response, ["Cookie", "HX-Request"])
        return response

    return answer


def _etag(request: HttpRequest, *args: Any, **kwargs: Any) -> str | None:
    """For visitors: pages of people say more than the wiki does, and messages come and go."""
    if request.user.is_authenticated or request.COOKIES.get("messages"):
        return None
    part = "part" if is_part(request) else "page"
    return quote_etag(f"{_STARTED}-{last_commit()}-{part}")
