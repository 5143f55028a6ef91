"""The wiki's changes for readers of feeds."""

from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from apps.wiki import selectors
from longhouse.versioning.models import Commit

NEWEST = 50


class ChangesFeed(Feed):
    """Atom: the newest changes to the wiki itself."""

    feed_type = Atom1Feed
    title = f"Changes of the wiki of {settings.SITE_NAME}"
    subtitle = "What has changed in parks and rides."
    description = subtitle

    def link(self) -> str:
        return reverse("wiki:changes")

    def items(self) -> list[Commit]:
        return list(selectors.changes()[:NEWEST])

    def item_title(self, item: Commit) -> str:
        return str(item)

    def item_description(self, item: Commit) -> str:
        return f"By {item.author}" if item.author else ""

    def item_link(self, item: Commit) -> str:
        return reverse("wiki:commit", args=[item.pk])

    def item_updateddate(self, item: Commit) -> datetime:
        return item.created_at
