"""The queue in tables."""

from collections.abc import Iterable
from typing import ClassVar, Final

from django.db import models
from django.db.models import Q
from django.utils import timezone
from uuid_utils.compat import uuid7


class State(models.TextChoices):
    SCHEDULED = "scheduled", "Scheduled"  # until run_at, and until its gate lets it in
    AVAILABLE = "available", "Available"
    RUNNING = "running", "Running"
    RETRYABLE = "retryable", "Waiting for a retry"
    WAITING = "waiting", "Waiting"  # until it is woken
    SUCCEEDED = "succeeded", "Succeeded"
    DISCARDED = "discarded", "Dead letter"
    CANCELLED = "cancelled", "Cancelled"


FINAL: Final = (State.SUCCEEDED, State.DISCARDED, State.CANCELLED)
UNFINISHED: Final = tuple(state for state in State if state not in FINAL)
DELAYED: Final = (State.SCHEDULED, State.RETRYABLE)


class Job(models.Model):
    """One call of a task. Whoever holds `lease_token` while it is running may write its end."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.CharField(max_length=200)
    queue = models.CharField(max_length=64)
    #: from -100 to 100, higher first
    priority = models.SmallIntegerField(default=0)
    args = models.JSONField(default=list, blank=True)
    kwargs = models.JSONField(default=dict, blank=True)
    #: what was active where it was enqueued
    carried = models.JSONField(default=dict, blank=True, editable=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.AVAILABLE)

    attempt = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=1)
    #: how often a worker vanished with it
    lost = models.PositiveSmallIntegerField(default=0)
    #: seconds
    timeout = models.FloatField(null=True, blank=True)
    run_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.PositiveBigIntegerField(default=0)
    worker = models.CharField(max_length=100, blank=True)

    gate = models.CharField(max_length=300, blank=True)
    idempotency_key = models.CharField(max_length=300, null=True, blank=True)  # noqa: DJ001 - NULL is never equal
    unique_key = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children", db_index=False
    )
    schedule = models.ForeignKey(
        "Schedule", models.SET_NULL, null=True, blank=True, related_name="jobs", db_index=False
    )

    result = models.JSONField(null=True, blank=True)
    #: the last traceback
    error = models.TextField(blank=True)
    #: {"percent": 0 to 100, "message": text}
    progress = models.JSONField(null=True, blank=True)
    cancel_requested = models.BooleanField(default=False)
    #: the process is killed if it does not stop by itself
    kill_requested = models.BooleanField(default=False)
    #: woken while it was still running
    wake_requested = models.BooleanField(default=False)

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        default_permissions = ("view", "change", "delete")
        indexes = (
            # Each holds only the rows that its query can find. A query must say the condition in
            # literals: of a parameter SQLite cannot know that it meets the condition.
            models.Index(
                fields=["queue", "-priority", "run_at"],
                name="jobs_ready", condition=Q(state=State.AVAILABLE),
            ),
            models.Index(
                fields=["run_at"], name="jobs_due", condition=Q(state__in=DELAYED, gate="")
            ),
            models.Index(
                fields=["gate", "-priority", "run_at"],
                name="jobs_gated", condition=Q(state__in=DELAYED, gate__gt=""),
            ),
            models.Index(
                fields=["gate"], name="jobs_admitted",
                condition=Q(state__in=(State.AVAILABLE, State.RUNNING), gate__gt=""),
            ),
            models.Index(
                fields=["lease_until"], name="jobs_leases", condition=Q(state=State.RUNNING)
            ),
            models.Index(
                fields=["state", "finished_at"], name="jobs_finished",
                condition=Q(finished_at__isnull=False),
            ),
            models.Index(
                fields=["parent"], name="jobs_children", condition=Q(parent__isnull=False)
            ),
            models.Index(
                fields=["schedule", "state"], name="jobs_fired",
                condition=Q(schedule__isnull=False),
            ),
        )  # fmt: skip
        constraints = (
            models.UniqueConstraint(
                fields=["idempotency_key"],
                name="jobs_idempotency_key",
                condition=Q(idempotency_key__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["unique_key"],
                name="jobs_unique_key",
                condition=Q(unique_key__isnull=False, state__in=UNFINISHED),
            ),
        )

    def __str__(self) -> str:
        return f"{self.task} ({self.get_state_display()})"

    @property
    def is_finished(self) -> bool:
        return self.state in FINAL

    @property
    def at_risk(self) -> bool:
        """Whether being held without being run could cost it: a worker vanished with it before,
        or it has one attempt only."""
        return self.lost > 0 or self.max_attempts == 1


class Outcome(models.TextChoices):
    FAILED = "failed", "Failed"
    TIMED_OUT = "timed-out", "Timed out"
    LOST = "lost", "Worker lost"
    CANCELLED = "cancelled", "Cancelled"


class Attempt(models.Model):
    """An attempt that did not succeed. Of one that did, the job itself tells."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    worker = models.CharField(max_length=100)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(default=timezone.now)
    exception = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ("job", "id")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"Attempt {self.number}: {self.get_outcome_display()}"


class Gate(models.Model):
    """Counts the starts under a rate; its row is the lock under which jobs are let in."""

    name = models.CharField(max_length=300, primary_key=True)
    #: starts left at `counted_at`; refilled with time (token bucket)
    tokens = models.FloatField(default=0)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class Schedule(models.Model):
    """A schedule that code declares. What can be changed here is whether it fires."""

    OVERLAPS: ClassVar[Iterable[tuple[str, str]]] = (
        ("skip", "Skip while the last one runs"),
        ("allow", "Run side by side"),
        ("replace", "Cancel the last one"),
    )
    CATCH_UPS: ClassVar[Iterable[tuple[str, str]]] = (
        ("last", "Make up for the last one missed"),
        ("skip", "Let missed ones go"),
        ("all", "Make up for all"),
    )

    name = models.CharField(max_length=200, unique=True)
    task = models.CharField(max_length=200)
    args = models.JSONField(default=list, blank=True)
    kwargs = models.JSONField(default=dict, blank=True)
    cron = models.CharField(max_length=100)
    timezone = models.CharField(max_length=64, default="UTC")
    overlap = models.CharField(max_length=8, choices=OVERLAPS, default="skip")
    catch_up = models.CharField(max_length=8, choices=CATCH_UPS, default="last")
    enabled = models.BooleanField(default=True)
    next_at = models.DateTimeField(db_index=True)
    last_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        default_permissions = ("view", "change", "delete")

    def __str__(self) -> str:
        return self.name


class Worker(models.Model):
    """A worker that is alive, or was `seen_at`."""

    name = models.CharField(max_length=100, primary_key=True)
    engine = models.CharField(max_length=12)
    queues = models.JSONField(default=list)
    processes = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("name",)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name


class Standby(models.Model):
    """A process with nothing to do, which takes a job at its insertion (see `handoff`)."""

    #: it listens there
    channel = models.CharField(max_length=63, primary_key=True)
    worker = models.CharField(max_length=100)
    queues = models.JSONField(default=list)
    #: when its worker must have said again that it is there; NULL: it has something to do
    until = models.DateTimeField(null=True)
    #: what it was given
    job_id = models.UUIDField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.channel
