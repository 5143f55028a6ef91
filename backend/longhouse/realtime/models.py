"""The log, its events, and who is where."""

import secrets

from django.db import models
from django.utils import timezone


def _epoch() -> str:
    return secrets.token_hex(4)


class Log(models.Model):
    """The one row that says how far the log goes. Whoever holds its lock gives positions."""

    # Names this log: a cursor of another one, of before a restore say, means nothing here.
    epoch = models.CharField(max_length=8, default=_epoch)
    last = models.BigIntegerField(default=0)
    pruned = models.BigIntegerField(default=0)  # the events up to here are gone

    def __str__(self) -> str:
        return f"{self.epoch}-{self.last}"


class Event(models.Model):
    """What happened: written in the publisher's transaction, given its place after the commit."""

    position = models.BigIntegerField(null=True, unique=True)
    topic = models.CharField(max_length=200)
    type = models.CharField(max_length=64)
    data = models.TextField()  # JSON as it goes out: nobody here needs to parse it
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["topic", "position"], name="realtime_topic"),
            models.Index(fields=["created_at"], name="realtime_created"),
            models.Index(
                fields=["id"], name="realtime_unplaced", condition=models.Q(position=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.type}"


class Presence(models.Model):
    """One connection of somebody to a topic, until `expires_at` unless it is heard of again."""

    topic = models.CharField(max_length=200)
    user_id = models.CharField(max_length=64)
    connection = models.CharField(max_length=32)
    meta = models.JSONField(default=dict)
    joined_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "connection"], name="realtime_one_presence")
        ]
        indexes = [models.Index(fields=["topic", "user_id"], name="realtime_present")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.topic}"
