"""What the templates of mails need."""

from typing import Any

from django import template

from longhouse.mail.compose import plain as _plain

register = template.Library()


@register.filter
def plain(text: Any) -> str:
    """What people wrote: `{{ report.description|plain }}`."""
    return _plain(str(text))
