"""Tables of the tests: every kind of key and relation, and twins that are not versioned."""

import uuid
from typing import Any

from django.db import models

from longhouse.versioning import policies
from longhouse.versioning.models import ManyToManyField, VersionedModel, versioned


class Area(VersionedModel):
    name = models.CharField(max_length=80, unique=True)
    country = models.CharField(max_length=2, default="ES")
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="parts")

    def __str__(self) -> str:
        return self.name


class Tag(VersionedModel):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    word = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.word


class Park(VersionedModel):
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=140, unique=True)
    description = models.TextField(blank=True)
    hectares = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    visitors = models.IntegerField(default=0, db_index=True)
    is_open = models.BooleanField(default=True)
    opened_on = models.DateField(null=True)
    facts = models.JSONField(default=dict)
    changed_at = models.DateTimeField(auto_now=True)
    area = models.ForeignKey(Area, null=True, on_delete=models.CASCADE, related_name="parks")
    tags = ManyToManyField(Tag, related_name="parks")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "area"],
                condition=models.Q(is_open=True),
                name="versioning_tests_open_name",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ThemePark(Park):
    """A child table of a versioned parent."""

    theme = models.CharField(max_length=50)


@versioned
class Ride(models.Model):
    """Versioned by the decorator."""

    name = models.CharField(max_length=80)
    park = models.ForeignKey(Park, on_delete=models.CASCADE, related_name="rides")
    height = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(height__lt=1000), name="versioning_tests_low_ride"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Counter(VersionedModel):
    """Merged by policies."""

    version_policies: dict[str, Any] = {
        "hits": policies.COUNTER,
        "title": policies.OURS,
        "note": policies.THEIRS,
        "newest": policies.NEWEST,
        "ignored": policies.IGNORE,
        "text": policies.text_by_line,
        "facts": policies.json_by_key,
    }

    label = models.CharField(max_length=40)
    hits = models.IntegerField(default=0)
    title = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=80, blank=True)
    ignored = models.CharField(max_length=80, blank=True)
    newest = models.CharField(max_length=80, blank=True)
    text = models.TextField(blank=True)
    facts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.label


class PlainArea(models.Model):
    name = models.CharField(max_length=80, unique=True)
    country = models.CharField(max_length=2, default="ES")
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="parts")

    def __str__(self) -> str:
        return self.name


class PlainTag(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    word = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.word


class PlainPark(models.Model):
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=140, unique=True)
    description = models.TextField(blank=True)
    hectares = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    visitors = models.IntegerField(default=0, db_index=True)
    is_open = models.BooleanField(default=True)
    opened_on = models.DateField(null=True)
    facts = models.JSONField(default=dict)
    area = models.ForeignKey(PlainArea, null=True, on_delete=models.CASCADE, related_name="parks")
    tags = models.ManyToManyField(PlainTag, related_name="parks")

    def __str__(self) -> str:
        return self.name


class PlainRide(models.Model):
    name = models.CharField(max_length=80)
    park = models.ForeignKey(PlainPark, on_delete=models.CASCADE, related_name="rides")
    height = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name
