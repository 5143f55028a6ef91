"""What would keep mail from its readers, told by `manage.py check --deploy`."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security, deploy=True)
def mail_leaves_this_machine(**_: Any) -> list[CheckMessage]:
    if not settings.EMAIL_BACKEND.startswith("longhouse.mail."):
        return []
    return [
        Warning(
            "Nobody gets mail from this site: it is kept as files on this machine.",
            hint="Set EMAIL_URL, such as smtp://user:password@host:587 or postmark://TOKEN.",
            id="mail.W001",
        )
    ]
