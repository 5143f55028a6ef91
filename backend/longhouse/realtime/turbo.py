"""Turbo Streams: changes of a page, for all who look at it, once the transaction is committed.

    broadcast_append(machine, target="reports", template="report.html", context={"report": report})

    @live
    def page(request): ...        {% turbo_stream_from machine %}

A broadcast reaches every page that `turbo_stream_from` opened a stream on since before its view
began to read: none is missed between reading, rendering and connecting. A page may get one that it
shows already, so give elements ids: by these Turbo replaces what would be there twice.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from longhouse.realtime import log, streams
from longhouse.realtime.topics import TURBO

R = TypeVar("R")
Streamable = Model | str


def topic_of(*stream: Streamable) -> str:
    """The topic of a stream: a row, a name, or several of them.

    Raises InvalidEvent for names that no topic can have.
    """
    topic = TURBO + ":".join(_name(part) for part in stream)
    if not log.is_topic(topic):
        raise log.InvalidEvent(f"{topic!r} is no name of a stream.")
    return topic


def live(view: Callable[..., R]) -> Callable[..., R]:
    """Note where the log is before the view reads anything."""

    @wraps(view)
    def with_cursor(request: HttpRequest, *args: Any, **kwargs: Any) -> R:
        request.realtime_cursor = log.cursor()  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return with_cursor


def signed_name(request: HttpRequest, *stream: Streamable) -> str:
    """The name by which the request's user follows a stream from where their page began."""
    cursor = getattr(request, "realtime_cursor", None)
    if cursor is None:
        raise ImproperlyConfigured(
            "Decorate the view with longhouse.realtime.turbo.live: a page must know where the log "
            "was before its view read anything, or it misses what happens meanwhile."
        )
    return streams.sign(topic_of(*stream), getattr(request, "user", None), cursor=cursor)


def broadcast_append(
    *stream: Streamable, target: str, html: str = "", template: str = "", context: Any = None
) -> None:
    """Put HTML at the end of the element with the id `target`: `html`, or a rendered template."""
    _broadcast("append", stream, target, _content(html, template, context))


def broadcast_prepend(
    *stream: Streamable, target: str, html: str = "", template: str = "", context: Any = None
) -> None:
    _broadcast("prepend", stream, target, _content(html, template, context))


def broadcast_replace(
    *stream: Streamable, target: str, html: str = "", template: str = "", context: Any = None
) -> None:
    """Put HTML in the place of the element."""
    _broadcast("replace", stream, target, _content(html, template, context))


def broadcast_update(
    *stream: Streamable, target: str, html: str = "", template: str = "", context: Any = None
) -> None:
    """Change what is inside of the element."""
    _broadcast("update", stream, target, _content(html, template, context))


def broadcast_remove(*stream: Streamable, target: str) -> None:
    _broadcast("remove", stream, target, None)


def broadcast_refresh(*stream: Streamable, request_id: str = "") -> None:
    """Let pages load themselves anew, but the one whose request (X-Turbo-Request-Id) did it."""
    attribute = format_html(' request-id="{}"', request_id) if request_id else ""
    _publish(stream, format_html('<turbo-stream action="refresh"{}></turbo-stream>', attribute))


def _broadcast(
    action: str, stream: tuple[Streamable, ...], target: str, content: SafeString | None
) -> None:
    inside = "" if content is None else format_html("<template>{}</template>", content)
    element = '<turbo-stream action="{}" target="{}">{}</turbo-stream>'
    _publish(stream, format_html(element, action, target, inside))


def _publish(stream: tuple[Streamable, ...], html: str) -> None:
    log.publish(topic_of(*stream), "turbo-stream", html)


def _content(html: str, template: str, context: Any) -> SafeString:
    """`html` is text unless it is marked as safe, as everywhere in Django."""
    if template:
        return mark_safe(render_to_string(template, context))  # noqa: S308 - a template's output
    return format_html("{}", html)


def _name(part: Streamable) -> str:
    return part if isinstance(part, str) else f"{part._meta.label_lower}:{part.pk}"
