"""Workflows that tests run."""

from typing import Any

from longhouse.jobs import Discard
from longhouse.jobs.testing import run_jobs
from longhouse.workflows import workflow
from longhouse.workflows.context import Context
from longhouse.workflows.models import Run

#: what fails, until it is taken out
broken: set[str] = set()


def double(text: str) -> str:
    if text in broken:
        raise Discard(f"{text} is broken")
    return text * 2


def halve(result: str, ctx: Context, text: str) -> None:
    ctx.log(f"{text} is as before")


@workflow(version=1, name="tests.double-all")
def double_all(ctx: Context, items: list[str]) -> dict[str, int]:
    ctx.log("beginning")
    ctx.step("first", lambda ctx, text: double(text), ctx, "f", undo=halve)
    done = ctx.map("each", double, items, parallel=3)
    ctx.step("last", double, "last")
    return {"items": len(done)}


@workflow(version=1, name="tests.patient")
def patient(ctx: Context) -> Any:
    ctx.map("each", double, ["a", "b"])
    return ctx.wait_for("go")


@workflow(version=1, name="tests.hopeless")
def hopeless(ctx: Context) -> Any:
    return ctx.step("hope", _hope)


def _hope() -> None:
    raise Discard("never")


def waiting_run(user: Any) -> Run:
    """One that waits, after a map of two."""
    run = patient.start(user=user)
    run_jobs()
    return run


def failed_run(user: Any) -> Run:
    run = hopeless.start(user=user)
    run_jobs()
    return run
