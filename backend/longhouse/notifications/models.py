from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from uuid_utils.compat import uuid7

from longhouse.notifications.kinds import NAME_LENGTH, Mail


class Notification(models.Model):
    """Something that one person is told; in the application, by mail, or both."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=NAME_LENGTH)
    title = models.CharField(max_length=200)
    text = models.TextField(max_length=2000, blank=True)
    #: a path of this site
    url = models.CharField(max_length=500, blank=True)
    #: what it is about; newer unread news about the same takes its place
    about = models.CharField(max_length=100, blank=True)
    in_app = models.BooleanField(default=True)
    mail = models.CharField(max_length=5, choices=Mail.choices, default=Mail.NEVER)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(
                fields=("user", "-id"), condition=Q(in_app=True), name="notification_list"
            ),
            models.Index(
                fields=("user",),
                condition=Q(in_app=True, read_at=None),
                name="notification_unread",
            ),
            models.Index(
                fields=("mail", "user"),
                condition=Q(mailed_at=None) & ~Q(mail=Mail.NEVER),
                name="notification_to_mail",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Preference(models.Model):
    """A person's choice for one kind; without a row, the kind's own holds."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_preferences"
    )
    kind = models.CharField(max_length=NAME_LENGTH)
    in_app = models.BooleanField()
    mail = models.CharField(max_length=5, choices=Mail.choices)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "kind"), name="notification_preference"),
        )

    def __str__(self) -> str:
        return self.kind
