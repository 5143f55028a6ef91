"""What is active where a job is enqueued, made active where it runs: a branch of data, a tenant."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import Any

from longhouse.jobs.options import options


def carried() -> dict[str, Any]:
    """By the names in the option `carries`: what each module's `dump()` gives, but for None."""
    told = {name: import_module(path).dump() for name, path in options().carries.items()}
    return {name: value for name, value in told.items() if value is not None}


@contextmanager
def restored(told: dict[str, Any]) -> Iterator[None]:
    """Within, by each module's `restored(value)`, what was carried is active; None: what was not.

    Raises LookupError for a name that the option does not have: the job must not run elsewhere.
    """
    paths = options().carries
    if unknown := set(told) - set(paths):
        raise LookupError(f"The option `carries` of TASKS lacks {', '.join(sorted(unknown))}.")
    with ExitStack() as stack:
        for name, path in paths.items():
            stack.enter_context(import_module(path).restored(told.get(name)))
        yield


def apart(key: str | None, told: dict[str, Any]) -> str | None:
    """A unique key that differs by what is carried."""
    if key is None or not told:
        return key
    return hashlib.sha256(f"{key} {json.dumps(told, sort_keys=True)}".encode()).hexdigest()
