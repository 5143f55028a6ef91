"""What a page says about itself before any script runs, for records newer than the build.

An app registers one function per route in its own `heads.py`, which is found by itself:

    @page_head("/(public)/articles/[slug]")
    def article(slug: str) -> Head | None:
        ...

It gets the route's parameters as keyword arguments and returns None when there is no such record.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

HeadFunction = Callable[..., "Head | None"]

_functions: dict[str, HeadFunction] = {}


@dataclass(frozen=True, slots=True)
class Head:
    title: str
    description: str
    canonical: str  # path: "/articles/first-light"
    image: str | None = None  # URL or path of a picture for link previews
    kind: str = "website"  # Open Graph type


def page_head(route_id: str) -> Callable[[HeadFunction], HeadFunction]:
    """Register a function for a route of the front end; a second one for it is an error."""

    def register(function: HeadFunction) -> HeadFunction:
        if _functions.setdefault(route_id, function) is not function:
            raise ValueError(f"{route_id} has a page head already")
        return function

    return register


def find(route_id: str) -> HeadFunction | None:
    return _functions.get(route_id)


def put_into(html: str, head: Head, site_url: str) -> str:
    """`html` with the tags of `head` in place of its own title, description and preview tags.

    Paths become absolute with `site_url`, the public origin without a slash at the end. Each tag
    but the title has the attribute `data-served`, by which the client's own head replaces it.
    """
    opening = re.search(r"<head\b[^>]*>", html, re.IGNORECASE)
    closing = re.search(r"</head\s*>", html, re.IGNORECASE)
    if not opening or not closing:
        raise ValueError("the page has no <head>")
    inside = _OWN_TAGS.sub("", html[opening.end() : closing.start()])
    tags = _tags(head, site_url)
    return f"{html[: opening.end()]}{inside}{tags}{html[closing.start() :]}"


_OWN_TAGS = re.compile(
    r"""<title\b.*?</title\s*>
    |<meta\b[^>]*\bname=["']?(?:description|twitter:[\w:]+)\b[^>]*>
    |<meta\b[^>]*\bproperty=["']?og:[^>]*>
    |<link\b[^>]*\brel=["']?canonical\b[^>]*>""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)


def _tags(head: Head, site_url: str) -> SafeString:
    canonical = site_url + head.canonical
    named = {
        "description": head.description,
        "twitter:card": "summary_large_image" if head.image else "summary",
    }
    properties = {
        "og:type": head.kind,
        "og:title": head.title,
        "og:description": head.description,
        "og:url": canonical,
    }
    if head.image:
        properties["og:image"] = (site_url if head.image.startswith("/") else "") + head.image
    lines = [
        format_html("<title>{}</title>", head.title),
        format_html('<link rel="canonical" href="{}" data-served>', canonical),
        *(format_html('<meta name="{}" content="{}" data-served>', k, v) for k, v in named.items()),
        *(
            format_html('<meta property="{}" content="{}" data-served>', k, v)
            for k, v in properties.items()
        ),
    ]
    return mark_safe("".join(lines))  # noqa: S308 - every line is format_html's
