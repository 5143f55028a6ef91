"""{% load turbo %}"""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from longhouse.realtime.endpoints import EVENTS
from longhouse.realtime.turbo import signed_name

register = template.Library()


@register.simple_tag(takes_context=True)
def turbo_stream_from(context: Any, *stream: Any) -> SafeString:
    """The element by which the page follows a stream; needs @hotwired/turbo and nothing else.

    The view must be decorated with `longhouse.realtime.turbo.live`.
    """
    name = signed_name(context["request"], *stream)
    source = f"{EVENTS}?{urlencode({'stream': name})}"
    return format_html('<turbo-stream-source src="{}"></turbo-stream-source>', source)


@register.simple_tag(takes_context=True)
def turbo_stream_name(context: Any, *stream: Any) -> str:
    """The signed name alone, for clients of /cable: Turbo::StreamsChannel."""
    return signed_name(context["request"], *stream)
