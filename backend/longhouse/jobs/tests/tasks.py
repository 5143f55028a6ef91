"""Tasks that tests run, in worker processes too. What they do they write to a file."""

import asyncio
import os
import signal
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from longhouse.jobs import Discard, JobContext, Retry, Snooze, Wait, task

FAST = Retry(max_attempts=3, backoff=0.05, max_backoff=0.2)


def trace(text: str) -> None:
    """One line, whole even when several processes write."""
    place = Path(os.environ["JOBS_TRACE"])
    descriptor = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, f"{text}\n".encode())
    os.close(descriptor)


@task()
def add(a: int, b: int = 0) -> int:
    return a + b


@task()
async def add_async(a: int, b: int) -> int:
    await asyncio.sleep(0)
    return a + b


@task(retry=FAST)
def traced(text: str, seconds: float = 0) -> str:
    trace(f"begin {text}")
    time.sleep(seconds)
    trace(f"end {text}")
    return text


@task(retry=Retry(max_attempts=1000, backoff=0.01, max_backoff=0.1))
def stubborn(number: int) -> int:
    trace(str(number))
    time.sleep(0.02)
    return number


@task(retry=Retry(max_attempts=1))
def single_attempt() -> None: ...


@task(retry=FAST)
def fail(message: str = "no") -> None:
    raise ValueError(message)


@task(retry=Retry(max_attempts=3, on=(OSError,)))
def fail_for_good() -> None:
    raise ValueError("only OSError is tried again")


@task(retry=FAST)
def discard() -> None:
    raise Discard("hopeless")


@task(retry=FAST)
def poison() -> None:
    trace("poison")
    os.kill(os.getpid(), signal.SIGKILL)


@task(retry=FAST, timeout=0.5)
def hang(text: str, *, stubborn: bool = False) -> None:
    trace(f"begin {text}")
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            time.sleep(0.1)
        except Exception:
            if not stubborn:
                raise


@task(retry=FAST, timeout=0.2)
async def hang_async() -> None:
    await asyncio.sleep(120)


@task(takes_context=True)
def patient(context: JobContext, *, stubborn: bool = False) -> None:
    trace("begin patient")
    for step in range(1200):
        context.progress(step / 12, f"step {step}")
        if not stubborn:
            context.check()
        time.sleep(0.1)


@task(takes_context=True)
def snooze(context: JobContext) -> str:
    if context.job.progress is None:
        context.progress(50)
        raise Snooze(timedelta(seconds=0.1))
    return f"attempt {context.attempt}"


@task(takes_context=True)
def wait_once(context: JobContext) -> str:
    if context.job.progress is None:
        context.progress(50)
        raise Wait
    return "woken"


@task(unique=True)
def once(name: str, size: int = 1) -> None: ...


@task(unique=lambda account, **_: account)
def once_for_account(account: str, **_: Any) -> None: ...


@task(concurrency=2, limit_key=lambda account, *_: account)
def limited(account: str, seconds: float = 0) -> None:
    trace(f"begin {account}")
    time.sleep(seconds)
    trace(f"end {account}")


@task(rate="3/h")
def rated() -> None: ...


@task()
def result(kind: str) -> Any:
    return {
        "set": {1},
        "large": "x" * 70_000,
        "nan": float("nan"),
        "nul": "a\0b",
        "escape": r"\u0000",
    }[kind]


@task(durable=False)
def direct(a: int, b: int = 0) -> int:
    return a + b
