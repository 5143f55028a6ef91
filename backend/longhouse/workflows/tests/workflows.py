"""Workflows that tests run. What they do is written to a list, or to a file by worker processes."""

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from longhouse.jobs import Discard, Retry
from longhouse.workflows import StepFailed, TimedOut, workflow
from longhouse.workflows.context import Context

FAST = Retry(max_attempts=3, backoff=0.0)
did: list[str] = []
fails: dict[str, int] = {}  # how often something still fails


def do(text: str) -> str:
    """Fails as often as the test wants, then succeeds."""
    did.append(text)
    if place := os.environ.get("WORKFLOWS_TRACE"):
        with Path(place).open("a") as trace:
            trace.write(f"{text}\n")
        time.sleep(0.1)  # so that it can be killed meanwhile
    if fails.get(text, 0):
        fails[text] -= 1
        raise RuntimeError(f"{text} did not work")
    return text.upper()


def undo(result: Any, text: str) -> None:
    do(f"undo {text}")


@workflow(version=1)
def three(ctx: Context, name: str = "x") -> list[str]:
    return [ctx.step(f"step {n}", do, f"{name}{n}", retry=FAST) for n in range(3)]


def do_slowly(text: str) -> str:
    do(text)
    time.sleep(2)
    return text


@workflow(version=1)
def slow(ctx: Context) -> None:
    ctx.step("first", do, "first")
    ctx.step("second", do_slowly, "second")
    ctx.step("third", do, "third")


@workflow(version=1)
def saga(ctx: Context) -> str:
    ctx.step("book", do, "book", retry=FAST, undo=undo)
    ctx.step("pay", do, "pay", retry=FAST, undo=undo)
    return str(ctx.step("ship", do, "ship", retry=FAST))


@workflow(version=1)
def fan(ctx: Context, items: list[str], parallel: int = 2, errors: Any = "raise") -> list[Any]:
    found = ctx.map("each", do, items, parallel=parallel, errors=errors)
    return [repr(one) if not isinstance(one, str) else one for one in found]


@workflow(version=1)
def booked_fan(ctx: Context) -> None:
    ctx.step("book", do, "book", undo=undo)
    ctx.map("each", do, ["a", "b"], parallel=1)


@workflow(version=1)
def nap(ctx: Context) -> str:
    ctx.step("before", do, "before")
    ctx.sleep("nap", timedelta(hours=1))
    return str(ctx.step("after", do, "after"))


@workflow(version=1)
def approval(ctx: Context, hours: float | None = None) -> Any:
    try:
        return ctx.wait_for("approved", timeout=timedelta(hours=hours) if hours else None)
    except TimedOut:
        return ctx.step("give up", do, "give up")


@workflow(version=1)
def another_way(ctx: Context) -> str:
    try:
        return str(ctx.step("first", do, "first", retry=FAST))
    except StepFailed:
        return str(ctx.step("second", do, "second", retry=FAST))


def hopeless() -> None:
    did.append("hopeless")
    raise Discard("never")


@workflow(version=1)
def discards(ctx: Context) -> None:
    ctx.step("hopeless", hopeless, retry=FAST)


@workflow(version=1)
def twice(ctx: Context) -> None:
    ctx.step("same", do, "one")
    ctx.step("same", do, "two")


order: list[str] = ["a", "b"]


@workflow(version=1)
def wavering(ctx: Context) -> None:
    """Asks the world outside of steps."""
    for name in order:
        ctx.step(name, do, name, retry=FAST)


@workflow(version=1)
def told(ctx: Context) -> None:
    ctx.progress(50, "half")
    ctx.log("before")
    ctx.step("log", lambda: ctx.log("within"))


@workflow(version=1)
def broken(ctx: Context) -> None:
    """Fails between its steps."""
    ctx.step("book", do, "book", undo=undo)
    do("between")


@workflow(version=1, name="tests.versioned")
def versioned_1(ctx: Context) -> str:
    ctx.wait_for("go")
    return "one"


@workflow(version=2, name="tests.versioned")
def versioned_2(ctx: Context) -> str:
    return "two"
