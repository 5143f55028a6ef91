"""Importing machines: what a manager asks for."""

from dataclasses import dataclass
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from apps.core.problems import InvalidInput
from apps.museum.importing import steps, table
from apps.museum.importing.plan import Planned, plan
from apps.museum.services import require
from apps.users.models import User
from longhouse.workflows.exceptions import TooLarge


@dataclass(frozen=True)
class Preview:
    rows: list[Planned]
    new_models: int
    errors: int


def preview(*, actor: User, upload: UploadedFile) -> Preview:
    """What an import would do; bad rows say what is wrong.

    Raises NotAllowed, and InvalidInput or TooLarge for a file that is no table of machines.
    """
    require(actor, "museum.add_machine")
    return _preview(plan(table.read(table.text_of(upload))))


def start(*, actor: User, upload: UploadedFile) -> UUID:
    """Take all machines of a file in, or none; gives the id of the run that does.

    Raises InvalidInput that names row and column of every mistake, and what `preview` raises.
    """
    from apps.museum.workflows import import_machines

    require(actor, "museum.add_machine")
    text = table.text_of(upload)
    found = _preview(plan(table.read(text)))
    if found.new_models:
        require(actor, "museum.add_machinemodel")
    if found.errors:
        raise InvalidInput(
            errors=[
                {"field": f"{one.row.number}.{column}", "message": message}
                for one in found.rows
                for column, message in zip(one.errors, steps.complaints(one), strict=True)
            ]
        )
    try:
        with transaction.atomic():
            return import_machines.start(text, user=actor).pk
    except TooLarge as error:  # other alphabets take more room where it is kept
        raise table.too_large() from error


def _preview(rows: list[Planned]) -> Preview:
    return Preview(
        rows=rows,
        new_models=len({one.key for one in rows if one.key and one.model}),
        errors=sum(len(one.errors) for one in rows),
    )
