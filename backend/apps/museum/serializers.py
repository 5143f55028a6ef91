"""The museum's rows and bodies in the public API."""

from typing import Any

from rest_framework import serializers

from apps.museum.models import (
    Category,
    Era,
    Location,
    LogEntry,
    Machine,
    MachineModel,
    MachineStatus,
    Part,
    PartStatus,
    Photo,
    Priority,
    ProblemReport,
    Zone,
)
from apps.rest.inputs import Input

FOR_THE_TEAM = "null for visitors"

# Rows --------------------------------------------------------------------------------------


class LocationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Location
        fields = ("id", "slug", "name", "zone", "position")


class MachineModelSerializer(serializers.ModelSerializer):
    class Meta:
        model = MachineModel
        fields = (
            *("id", "name", "manufacturer", "year", "era", "players", "designer"),
            "facts",
        )


class PhotoSerializer(serializers.ModelSerializer):
    url = serializers.CharField(source="image.url", read_only=True)
    thumbnail_url = serializers.CharField(source="thumbnail.url", read_only=True)

    class Meta:
        model = Photo
        fields = ("id", "url", "thumbnail_url", "width", "height", "caption")


class MachineLinkSerializer(serializers.ModelSerializer):
    """Enough to name a machine and link to it."""

    name = serializers.CharField(source="model.name", read_only=True)

    class Meta:
        model = Machine
        fields = ("slug", "asset_number", "name", "status")


class MachineSerializer(serializers.ModelSerializer):
    model = MachineModelSerializer()
    location = LocationSerializer()
    photos = PhotoSerializer(source="gallery", many=True)
    open_reports = serializers.IntegerField()
    serial_number = serializers.CharField(allow_null=True, help_text=FOR_THE_TEAM)
    notes = serializers.CharField(allow_null=True, help_text=FOR_THE_TEAM)

    class Meta:
        model = Machine
        fields = (
            *("id", "slug", "asset_number", "status", "model", "location", "photos"),
            *("open_reports", "acquired_on", "serial_number", "notes", "version", "updated_at"),
        )

    def to_representation(self, machine: Machine) -> dict[str, Any]:
        row = super().to_representation(machine)
        if not self.context["request"].user.has_perm("museum.view_problemreport"):
            row |= {"serial_number": None, "notes": None}
        return row


class ReportSerializer(serializers.ModelSerializer):
    machine = MachineLinkSerializer()
    log_count = serializers.IntegerField()

    class Meta:
        model = ProblemReport
        fields = (
            *("id", "machine", "category", "priority", "status", "description"),
            *("reporter_name", "occurred_at", "created_at", "closed_at", "log_count", "version"),
        )


class ReceiptSerializer(serializers.ModelSerializer):
    """What a reporter gets back, who may not read reports."""

    machine_name = serializers.CharField(source="machine.model.name")
    machine_slug = serializers.CharField(source="machine.slug")

    class Meta:
        model = ProblemReport
        fields = ("id", "machine_name", "machine_slug")


class LogEntrySerializer(serializers.ModelSerializer):
    machine = MachineLinkSerializer()
    report_id = serializers.UUIDField(allow_null=True)
    author = serializers.CharField(source="author.display_name", allow_null=True, default=None)
    photos = PhotoSerializer(source="pictures", many=True)

    class Meta:
        model = LogEntry
        fields = (
            *("id", "machine", "report_id", "description", "author", "minutes", "worked_at"),
            *("status_before", "status_after", "closes_report", "photos", "version"),
        )


class PartSerializer(serializers.ModelSerializer):
    machine = MachineLinkSerializer()
    report_id = serializers.UUIDField(allow_null=True)
    requested_by = serializers.CharField(
        source="requested_by.display_name", allow_null=True, default=None
    )

    class Meta:
        model = Part
        fields = (
            *("id", "machine", "report_id", "name", "quantity", "supplier", "notes", "status"),
            *("requested_by", "created_at", "version"),
        )


# Bodies ------------------------------------------------------------------------------------
# What values may be is the models' to say: services validate. Here: names, types, lengths.


