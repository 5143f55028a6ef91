"""What the workflow of an import does. Each may be done twice, and is then done once."""

from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction

from apps.core.problems import Problem, from_validation_error
from apps.museum import services
from apps.museum.importing import plan
from apps.museum.importing.table import Row
from apps.museum.models import Machine, MachineModel
from apps.museum.pages import retire_pages
from apps.users.models import User
from longhouse.jobs import Discard
from longhouse.workflows.context import Context
from longhouse.workflows.models import Run


def check(rows: list[Row]) -> dict[str, int]:
    """The same check as before the start: somebody may have been faster."""
    planned = plan.plan(rows)
    if wrong := [text for one in planned for text in complaints(one)]:
        more = f" (and {len(wrong) - 5} more)" if len(wrong) > 5 else ""
        raise Discard(" ".join(wrong[:5]) + more)
    return {"machines": len(planned)}


def complaints(one: plan.Planned) -> list[str]:
    return [
        f"Row {one.row.number}, {column.replace('_', ' ')}: {message}"
        for column, message in one.errors.items()
    ]


@transaction.atomic
def prepare(ctx: Context, rows: list[Row]) -> dict[str, list[str]]:
    """Add the models that are missing; gives the models and places of the rows, and what is new."""
    actor = _actor(ctx.run)
    found, created = plan.models_by_key(), set[UUID]()
    planned = plan.plan(rows)
    for one in planned:
        assert one.key is not None  # noqa: S101 - checked before
        ours = uuid5(ctx.run.pk, "|".join(map(str, one.key)))
        if one.key not in found:
            assert one.model is not None  # noqa: S101 - what is not found is new
            fields = {name: getattr(one.model, name) for name in plan.OF_MODEL}
            found[one.key] = _final(services.add_machine_model, actor=actor, id=ours, **fields).pk
        if found[one.key] == ours:
            created.add(ours)
    ctx.log(f"{len(created)} new models.")
    return {
        "models": [str(found[one.key]) for one in planned if one.key],
        "locations": [str(one.location_id) for one in planned],
        "created": sorted(map(str, created)),
    }


def withdraw(prepared: dict[str, list[str]], ctx: Context, rows: list[Row]) -> None:
    """Remove the machines and models that this run has made and nobody has used meanwhile."""
    with transaction.atomic():
        ours = Machine.all_objects.filter(
            pk__in=[machine_id(ctx.run.pk, row.values["asset_number"]) for row in rows]
        )
        unused = ours.filter(reports=None, log_entries=None, parts=None, photos=None)
        retire_pages(unused)
        ours.filter(pk__in=list(unused.values_list("pk", flat=True))).hard_delete()
        for number in ours.values_list("asset_number", flat=True):
            ctx.log(f"{number} stays: somebody has worked with it meanwhile.")
        MachineModel.objects.filter(pk__in=prepared["created"], machines=None).delete()


def item(run_id: UUID, row: Row, model_id: str, location_id: str) -> dict[str, Any]:
    """What `add` needs for one machine."""
    fields = {name: row.values[name] for name in plan.OF_MACHINE if row.values[name]}
    fields["asset_number"] = row.values["asset_number"].upper()
    return {
        "run": str(run_id),
        "row": row.number,
        "machine": {**fields, "model_id": model_id, "location_id": location_id},
    }


def add(value: dict[str, Any]) -> str:
    """Take one machine in; gives its slug. Its key follows from run and asset number."""
    run = Run.objects.select_related("user").get(pk=value["run"])
    ours = machine_id(run.pk, value["machine"]["asset_number"])
    if earlier := Machine.all_objects.filter(pk=ours).first():
        return earlier.slug
    machine: Machine = _final(
        services.add_machine,
        actor=_actor(run),
        where=f"Row {value['row']}: ",
        id=ours,
        **value["machine"],
    )
    return machine.slug


def retire(run_id: UUID, rows: list[Row]) -> None:
    """Whatever was built for these addresses before is not true any more."""
    ids = [machine_id(run_id, row.values["asset_number"]) for row in rows]
    with transaction.atomic():
        retire_pages(Machine.objects.filter(pk__in=ids))


def machine_id(run_id: UUID, asset_number: str) -> UUID:
    return uuid5(run_id, asset_number.upper())


def _actor(run: Run) -> User:
    if run.user is None:
        raise Discard("The account that started this is gone.")
    return run.user


def _final(service: Any, *, where: str = "", **fields: Any) -> Any:
    """Call a service; what it refuses, it would refuse again."""
    try:
        return service(**fields)
    except (Problem, ValidationError) as error:
        problem = error if isinstance(error, Problem) else from_validation_error(error)
        texts = [found["message"] for found in problem.errors] or [str(problem)]
        raise Discard(where + " ".join(texts)) from error
