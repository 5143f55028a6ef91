"""The log: rows that are written once."""

from datetime import datetime
from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone
from uuid_utils.compat import uuid7


class Kind(models.TextChoices):
    SIGN_IN = "sign-in", "Signed in"
    SIGN_IN_FAILED = "sign-in-failed", "Sign-in failed"
    SIGN_IN_LIMITED = "sign-in-limited", "Too many sign-ins"
    SIGN_OUT = "sign-out", "Signed out"
    SIGN_UP = "sign-up", "Signed up"
    NEW_PLACE = "new-place", "From a new place"
    SESSION_ENDED = "session-ended", "Session ended from elsewhere"
    PASSWORD_CHANGED = "password-changed", "Password changed"
    PASSWORD_RESET = "password-reset", "Password reset by mail"
    EMAIL_ADDED = "email-added", "Address added"
    EMAIL_VERIFIED = "email-verified", "Address verified"
    EMAIL_CHANGED = "email-changed", "Address changed"
    EMAIL_REMOVED = "email-removed", "Address removed"
    FACTOR_ADDED = "factor-added", "Second factor added"
    FACTOR_REMOVED = "factor-removed", "Second factor removed"
    FACTOR_RENEWED = "factor-renewed", "Recovery codes renewed"
    FACTOR_USED = "factor-used", "Second factor used"
    FACTOR_FAILED = "factor-failed", "Second factor refused"
    PROVIDER_CONNECTED = "provider-connected", "Other account connected"
    PROVIDER_DISCONNECTED = "provider-disconnected", "Other account disconnected"
    ACCESS_CHANGED = "access-changed", "Status changed"
    ROLES_CHANGED = "roles-changed", "Roles changed"
    PERMISSIONS_CHANGED = "permissions-changed", "Permissions changed"
    TOKEN_ISSUED = "token-issued", "Token issued"
    TOKEN_REUSED = "token-reused", "Used token came again"
    TOKEN_CREATED = "token-created", "Personal token created"
    TOKEN_REVOKED = "token-revoked", "Token revoked"


class SecurityEventQuerySet(models.QuerySet["SecurityEvent"]):
    def purge(self, *, before: datetime) -> int:
        """Remove what is older: the one way in which events leave the log."""
        removed, _ = models.QuerySet.delete(self.filter(at__lt=before))
        return removed

    def update(self, **fields: Any) -> NoReturn:
        raise TypeError("Security events are never changed.")

    def delete(self) -> NoReturn:
        raise TypeError("Security events are never deleted, only purged when they are old.")


class SecurityEvent(models.Model):
    """What happened to whom, who did it, and from where."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    kind = models.CharField(max_length=32, choices=Kind.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="security_events"
    )
    #: somebody else who did it to them, such as an administrator
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    #: of a sign-in that fits nobody, see services.digest
    tried = models.CharField(max_length=32, blank=True)
    ip = models.CharField("address", max_length=64, blank=True)
    #: the /24 (IPv6: /48) around it: one place
    network = models.CharField(max_length=64, blank=True)
    user_agent = models.CharField("browser", max_length=200, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    details = models.JSONField(default=dict)

    objects: ClassVar[Any] = SecurityEventQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        # Nobody can be given the right to change the log.
        default_permissions = ("view",)
        indexes = (
            models.Index(fields=("person", "network", "at"), name="audit_place"),
            models.Index(fields=("kind", "at"), name="audit_kind"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("Security events are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Security events are never deleted, only purged when they are old.")
