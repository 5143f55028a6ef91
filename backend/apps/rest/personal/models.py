from django.conf import settings
from django.db import models

from apps.core.models import BaseModel
from apps.rest.models import ADDRESS_LENGTH


class PersonalToken(BaseModel):
    """What a program shows to act for a person, within `scopes`. Only a digest is stored."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="personal_tokens"
    )
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_address = models.CharField(max_length=ADDRESS_LENGTH, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.name} of {self.user}"
