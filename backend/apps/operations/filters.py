"""Filters of the public API's list of operations."""

from django_filters import CharFilter, ChoiceFilter, FilterSet

from longhouse.workflows.models import Run, RunState, StepState


class OperationFilter(FilterSet):
    state = ChoiceFilter(choices=RunState.choices)
    workflow = CharFilter(max_length=200, label="Name of a workflow.")

    class Meta:
        model = Run
        fields: tuple[str, ...] = ()


class ItemFilter(FilterSet):
    state = ChoiceFilter(choices=StepState.choices)
