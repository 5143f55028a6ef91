"""What is told to Prometheus.

An app tells by a module `prometheus`: what happens in the process by the classes of
prometheus_client, what the database knows by `from_database`. The modules are imported by the
server, where METRICS_TOKEN is set.
"""

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from django.db import DatabaseError
from django.utils.module_loading import autodiscover_modules
from prometheus_client import REGISTRY, CollectorRegistry, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

logger = logging.getLogger(__name__)
Families = Callable[[], Iterable[Metric]]
_collectors: dict[Families, Collector] = {}


class _FromDatabase(Collector):
    def __init__(self, families: Families) -> None:
        self.families = families

    def describe(self) -> Iterable[Metric]:
        return []  # else it would be asked when it is registered

    def collect(self) -> Iterator[Metric]:
        try:
            found = list(self.families())
        except DatabaseError:
            # What the processes count is wanted most when the database does not answer.
            logger.exception("%s does not answer", self.families.__module__)
            return
        yield from found


def from_database(families: Families) -> Families:
    """Decorator: the function is asked at each scrape."""
    _collectors[families] = _FromDatabase(families)
    REGISTRY.register(_collectors[families])
    return families


@cache
def discover() -> None:
    """Import the modules. Only then is anything counted."""
    autodiscover_modules("prometheus")


def registry() -> CollectorRegistry:
    """Of this process, or of all that share PROMETHEUS_MULTIPROC_DIR."""
    discover()
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    for collector in _collectors.values():
        shared.register(collector)
    return shared
