"""What versioning costs, for Prometheus."""

from collections.abc import Iterator
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count
from prometheus_client import Histogram, Metric
from prometheus_client.core import GaugeMetricFamily

from longhouse.metrics.registry import from_database
from longhouse.versioning.companions import tables
from longhouse.versioning.conflicts import MergeConflict
from longhouse.versioning.context import INFINITY, MAIN, View
from longhouse.versioning.integrity.sealing import unsealed
from longhouse.versioning.models import Branch, Conflict
from longhouse.versioning.protection import Protected
from longhouse.versioning.signals import measured

SECONDS = Histogram(
    "versioning_operation_seconds",
    "Reads in branches and in the past, writes, merges, refreshes.",
    ("operation", "place", "outcome"),
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


def observe(
    operation: str, view: View | None, seconds: float, error: BaseException | None, **_: Any
) -> None:
    SECONDS.labels(operation, _place(view), _outcome(error)).observe(seconds)


measured.connect(observe, dispatch_uid="versioning_prometheus")


def _place(view: View | None) -> str:
    if view is None:
        return "main"
    return "branch" if view.layers[0].at is None else "past"


def _outcome(error: BaseException | None) -> str:
    if error is None:
        return "done"
    if isinstance(error, MergeConflict):
        return "conflict"
    return "refused" if isinstance(error, Protected) else "failed"


@from_database
def families() -> Iterator[Metric]:
    branches = GaugeMetricFamily(
        "versioning_branches", "Branches that are there.", labels=("status",)
    )
    found = dict(Branch.objects.order_by().values_list("status").annotate(Count("pk")))
    for status in Branch.Status.values:
        branches.add_metric((status,), found.get(status, 0))
    yield branches
    rows = GaugeMetricFamily(
        "versioning_overlay_rows", "Rows that branches hold beside main's.", labels=("model",)
    )
    for versioned in tables.values():
        held = versioned.companion._base_manager.filter(
            version_branch__gt=MAIN, version_to=INFINITY
        )
        rows.add_metric((versioned.model._meta.label_lower,), held.count())
    yield rows
    yield GaugeMetricFamily(
        "versioning_conflicts", "Conflicts that nobody has decided.",
        value=Conflict.objects.filter(choice=Conflict.Choice.NONE).count(),
    )  # fmt: skip
    yield GaugeMetricFamily(
        "versioning_unsealed_commits", "Commits that wait to be sealed.",
        value=unsealed(DEFAULT_DB_ALIAS).count(),
    )  # fmt: skip