class LocationAdd(Input):
    example = {"name": "Attic", "slug": "attic", "zone": "storage"}

    name = serializers.CharField(max_length=80)
    slug = serializers.SlugField(max_length=80)
    zone = serializers.ChoiceField(Zone.choices)
    position = serializers.IntegerField(min_value=0, max_value=32767, default=0)


class MachineModelAdd(Input):
    example = {
        "name": "Wizard!",
        "manufacturer": "Bally",
        "year": 1975,
        "era": "em",
    }

    name = serializers.CharField(max_length=120)
    manufacturer = serializers.CharField(max_length=80)
    year = serializers.IntegerField(min_value=1869, max_value=2100)
    era = serializers.ChoiceField(Era.choices)
    players = serializers.IntegerField(min_value=1, max_value=8, default=4)
    designer = serializers.CharField(max_length=120, allow_blank=True, default="")
    facts = serializers.CharField(allow_blank=True, default="")


class MachineChange(Input):
    example = {"notes": "New rubber on all posts."}

    location_id = serializers.UUIDField()
    serial_number = serializers.CharField(max_length=40, allow_blank=True, default="")
    acquired_on = serializers.DateField(allow_null=True, default=None)
    notes = serializers.CharField(allow_blank=True, default="")


class MachineAdd(MachineChange):
    example = {
        "model_id": "01890a5d-ac96-774b-bcce-b302099a0003",
        "location_id": "01890a5d-ac96-774b-bcce-b302099a0002",
        "asset_number": "M0043",
    }

    model_id = serializers.UUIDField()
    asset_number = serializers.RegexField(r"^M\d{4,}$", max_length=12)


class ReportAdd(Input):
    example = {
        "asset_number": "M0042",
        "category": "flippers",
        "description": "The left flipper is weak.",
    }

    asset_number = serializers.CharField(max_length=12, help_text="On the machine's label.")
    category = serializers.ChoiceField(Category.choices)
    description = serializers.CharField(max_length=2000, allow_blank=True, default="")
    reporter_name = serializers.CharField(max_length=80, allow_blank=True, default="")
    priority = serializers.ChoiceField(
        Priority.choices, allow_null=True, default=None, help_text="maintainers only"
    )
    occurred_at = serializers.DateTimeField(allow_null=True, default=None)


class ReportChange(Input):
    example = {"priority": "major"}

    category = serializers.ChoiceField(Category.choices)
    priority = serializers.ChoiceField(Priority.choices)
    description = serializers.CharField(max_length=2000, allow_blank=True)


class LogEntryChange(Input):
    example = {"minutes": 30}

    description = serializers.CharField(max_length=4000)
    minutes = serializers.IntegerField(
        min_value=1, max_value=24 * 60, allow_null=True, default=None
    )
    worked_at = serializers.DateTimeField(required=False)


class LogEntryAdd(LogEntryChange):
    example = {
        "machine": "fireball-m0042",
        "description": "Replaced the coil.",
        "minutes": 30,
    }

    machine = serializers.SlugField(max_length=140)
    report_id = serializers.UUIDField(allow_null=True, default=None)
    status_after = serializers.ChoiceField(MachineStatus.choices, allow_null=True, default=None)
    status_seen = serializers.ChoiceField(
        MachineStatus.choices,
        allow_null=True,
        default=None,
        help_text="What the machine had when status_after was chosen, with which it must come.",
    )
    closes_report = serializers.BooleanField(default=False)

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        if fields["status_after"] and not fields["status_seen"]:
            message = "Say which status the machine had when you chose the new one."
            raise serializers.ValidationError({"status_seen": [message]})
        return fields


class PartDetails(Input):
    name = serializers.CharField(max_length=120)
    quantity = serializers.IntegerField(min_value=1, max_value=999, default=1)
    supplier = serializers.CharField(max_length=120, allow_blank=True, default="")
    notes = serializers.CharField(max_length=1000, allow_blank=True, default="")


class PartAdd(PartDetails):
    example = {"machine": "fireball-m0042", "name": "Flipper coil"}

    machine = serializers.SlugField(max_length=140)
    report_id = serializers.UUIDField(allow_null=True, default=None)


class PartChange(PartDetails):
    example = {"status": "ordered"}

    status = serializers.ChoiceField(PartStatus.choices)
