"""Filters of the public API's lists: their names and values; the selectors find the rows."""

from typing import Any

from django.db.models import QuerySet
from django_filters import CharFilter, ChoiceFilter, FilterSet

from apps.museum import selectors
from apps.museum.models import (
    Category,
    Era,
    LogEntry,
    Machine,
    MachineStatus,
    Part,
    PartStatus,
    Priority,
    ProblemReport,
    ReportStatus,
    Zone,
)


def order(choices: dict[str, Any]) -> ChoiceFilter:
    return ChoiceFilter(choices=[(name, name) for name in choices], label="Order of the list.")


class SelectorFilterSet(FilterSet):
    @property
    def given(self) -> dict[str, Any]:
        """What the caller asks for, as arguments of a selector."""
        return {name: value for name, value in self.form.cleaned_data.items() if value}


class MachineFilter(SelectorFilterSet):
    q = CharFilter(max_length=100, label="Words of name, maker, designer or number; a year.")
    asset_number = CharFilter(max_length=12)
    status = ChoiceFilter(choices=MachineStatus.choices)
    zone = ChoiceFilter(choices=Zone.choices)
    manufacturer = CharFilter(max_length=80)
    era = ChoiceFilter(choices=Era.choices)
    sort = order(selectors.MACHINE_ORDER)

    class Meta:
        model = Machine
        fields: tuple[str, ...] = ()

    def filter_queryset(self, queryset: QuerySet[Machine]) -> QuerySet[Machine]:
        return selectors.search_machines(**self.given)


class ReportFilter(SelectorFilterSet):
    q = CharFilter(max_length=100, label="Words of text, machine, number or reporter.")
    status = ChoiceFilter(choices=ReportStatus.choices)
    priority = ChoiceFilter(choices=Priority.choices)
    category = ChoiceFilter(choices=Category.choices)
    machine = CharFilter(max_length=140, label="Slug of a machine.")
    sort = order(selectors.REPORT_ORDER)

    class Meta:
        model = ProblemReport
        fields: tuple[str, ...] = ()

    def filter_queryset(self, queryset: QuerySet[ProblemReport]) -> QuerySet[ProblemReport]:
        return selectors.search_reports(**self.given)


class LogEntryFilter(FilterSet):
    machine = CharFilter("machine__slug", max_length=140, label="Slug of a machine.")

    class Meta:
        model = LogEntry
        fields: tuple[str, ...] = ()


class PartFilter(FilterSet):
    status = ChoiceFilter(choices=PartStatus.choices)
    machine = CharFilter("machine__slug", max_length=140, label="Slug of a machine.")

    class Meta:
        model = Part
        fields: tuple[str, ...] = ()
