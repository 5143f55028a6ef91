"""What templates of the wiki need."""

from datetime import timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from markdown_it import MarkdownIt

from apps.wiki.countries import COUNTRIES
from apps.wiki.partial_dates import in_words
from apps.wiki.words import number
from longhouse.notifications.services import count_unread  # feature: notifications

register = template.Library()
# HTML in the text is shown as text; links to other schemes than http, https and mailto are dropped.
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown as HTML; headings begin below those of the page."""
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + 2)}"
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return mark_safe(html)  # noqa: S308 - the renderer escapes what people write


@register.filter
def partial_date(value: str) -> str:
    """ "1995-05" as "May 1995"."""
    return in_words(value)


@register.filter
def country(code: str) -> str:
    return COUNTRIES.get(code, code)


register.filter(number)


@register.filter
def duration(value: timedelta | None) -> str:
    """In the greatest unit that it has: "3 days", "40 minutes"."""
    if value is None:
        return ""
    now = timezone.now()
    return str(timesince(now - value, now, depth=1)).replace("\xa0", " ")


@register.simple_tag(takes_context=True)
def to(context: dict[str, Any], target: Any) -> str:
    """The address of a row or a path, as of the moment that the page shows."""
    path = target if isinstance(target, str) else target.get_absolute_url()
    moment = context.get("as_of")
    if not moment:
        return str(path)
    path, hash_mark, anchor = path.partition("#")
    return f"{path}?as_of={moment.text}{hash_mark}{anchor}"


# feature: notifications
@register.simple_tag
def unread(user: Any) -> int:
    """How many notifications somebody has not read."""
    return count_unread(user)


# end feature: notifications
