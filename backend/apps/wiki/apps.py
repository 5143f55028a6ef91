from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class WikiConfig(AppConfig):
    name = "apps.wiki"
    label = "wiki"

    def ready(self) -> None:
        from apps.wiki import (
            notifications,  # noqa: F401 - registers itself  # feature: notifications
            personal_data,  # noqa: F401 - registers itself
        )
        from apps.wiki.folding import add_to_sqlite

        connection_created.connect(add_to_sqlite)
        post_migrate.connect(protect_main, sender=self)


def protect_main(using: str, **_: Any) -> None:
    """Nobody changes the encyclopedia alone: from its first migration on, somebody else agrees."""
    from longhouse.versioning.models import Protection
    from longhouse.versioning.reviews import protect

    known = Protection.objects.using(using).filter(branch=None).exists()
    if settings.WIKI_IS_PROTECTED and using == "default" and not known:
        protect()
