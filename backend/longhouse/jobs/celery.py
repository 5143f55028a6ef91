"""The Celery engine: Celery carries the rings, the database the jobs.

`manage.py worker` starts it where BROKER_URL is set, with what it needs around it.
"""

import mmap
import os
import signal
import sys
import threading
from typing import Any

from celery import Celery
from celery.signals import worker_process_init, worker_ready, worker_shutting_down
from django.conf import settings
from django.db import connections

from longhouse.jobs.options import queues

#: one byte that this process and those of its pool share
_stopping = mmap.mmap(-1, 1)


def broker_queue(queue: str) -> str:
    """The broker's name for one of our queues."""
    return f"jobs.{queue}"


BROKER_URL: str = getattr(settings, "BROKER_URL", "")
app = Celery("jobs", broker=BROKER_URL, set_as_current=False)
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    task_default_queue=broker_queue(queues()[0]),
    # A ring is worth nothing after a restart: what is there is in the database.
    task_default_delivery_mode="transient",
    worker_prefetch_multiplier=1,
    worker_proc_alive_timeout=20.0,  # a busy host starts a process slowly
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_connection_timeout=2,
    broker_transport_options={
        "socket_timeout": 2,
        "socket_connect_timeout": 2,
        "max_retries": 0,
    }
    if BROKER_URL.startswith(("redis", "valkey"))
    else {"max_retries": 0},
    # By itself Celery closes all connections, and their pools, before and after each ring.
    CELERY_DB_REUSE_MAX=sys.maxsize,
    worker_send_task_events=False,
    worker_enable_remote_control=False,
)


@app.task(name="jobs.drain")  # type: ignore[untyped-decorator]
def drain(queue: str) -> None:
    """Run what is available in a queue, for a while."""
    from longhouse.jobs.worker.drain import drain as run

    run(queue, stopping=lambda: bool(_stopping[0]))


@app.task(name="jobs.direct")  # type: ignore[untyped-decorator]
def direct(path: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    """A task with durable=False, without a job."""
    from longhouse.jobs import registry

    registry.find(path).call(*args, **kwargs)


@worker_shutting_down.connect  # type: ignore[untyped-decorator]
def tell_processes(**_: Any) -> None:
    _stopping[0] = 1


@worker_process_init.connect  # type: ignore[untyped-decorator]
def forget_connections(**_: Any) -> None:
    """What a pool of the parent holds is the parent's."""
    for database in connections.all(initialized_only=True):
        getattr(database, "_connection_pools", {}).clear()


@worker_ready.connect  # type: ignore[untyped-decorator]
def end_with_supervisor(**_: Any) -> None:
    """Stop when `manage.py worker`, which holds our standard input, is gone."""
    if not os.environ.get("JOBS_SUPERVISOR"):
        return

    def wait() -> None:
        # Not by sys.stdin: a process that is forked meanwhile would wait for its lock for ever.
        os.read(0, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()
