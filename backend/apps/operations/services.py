"""What people ask of operations, by whichever API."""

from uuid import UUID

from apps.core.problems import Conflict, NotAllowed
from apps.operations import selectors
from apps.users.models import User
from longhouse.workflows import services
from longhouse.workflows.exceptions import Gone
from longhouse.workflows.models import ENDED, RETRIABLE, Run, RunState


def may_change(actor: User, run: Run) -> bool:
    """Whose it is, and who looks after all."""
    return run.user_id == actor.pk or actor.has_perm("workflows.change_run")


def can_cancel(actor: User, run: Run) -> bool:
    active = run.state == RunState.RUNNING and not run.cancel_requested
    return active and may_change(actor, run)


def can_retry(actor: User, run: Run) -> bool:
    return run.state in RETRIABLE and may_change(actor, run)


def cancel(*, actor: User, run_id: UUID) -> Run:
    """Ask an operation to stop and to undo what it did.

    Raises NotFound, NotAllowed, and Conflict when it has ended.
    """
    run = _changeable(actor, run_id)
    if run.state in ENDED or not services.cancel(run.pk):
        raise Conflict("This has ended already.")
    return selectors.operation(actor, run_id)


def retry(*, actor: User, run_id: UUID) -> Run:
    """Let a failed or cancelled operation go on from the step that failed.

    Raises NotFound, NotAllowed, and Conflict when there is nothing to try again.
    """
    run = _changeable(actor, run_id)
    try:
        done = services.retry(run.pk)
    except (Gone, LookupError) as error:
        raise Conflict(str(error)) from error
    if not done:
        raise Conflict("Only what failed or was cancelled can be tried again.")
    return selectors.operation(actor, run_id)


def _changeable(actor: User, run_id: UUID) -> Run:
    run = selectors.operation(actor, run_id)
    if not may_change(actor, run):
        raise NotAllowed("You may see this operation, not change it.")
    return run
