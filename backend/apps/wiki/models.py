"""Theme parks, what is in them, and what people say about it. All of it is versioned.

The encyclopedia (companies, parks, areas, rides, events, photos) changes by proposals: branches
that others review. Reviews and lists belong to one person each, who writes them to main.
"""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from apps.core.models import BaseModel
from apps.wiki import countries
from apps.wiki.partial_dates import PartialDateField
from longhouse.versioning import policies
from longhouse.versioning.models import Commit, VersionedModel


class Entry(BaseModel, VersionedModel):
    """What the encyclopedia is made of."""

    version_policies: dict[str, Any] = {}

    class Meta:
        abstract = True


class Status(models.TextChoices):
    OPERATING = "operating", "operating"
    CLOSED_FOR_NOW = "closed-for-now", "closed for now"
    CLOSED = "closed", "closed for good"
    UNDER_CONSTRUCTION = "under-construction", "under construction"


class Company(Entry):
    """Who runs parks, or builds rides."""

    version_policies = {"text": policies.text_by_line}

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=140, unique=True)
    country = models.CharField(max_length=2, choices=countries.CHOICES, blank=True)
    founded = PartialDateField()
    website = models.URLField(blank=True)
    text = models.TextField(blank=True, help_text="Markdown.")
    is_operator = models.BooleanField("runs parks", default=False)
    is_manufacturer = models.BooleanField("builds rides", default=False)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "companies"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("wiki:company", args=[self.slug])


class Park(Entry):
    version_policies = {"text": policies.text_by_line}

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=140, unique=True)
    operator = models.ForeignKey(
        Company, null=True, blank=True, on_delete=models.PROTECT, related_name="parks"
    )
    city = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, choices=countries.CHOICES, blank=True, db_index=True)
    # Degrees, WGS 84.
    latitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    opened = PartialDateField()
    closed = PartialDateField()
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.OPERATING)
    website = models.URLField(blank=True)
    text = models.TextField(blank=True, help_text="Markdown.")

    class Meta:
        ordering = ("name",)
        indexes = [models.Index(fields=["name"], name="wiki_park_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("wiki:park", args=[self.slug])


class Area(Entry):
    """A part of a park."""

    version_policies = {"text": policies.text_by_line}

    park = models.ForeignKey(Park, on_delete=models.CASCADE, related_name="areas")
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=140)
    text = models.TextField(blank=True, help_text="Markdown.")

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["park", "slug"], name="wiki_area_slug")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{self.park.get_absolute_url()}#{self.slug}"


