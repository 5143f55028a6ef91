"""What everybody may follow live: `wiki`.

wiki.changed {"commit": id}
"""

from typing import Any

from django.dispatch import receiver

from apps.wiki.changes import ENCYCLOPEDIA
from longhouse.realtime import topics
from longhouse.realtime.log import publish
from longhouse.versioning.models import Commit
from longhouse.versioning.signals import committed

TOPIC = "wiki"


@topics.register(TOPIC)
def may_follow(user: Any, _rest: str) -> bool:
    return True


@receiver(committed, sender=Commit)
def tell_of_change(commit: Commit, models: frozenset[Any], **_: Any) -> None:
    if commit.branch_id is None and models & set(ENCYCLOPEDIA):
        publish(TOPIC, "wiki.changed", {"commit": commit.pk})
