from django.db import models
from django.utils import timezone
from rest_framework.utils.encoders import JSONEncoder


class StoredAnswer(models.Model):
    """What a create with an Idempotency-Key answered, written in one transaction with its row."""

    caller = models.CharField(max_length=64, help_text="Id of the account; empty without one.")
    route = models.CharField(max_length=200)
    key = models.CharField(max_length=100)
    body_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    data = models.JSONField(encoder=JSONEncoder)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("caller", "route", "key"), name="rest_stored_answer_unique"
            ),
        )
        indexes = (models.Index(fields=("created_at",), name="rest_stored_answer_age"),)

    def __str__(self) -> str:
        return f"{self.route} {self.key}"
