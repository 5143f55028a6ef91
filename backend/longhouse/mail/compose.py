"""A mail from one source: a text template becomes its text and, in the house's look, its HTML.

The first line of the template is the subject, behind "Subject: ". Below, paragraphs are separated
by empty lines, and two kinds of them mean more:

    > Confirm your address: https://example.org/confirm/x     a button; in the text, the link
        123 456                                               indented: a code to be typed

What people wrote goes through the filter `plain`, so that it stays what they wrote.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

_MEANS_MORE = re.compile(r"^[^\S\n]*(?:(>)|(?=\S))", re.MULTILINE)
_WORD_JOINER = "\u2060"  # takes no room
_BUTTON = re.compile(r">\s*(?P<label>[^\n]+?):\s+(?P<url>https?://\S+)\s*")


@dataclass(frozen=True)
class Block:
    text: str = ""
    code: str = ""
    label: str = ""
    url: str = ""


def send(template: str, *, to: Iterable[str], context: Mapping[str, Any] | None = None) -> None:
    """Render `template`.txt and send it. Raises what the provider raises."""
    source = render_to_string(f"{template}.txt", {"site": settings.SITE_NAME, **(context or {})})
    subject, _, body = source.strip().partition("\n")
    if not subject.startswith("Subject: "):
        raise ValueError(f'{template}.txt does not begin with "Subject: "')
    compose(subject.removeprefix("Subject: "), body, to=to).send()


def compose(
    subject: str, source: str, *, to: Iterable[str], sender: str | None = None
) -> EmailMultiAlternatives:
    """A mail of a rendered source, see above. Whatever the source says is text, never HTML."""
    # A subject is one line, whatever was put into it.
    subject = " ".join(subject.split())
    blocks = list(parse(source))
    context = {
        "subject": subject,
        "blocks": blocks,
        "preview": next((block.text for block in blocks if block.text), ""),
        "site": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
    }
    message = EmailMultiAlternatives(
        subject, as_text(blocks, settings.SITE_NAME), sender, to=list(to)
    )
    message.attach_alternative(render_to_string("mail/layout.html", context), "text/html")
    return message


def plain(text: str) -> str:
    """The text such that no paragraph of it is a button or a code."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _MEANS_MORE.sub(lambda found: f"{_WORD_JOINER}>" if found[1] else "", lines)


def parse(source: str) -> Iterable[Block]:
    for paragraph in re.split(r"\n[ \t]*\n", source.replace("\r\n", "\n").strip("\n")):
        lines = paragraph.rstrip()
        if not lines.strip():
            continue
        if button := _BUTTON.fullmatch(lines):
            yield Block(label=button["label"], url=button["url"])
        elif lines.startswith("    "):
            yield Block(code=lines.strip())
        else:
            yield Block(text=lines.strip())


def as_text(blocks: Iterable[Block], site: str) -> str:
    parts = []
    for block in blocks:
        if block.url:
            parts.append(f"{block.label}:\n{block.url}")
        else:
            parts.append(f"    {block.code}" if block.code else block.text)
    return "\n\n".join([*parts, f"-- \n{site}"]) + "\n"
