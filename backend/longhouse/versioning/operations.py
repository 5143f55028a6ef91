"""What the engines add to Django's: compilers for versioned models."""

from functools import cache
from typing import Any

from longhouse.versioning import compilers
from longhouse.versioning.context import active

_WRITERS = {
    "SQLInsertCompiler": compilers.Inserting,
    "SQLUpdateCompiler": compilers.Updating,
    "SQLDeleteCompiler": compilers.Deleting,
}


@cache
def _combined(mixin: type, base: type) -> type:
    return type(base.__name__, (mixin, base), {})


class VersioningOperations:
    """A mixin for DatabaseOperations."""

    compiler_of_main: type | None = None  # for reads while neither branch nor moment is active

    def compiler(self, name: str) -> Any:
        base = super().compiler(name)  # type: ignore[misc]
        if (writer := _WRITERS.get(name)) is not None:
            return _combined(writer, base)
        if active.get() is not None:
            return _combined(compilers.Reading, base)
        if self.compiler_of_main is not None:
            return _combined(self.compiler_of_main, base)
        return base


class WithoutJit:
    """A mixin for PostgreSQL's DatabaseWrapper: its sessions compile no statements.

    What stands for a table in a branch looks so costly to the planner that it would spend a second
    on compiling what takes a millisecond.
    """

    def _configure_connection(self, connection: Any) -> bool:
        super()._configure_connection(connection)  # type: ignore[misc]
        with connection.cursor() as cursor:
            cursor.execute("SET jit = off")
        return True