class Ride(Entry):
    class Kind(models.TextChoices):
        COASTER = "coaster", "roller coaster"
        WATER = "water", "water ride"
        DARK = "dark", "dark ride"
        FLAT = "flat", "flat ride"
        TRANSPORT = "transport", "transport"
        SHOW = "show", "show"
        WALKTHROUGH = "walkthrough", "walkthrough"
        OTHER = "other", "other"

    version_policies = {"text": policies.text_by_line}

    park = models.ForeignKey(Park, on_delete=models.CASCADE, related_name="rides")
    area = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.SET_NULL, related_name="rides"
    )
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=140)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.OTHER)
    manufacturer = models.ForeignKey(
        Company, null=True, blank=True, on_delete=models.PROTECT, related_name="rides"
    )
    model = models.CharField(max_length=120, blank=True)
    height_m = models.DecimalField(
        "height in m", max_digits=6, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    speed_kmh = models.DecimalField(
        "speed in km/h", max_digits=6, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    length_m = models.DecimalField(
        "length in m", max_digits=8, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    inversions = models.PositiveSmallIntegerField(null=True, blank=True)
    duration_s = models.PositiveIntegerField("duration in s", null=True, blank=True)
    capacity_per_hour = models.PositiveIntegerField("riders an hour", null=True, blank=True)
    opened = PartialDateField()
    closed = PartialDateField()
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.OPERATING)
    text = models.TextField(blank=True, help_text="Markdown.")

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["park", "slug"], name="wiki_ride_slug")]
        indexes = [
            models.Index(fields=["name"], name="wiki_ride_name"),
            models.Index(fields=["kind", "name"], name="wiki_ride_kind"),
            models.Index(fields=["height_m"], name="wiki_ride_height"),
            models.Index(fields=["speed_kmh"], name="wiki_ride_speed"),
            models.Index(fields=["opened"], name="wiki_ride_opened"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("wiki:ride", args=[self.park.slug, self.slug])


class RideEvent(Entry):
    """What happened to a ride."""

    class Kind(models.TextChoices):
        OPENED = "opened", "opened"
        CLOSED = "closed", "closed"
        RENAMED = "renamed", "renamed"
        RELOCATED = "relocated", "relocated"
        REBUILT = "rebuilt", "rebuilt"
        RETHEMED = "rethemed", "got a new theme"
        RECORD = "record", "set a record"

    version_policies = {"text": policies.text_by_line}

    ride = models.ForeignKey(Ride, on_delete=models.CASCADE, related_name="events")
    date = PartialDateField(blank=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ("date", "id")

    def __str__(self) -> str:
        return f"{self.ride}: {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return self.ride.get_absolute_url()


class Photo(Entry):
    """Of a park or of a ride. Its file never changes: another picture is another photo."""

    park = models.ForeignKey(
        Park, null=True, blank=True, on_delete=models.CASCADE, related_name="photos"
    )
    ride = models.ForeignKey(
        Ride, null=True, blank=True, on_delete=models.CASCADE, related_name="photos"
    )
    file = models.ImageField(upload_to="wiki/")
    alt = models.CharField("description for who cannot see it", max_length=200)
    caption = models.CharField(max_length=200, blank=True)
    credit = models.CharField(max_length=200, blank=True)
    licence = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(park__isnull=True) ^ models.Q(ride__isnull=True),
                name="wiki_photo_of_one",
            )
        ]

    def __str__(self) -> str:
        return self.caption or self.alt

    def get_absolute_url(self) -> str:
        of: Park | Ride | None = self.ride or self.park
        return of.get_absolute_url() if of else ""


class Review(Entry):
    """What one person says of a ride."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting for a moderator"
        SHOWN = "shown", "shown"
        HIDDEN = "hidden", "hidden"

    ride = models.ForeignKey(Ride, on_delete=models.CASCADE, related_name="reviews")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    stars = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    text = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    moderated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    why = models.CharField("why it is hidden", max_length=300, blank=True)

    class Meta:
        ordering = ("-created_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["ride", "author"], name="wiki_one_review"),
            models.CheckConstraint(
                condition=models.Q(stars__gte=1, stars__lte=5), name="wiki_review_stars"
            ),
        ]
        indexes = [models.Index(fields=["state", "created_at"], name="wiki_review_state")]

    def __str__(self) -> str:
        return f"{self.stars} of 5 stars"

    def get_absolute_url(self) -> str:
        return self.ride.get_absolute_url()


class List(Entry):
    """A person's list of rides or parks."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    is_public = models.BooleanField("everybody may see it", default=False)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("wiki:list", args=[self.pk])


class ListEntry(Entry):
    list = models.ForeignKey(List, on_delete=models.CASCADE, related_name="entries")
    ride = models.ForeignKey(
        Ride, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    park = models.ForeignKey(
        Park, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(park__isnull=True) ^ models.Q(ride__isnull=True),
                name="wiki_entry_of_one",
            )
        ]

    def __str__(self) -> str:
        return str(self.ride or self.park)


class Watch(BaseModel):
    """Somebody wants to know what becomes of a page.

    What is not versioned has no keys into what is: `object_id` may be of a row that is gone.
    """

    class Kind(models.TextChoices):
        PARK = "park", "park"
        RIDE = "ride", "ride"
        COMPANY = "company", "company"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    object_id = models.UUIDField()

    class Meta:
        ordering = ("-created_at", "id")
        verbose_name_plural = "watches"
        constraints = [
            # In this order: of a changed page, all who watch it are found by it.
            models.UniqueConstraint(fields=["kind", "object_id", "user"], name="wiki_one_watch"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.object_id}"


class MergeTime(models.Model):
    """How long a merge has taken the server."""

    commit = models.OneToOneField(Commit, on_delete=models.CASCADE, related_name="+")
    milliseconds = models.PositiveIntegerField()

    class Meta:
        ordering = ("-commit",)

    def __str__(self) -> str:
        return f"{self.milliseconds} ms"
