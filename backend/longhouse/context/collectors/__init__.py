"""One module for each file of `context/`."""

from typing import Any, Protocol

from longhouse.context.collectors import (
    commands,
    dependencies,
    env,
    invariants,
    migrations,
    models,
    permissions,
    schemas,
    settings,
    signals,
    suite,
    urls,
)
from longhouse.context.project import Project


class Collector(Protocol):
    """What each of these modules has."""

    QUESTION: str  # that the file answers

    def collect(self, project: Project) -> Any:
        """A dataclass, whose types make the file's JSON Schema."""

    def count(self, document: Any) -> str:
        """How much it holds, in words."""


COLLECTORS: dict[str, Collector] = {
    "commands": commands,
    "dependencies": dependencies,
    "env": env,
    "invariants": invariants,
    "migrations": migrations,
    "models": models,
    "permissions": permissions,
    "schemas": schemas,
    "settings": settings,
    "signals": signals,
    "tests": suite,
    "urls": urls,
}
