"""Runs of workflows, and what each of their steps came to."""

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from uuid_utils.compat import uuid7

from longhouse.jobs.models import Job


class RunState(models.TextChoices):
    RUNNING = "running", "Running"  # or waiting: the steps tell
    UNDOING = "undoing", "Undoing"
    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class StepState(models.TextChoices):
    PENDING = "pending", "Pending"
    RUNNING = "running", "Running"
    RETRYING = "retrying", "Waiting for a retry"
    WAITING = "waiting", "Waiting"
    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class Kind(models.TextChoices):
    CALL = "call", "Call"
    MAP = "map", "Map"
    ITEM = "item", "Item"
    SLEEP = "sleep", "Sleep"
    WAIT = "wait", "Wait"
    UNDO = "undo", "Undo"


ENDED: Final = (RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED)
DONE: Final = (StepState.SUCCEEDED, StepState.FAILED, StepState.CANCELLED)
RETRIABLE: Final = (RunState.FAILED, RunState.CANCELLED)
KEY_LENGTH: Final = 120
#: before the key of a step: the step that takes it back
UNDO: Final = "undo "


class Run(models.Model):
    """One run of a workflow, from its start to its end."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workflow = models.CharField(max_length=200)
    version = models.PositiveSmallIntegerField()
    args = models.JSONField(default=list, blank=True)
    kwargs = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=9, choices=RunState.choices, default=RunState.RUNNING)
    #: who started it, and may see it
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="runs"
    )
    #: a second run with this key is never made
    key = models.CharField(max_length=200, null=True, blank=True, unique=True)
    #: the job that drives it
    job = models.OneToOneField(
        Job, models.SET_NULL, null=True, blank=True, related_name="workflow_run"
    )
    #: how often it was driven in a row without getting on
    stalls = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    #: {"percent": 0 to 100, "message": text}
    progress = models.JSONField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        default_permissions = ("view", "change")
        indexes = (
            models.Index(fields=("user", "-id"), name="workflows_of_user"),
            models.Index(fields=("state", "-id"), name="workflows_by_state"),
        )

    def __str__(self) -> str:
        return f"{self.workflow} ({self.get_state_display()})"

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED


class Step(models.Model):
    """What a run has done, or does. It is found again by its key."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="steps")
    key = models.CharField(max_length=KEY_LENGTH)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    #: its place among the steps of the run, or among the items of a map; from 0
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=StepState.choices)
    #: of an item: the map
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="items", db_index=False
    )
    #: of an item: what is mapped
    value = models.JSONField(null=True, blank=True)
    #: of a map: function, parallel, attempts, timeout
    options = models.JSONField(default=dict, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    wake_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)
    error = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("run", "position", "id")
        default_permissions = ("view",)
        constraints = (models.UniqueConstraint(fields=("run", "key"), name="workflows_step_key"),)
        indexes = (
            models.Index(
                fields=("parent", "state", "position"),
                name="workflows_items",
                condition=Q(parent__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.key


class Message(models.Model):
    """Something that a run was told, until the step that waits for it takes it."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="messages")
    name = models.CharField(max_length=KEY_LENGTH)
    payload = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    taken_by = models.OneToOneField(Step, models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("id",)
        default_permissions = ("view",)
        indexes = (
            models.Index(
                fields=("run", "name", "id"),
                name="workflows_messages",
                condition=Q(taken_by__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return self.name


class LogLine(models.Model):
    """What a workflow said of itself."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="log_lines")
    step = models.ForeignKey(Step, models.CASCADE, null=True, blank=True, related_name="log_lines")
    at = models.DateTimeField(default=timezone.now, editable=False)
    text = models.CharField(max_length=1000)

    class Meta:
        ordering = ("id",)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.text
