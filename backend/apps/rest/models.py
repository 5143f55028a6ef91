from django.conf import settings
from django.db import models
from django.utils import timezone

from apps.core.models import BaseModel

ADDRESS_LENGTH = 45  # what apps.core.throttling.client_address gives, at its longest
AGENT_LENGTH = 200


class TokenFamily(BaseModel):
    """One sign-in by tokens: the first refresh token and all that came from it, one after another.

    Only the refresh token that carries the present `rotation` has a successor.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="token_families"
    )
    rotation = models.PositiveIntegerField(default=0)
    rotated_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    # Of the last rotation: what shows a person which of their programs this is.
    address = models.CharField(max_length=ADDRESS_LENGTH, blank=True)
    agent = models.CharField(max_length=AGENT_LENGTH, blank=True)

    class Meta:
        verbose_name_plural = "token families"

    @property
    def has_ended(self) -> bool:
        return self.revoked_at is not None or self.expires_at <= timezone.now()

    def __str__(self) -> str:
        return f"{self.user} by {self.agent or 'an unnamed program'}"


class StoredAnswer(models.Model):
    """What a create with an Idempotency-Key answered, written in one transaction with its row."""

    caller = models.CharField(max_length=64, help_text="Id of the account; empty without one.")
    route = models.CharField(max_length=200)
    key = models.CharField(max_length=100)
    body_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    # As text: PostgreSQL would sort the fields of JSON, and the entity tag with them.
    data = models.TextField()
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
