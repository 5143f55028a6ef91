"""What a pinball museum keeps track of: machines, what is wrong with them, and the work done."""

from collections.abc import Collection
from contextlib import suppress

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import Truncator, slugify

from apps.core.models import BaseModel, VersionedRow
from apps.core.soft_delete import LIVE, SoftDeleteModel, live_unique
from apps.museum.storage import private


class Zone(models.TextChoices):
    FLOOR = "floor", "Exhibition floor"
    WORKSHOP = "workshop", "Workshop"
    STORAGE = "storage", "Storage"


class Era(models.TextChoices):
    ELECTROMECHANICAL = "em", "Electromechanical"
    SOLID_STATE = "ss", "Solid state"
    DOT_MATRIX = "dmd", "Dot matrix"
    MODERN = "modern", "Modern"


class MachineStatus(models.TextChoices):
    """From what a visitor can play to what nobody has looked at."""

    GOOD = "good", "Playable"
    FIXING = "fixing", "Being fixed"
    BROKEN = "broken", "Out of order"
    UNKNOWN = "unknown", "Not checked"


#: what keeps visitors from a machine that is known
DOWN = (MachineStatus.BROKEN, MachineStatus.FIXING)


class Category(models.TextChoices):
    BALL = "ball", "Ball stuck or missing"
    FLIPPERS = "flippers", "Flippers"
    SWITCHES = "switches", "Targets, bumpers, switches"
    LIGHTS = "lights", "Lights"
    DISPLAY = "display", "Display or score"
    SOUND = "sound", "Sound"
    POWER = "power", "Will not start"
    CABINET = "cabinet", "Cabinet, glass, legs"
    OTHER = "other", "Something else"


class Priority(models.TextChoices):
    """The most urgent first; what nobody has judged may be bad."""

    UNPLAYABLE = "unplayable", "Unplayable"
    MAJOR = "major", "Major"
    UNTRIAGED = "untriaged", "Untriaged"
    MINOR = "minor", "Minor"
    COSMETIC = "cosmetic", "Cosmetic"


class ReportStatus(models.TextChoices):
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class PartStatus(models.TextChoices):
    NEEDED = "needed", "Needed"
    ORDERED = "ordered", "Ordered"
    RECEIVED = "received", "Received"
    FITTED = "fitted", "Fitted"


class PhotoState(models.TextChoices):
    READY = "ready", "Ready"
    PROCESSING = "processing", "Being processed"
    FAILED = "failed", "Could not be processed"


class Location(BaseModel):
    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    zone = models.CharField(max_length=16, choices=Zone.choices)
    position = models.PositiveSmallIntegerField(
        default=0, help_text="Order on the walk through the house."
    )

    class Meta:
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name


