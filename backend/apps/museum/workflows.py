"""The museum's work that takes longer than a request."""

from apps.museum.importing import steps, table
from longhouse.workflows import workflow
from longhouse.workflows.context import Context


@workflow(version=1, name="museum.import-machines")
def import_machines(ctx: Context, text: str) -> dict[str, int]:
    """Take in the machines of a CSV file; when one cannot come in, none does."""
    rows = table.read(text)
    ctx.step("check", steps.check, rows)
    # Its undoing takes back the machines as well: also those of a map that was stopped half way.
    prepared = ctx.step("prepare", steps.prepare, ctx, rows, undo=steps.withdraw)
    models_and_places = zip(prepared["models"], prepared["locations"], strict=True)
    items = [
        steps.item(ctx.run.pk, row, model, place)
        for row, (model, place) in zip(rows, models_and_places, strict=True)
    ]
    added = ctx.map("add machines", steps.add, items, parallel=4)
    ctx.step("retire pages", steps.retire, ctx.run.pk, rows)
    return {"machines": len(added), "new_models": len(prepared["created"])}
