"""Built pages that are no longer true, because what they tell of changed or went after the build.

An app retires them in the transaction that makes the change:

    retire("/articles/first-light", "/news")

Once that is committed, no process serves the built file (each looks once a second at most): the
path takes the way of pages newer than the build, which is `heads.py` of the app, or a 404. A build
whose data is newer than that ends it.
"""

import json
import logging
import time
from pathlib import Path

from django.core.files import locks
from django.db import transaction

from longhouse.frontdoor import conf

logger = logging.getLogger(__name__)


def retire(*paths: str) -> None:
    """Serve these paths from the shell once the present transaction is committed."""
    # The change itself is done by then: it must not fail for a disk that is full.
    # (No partial: Django names a failed callback by its __qualname__.)
    transaction.on_commit(lambda: _write(paths), robust=True)


def read(file: Path | None) -> dict[str, float]:
    """When each path was retired, in Unix seconds."""
    if file is None or not file.is_file():
        return {}
    try:
        entries: dict[str, float] = json.loads(file.read_text())
    except (OSError, ValueError):
        logger.exception("The list of retired pages cannot be read; built pages may be out of date")
        return {}
    return entries


def _write(paths: tuple[str, ...]) -> None:
    file = conf.load().retired
    if file is None or not paths:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_suffix(".lock").open("a") as lock:
        locks.lock(lock, locks.LOCK_EX)
        entries = read(file) | dict.fromkeys(paths, time.time())
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps(entries, indent=1))
        fresh.replace(file)