class MachineModel(BaseModel):
    """A design that was manufactured, of which the museum may own several machines."""

    name = models.CharField(max_length=120)
    manufacturer = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1869), MaxValueValidator(2100)]
    )
    era = models.CharField(max_length=8, choices=Era.choices)
    players = models.PositiveSmallIntegerField(
        default=4, validators=[MinValueValidator(1), MaxValueValidator(8)]
    )
    designer = models.CharField(max_length=120, blank=True)
    facts = models.TextField(blank=True, help_text="What a visitor should know; plain text.")

    class Meta:
        ordering = ("name", "year")
        constraints = (
            models.UniqueConstraint(
                fields=("name", "manufacturer", "year"),
                name="machine_model_unique",
                violation_error_message="This model exists already.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.manufacturer}, {self.year})"


class Machine(BaseModel, VersionedRow, SoftDeleteModel):
    """One cabinet that stands in the house."""

    stale_noun = "machine"

    model = models.ForeignKey(MachineModel, on_delete=models.PROTECT, related_name="machines")
    asset_number = models.CharField(
        max_length=12,
        validators=[RegexValidator(r"^M\d{4,}$", "Use M and at least four digits, such as M0042.")],
        help_text="On the label and in the QR code; never changes.",
    )
    slug = models.SlugField(
        max_length=140, blank=True, help_text="Left empty, it is made from name and number."
    )
    serial_number = models.CharField(max_length=40, blank=True)
    status = models.CharField(
        max_length=8,
        choices=MachineStatus.choices,
        default=MachineStatus.UNKNOWN,
        help_text="Changes with log entries.",
    )
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="machines")
    acquired_on = models.DateField(null=True, blank=True)
    notes = models.TextField(blank=True, help_text="For the team; visitors do not see it.")

    class Meta(SoftDeleteModel.Meta):
        ordering = ("model__name", "asset_number")
        constraints = (
            live_unique(
                "asset_number",
                name="machine_asset_number_unique",
                message="Another machine has this asset number.",
            ),
            live_unique(
                "slug", name="machine_slug_unique", message="Another machine has this address."
            ),
        )
        indexes = (models.Index(fields=("status",), condition=LIVE, name="machine_live_status"),)

    def __str__(self) -> str:
        return f"{self.model.name} {self.asset_number}"

    def clean(self) -> None:
        super().clean()
        if not self.slug and self.asset_number:
            # Without a model there is no name: the field says so.
            with suppress(MachineModel.DoesNotExist):
                self.slug = slugify(f"{self.model.name} {self.asset_number}")

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        try:
            super().validate_constraints(exclude)
        except ValidationError as error:
            # The address is made from the number: one mistake, one message.
            if "asset_number" in error.error_dict:
                error.error_dict.pop("slug", None)
            raise


class ProblemReport(BaseModel, VersionedRow, SoftDeleteModel):
    """Something is wrong with a machine, said by a visitor (without account) or a maintainer."""

    stale_noun = "report"

    machine = models.ForeignKey(Machine, on_delete=models.CASCADE, related_name="reports")
    category = models.CharField(max_length=12, choices=Category.choices, default=Category.OTHER)
    priority = models.CharField(max_length=12, choices=Priority.choices, default=Priority.UNTRIAGED)
    status = models.CharField(max_length=8, choices=ReportStatus.choices, default=ReportStatus.OPEN)
    description = models.TextField(max_length=2000, blank=True)
    reporter_name = models.CharField(max_length=80, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reports",
    )
    occurred_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    idempotency_key = models.UUIDField(
        null=True,
        blank=True,
        editable=False,
        help_text="Made by the sender; the same report sent again carries the same.",
    )

    class Meta(SoftDeleteModel.Meta):
        ordering = ("-created_at",)
        constraints = (
            # Among deleted ones too: sent again, a deleted report does not come back.
            models.UniqueConstraint(
                fields=("idempotency_key",),
                name="report_idempotency_key_unique",
                condition=Q(idempotency_key__isnull=False),
            ),
            models.CheckConstraint(
                name="report_closed_has_time",
                condition=Q(status="open", closed_at__isnull=True)
                | Q(status="closed", closed_at__isnull=False),
            ),
        )
        indexes = (
            models.Index(
                fields=("priority", "-created_at"),
                condition=LIVE & Q(status="open"),
                name="report_open",
            ),
            models.Index(fields=("machine", "-created_at"), condition=LIVE, name="report_machine"),
        )

    def __str__(self) -> str:
        words = Truncator(self.description).chars(60)
        return f"{self.get_category_display()}: {words}" if words else self.get_category_display()


class LogEntry(BaseModel, VersionedRow, SoftDeleteModel):
    """Work that somebody did on a machine; the only way in which its status changes."""

    stale_noun = "log entry"

    machine = models.ForeignKey(Machine, on_delete=models.CASCADE, related_name="log_entries")
    report = models.ForeignKey(
        ProblemReport,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="log_entries",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="log_entries",
    )
    description = models.TextField(max_length=4000)
    minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(24 * 60)]
    )
    worked_at = models.DateTimeField(default=timezone.now)
    status_before = models.CharField(max_length=8, choices=MachineStatus.choices, editable=False)
    status_after = models.CharField(max_length=8, choices=MachineStatus.choices)
    closes_report = models.BooleanField(default=False)

    class Meta(SoftDeleteModel.Meta):
        ordering = ("-worked_at",)
        verbose_name_plural = "log entries"
        constraints = (
            models.CheckConstraint(
                name="log_entry_closes_a_report",
                condition=Q(closes_report=False) | Q(report__isnull=False),
            ),
        )
        indexes = (
            models.Index(fields=("machine", "-worked_at"), condition=LIVE, name="log_machine"),
            models.Index(fields=("-worked_at",), condition=LIVE, name="log_recent"),
        )

    def __str__(self) -> str:
        return self.description[:60]


class Part(BaseModel, VersionedRow, SoftDeleteModel):
    """A spare part that a machine needs, until it is fitted."""

    stale_noun = "part"

    machine = models.ForeignKey(Machine, on_delete=models.CASCADE, related_name="parts")
    report = models.ForeignKey(
        ProblemReport, null=True, blank=True, on_delete=models.SET_NULL, related_name="parts"
    )
    name = models.CharField(max_length=120)
    quantity = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(999)]
    )
    supplier = models.CharField(max_length=120, blank=True)
    notes = models.TextField(max_length=1000, blank=True)
    status = models.CharField(max_length=8, choices=PartStatus.choices, default=PartStatus.NEEDED)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta(SoftDeleteModel.Meta):
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=("status", "-created_at"), condition=LIVE, name="part_status"),
        )

    def __str__(self) -> str:
        return f"{self.quantity} x {self.name}"


class Photo(BaseModel, SoftDeleteModel):
    """A picture of a machine: of the machine itself, of a problem, or of work done."""

    machine = models.ForeignKey(Machine, on_delete=models.CASCADE, related_name="photos")
    report = models.ForeignKey(
        ProblemReport, null=True, blank=True, on_delete=models.CASCADE, related_name="photos"
    )
    log_entry = models.ForeignKey(
        LogEntry, null=True, blank=True, on_delete=models.CASCADE, related_name="photos"
    )
    state = models.CharField(
        max_length=10, choices=PhotoState.choices, default=PhotoState.READY, editable=False
    )
    original = models.FileField(
        upload_to="originals/",
        storage=private,
        blank=True,
        editable=False,
        help_text="As it was uploaded, with all that it tells; until it is processed.",
    )
    image = models.ImageField(upload_to="machines/", blank=True, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    thumbnail = models.ImageField(upload_to="machines/", blank=True, editable=False)
    caption = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta(SoftDeleteModel.Meta):
        ordering = ("position", "created_at")
        constraints = (
            models.CheckConstraint(
                name="photo_of_one_thing",
                condition=Q(report__isnull=True) | Q(log_entry__isnull=True),
            ),
            models.CheckConstraint(
                name="photo_is_served_when_ready",
                condition=Q(state="ready", original="") & ~Q(image="") & ~Q(thumbnail="")
                | ~Q(state="ready") & Q(image="", thumbnail=""),
            ),
        )
        indexes = (
            models.Index(
                F("machine"), F("position"), condition=LIVE, name="photo_machine_position"
            ),
        )

    def __str__(self) -> str:
        return self.caption or f"Photo of {self.machine}"
