"""Units of work with checked input and output, and pipelines of them.

    class Resize(Operation[StoredFile, StoredFile]):
        timeout = 60

        def run(self, payload: StoredFile) -> StoredFile: ...

    fetch_picture = pipeline("shop.fetch-picture", Download(), Resize(), version=1)
    run = fetch_picture.start(DownloadFrom(url="https://example.org/a.jpg"), user=request.user)

Within a workflow's function: `Resize().within(ctx, payload)`.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, ClassVar, Generic, TypeVar, get_args, get_origin

from pydantic import BaseModel

from longhouse.jobs import Retry
from longhouse.workflows.context import Context
from longhouse.workflows.definition import Definition, workflow

Payload = TypeVar("Payload", bound=BaseModel)
Output = TypeVar("Output", bound=BaseModel)


class Operation(Generic[Payload, Output]):
    """One step, reusable: `run` does it, `undo` takes it back if a later step fails."""

    #: how a failed run is tried again
    retry: ClassVar[Retry] = Retry()
    #: seconds that one try may take
    timeout: ClassVar[float | None] = None
    payload_type: ClassVar[type[BaseModel]]
    output_type: ClassVar[type[BaseModel]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for base in getattr(cls, "__orig_bases__", ()):
            if get_origin(base) is Operation:
                cls.payload_type, cls.output_type = get_args(base)
        if not hasattr(cls, "payload_type"):
            raise TypeError(f"{cls.__name__} says its types: Operation[Payload, Output].")

    def run(self, payload: Payload) -> Output:
        """Do it. A repetition after a crash must do no harm."""
        raise NotImplementedError

    def undo(self, output: Output, payload: Payload) -> None:
        """Take it back; by default there is nothing to take back."""

    def within(self, ctx: Context, payload: Payload, *, key: str = "") -> Output:
        """Run as a step of a workflow. Raises StepFailed, or ValidationError for its output."""
        undoes = type(self).undo is not Operation.undo
        result = ctx.step(
            key or type(self).__name__,
            self._run,
            payload.model_dump(mode="json"),
            retry=self.retry,
            timeout=self.timeout,
            undo=self._undo if undoes else None,
        )
        return self.output_type.model_validate(result)  # type: ignore[return-value]

    def _run(self, payload: dict[str, Any]) -> dict[str, Any]:
        given: Any = self.payload_type.model_validate(payload)
        return self.run(given).model_dump(mode="json")

    def _undo(self, output: dict[str, Any], payload: dict[str, Any]) -> None:
        done: Any = self.output_type.model_validate(output)
        given: Any = self.payload_type.model_validate(payload)
        self.undo(done, given)


class Pipeline:
    """Operations one after the other, each taking what the one before gave: a workflow."""

    def __init__(self, definition: Definition, operations: tuple[Operation[Any, Any], ...]) -> None:
        self.definition = definition
        self.operations = operations

    def start(self, payload: BaseModel, *, user: Any = None, key: str = "") -> Any:
        """Start a run. Raises TypeError for a payload that the first operation does not take."""
        if not isinstance(payload, expected := self.operations[0].payload_type):
            raise TypeError(
                f"{self.definition.name} begins with {expected.__name__}, "
                f"not with {type(payload).__name__}."
            )
        return self.definition.start(payload.model_dump(mode="json"), user=user, key=key)


def pipeline(name: str, *operations: Operation[Any, Any], version: int, **options: Any) -> Pipeline:
    """Compose operations. Raises TypeError where one does not take what the one before gives."""
    if not operations:
        raise TypeError(f"The pipeline {name} has no operation.")
    for before, after in pairwise(operations):
        if not issubclass(before.output_type, after.payload_type):
            raise TypeError(
                f"{type(after).__name__} takes {after.payload_type.__name__}, "
                f"but {type(before).__name__} gives {before.output_type.__name__}."
            )
    return Pipeline(
        workflow(name=name, version=version, **options)(_one_after_the_other(operations)),
        operations,
    )


def _one_after_the_other(
    operations: tuple[Operation[Any, Any], ...],
) -> Callable[[Context, dict[str, Any]], dict[str, Any]]:
    def run(ctx: Context, payload: dict[str, Any]) -> dict[str, Any]:
        current: BaseModel = operations[0].payload_type.model_validate(payload)
        for number, operation in enumerate(operations):
            ctx.progress(100 * number / len(operations), type(operation).__name__)
            key = f"{number + 1} {type(operation).__name__}"
            current = operation.within(ctx, current, key=key)
        ctx.progress(100)
        return current.model_dump(mode="json")

    return run
