import factory
from django.utils.text import slugify
from factory.django import DjangoModelFactory

from apps.museum.models import (
    Category,
    Era,
    Location,
    LogEntry,
    Machine,
    MachineModel,
    Part,
    ProblemReport,
    Zone,
)


class LocationFactory(DjangoModelFactory[Location]):
    class Meta:
        model = Location

    name = factory.Sequence(lambda n: f"Row {n}")
    slug = factory.LazyAttribute(lambda location: slugify(location.name))
    zone = Zone.FLOOR


class MachineModelFactory(DjangoModelFactory[MachineModel]):
    class Meta:
        model = MachineModel

    name = factory.Sequence(lambda n: f"Silver Comet {n}")
    manufacturer = "Williams"
    year = 1987
    era = Era.SOLID_STATE


class MachineFactory(DjangoModelFactory[Machine]):
    class Meta:
        model = Machine

    model = factory.SubFactory(MachineModelFactory)
    location = factory.SubFactory(LocationFactory)
    asset_number = factory.Sequence(lambda n: f"M{n + 1:04}")
    slug = factory.LazyAttribute(lambda m: slugify(f"{m.model.name} {m.asset_number}"))
    status = "good"


class ReportFactory(DjangoModelFactory[ProblemReport]):
    class Meta:
        model = ProblemReport

    machine = factory.SubFactory(MachineFactory)
    category = Category.FLIPPERS
    description = "The left flipper is weak."


class LogEntryFactory(DjangoModelFactory[LogEntry]):
    class Meta:
        model = LogEntry

    machine = factory.SubFactory(MachineFactory)
    description = "Cleaned the playfield."
    status_before = "good"
    status_after = "good"


class PartFactory(DjangoModelFactory[Part]):
    class Meta:
        model = Part

    machine = factory.SubFactory(MachineFactory)
    name = "Flipper coil"
