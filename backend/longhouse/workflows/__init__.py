"""Durable workflows: ordinary functions that survive the death of every process.

    from longhouse.workflows import workflow
    from longhouse.workflows.context import Context

    @workflow(version=1)
    def publish(ctx: Context, article_id: str) -> dict[str, int]:
        images = ctx.step("find", find_images, article_id)
        sizes = ctx.map("resize", resize, images, parallel=4)
        ctx.wait_for("approved", timeout=timedelta(days=3))
        ctx.step("release", release, article_id, undo=withdraw)
        return {"images": len(sizes)}

    run = publish.start(str(article.pk), user=request.user)

Each step's result is kept. After a crash the function runs again from its beginning, finished steps
answer from what was kept, and the first unfinished one goes on: so everything between the steps
must do the same each time, and effects belong into steps. A step that was cut off runs again; one
that was finished never does. See docs/workflows.md.
"""

from longhouse.workflows.definition import workflow
from longhouse.workflows.exceptions import StepFailed, TimedOut
from longhouse.workflows.values import Failed

__all__ = ["Failed", "StepFailed", "TimedOut", "workflow"]
