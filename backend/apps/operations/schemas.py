import uuid
from datetime import datetime
from typing import Any

from ninja import Field

from apps.api.pagination import PageQuery
from apps.api.schemas import Out, Page
from apps.operations import selectors, services
from longhouse.workflows.models import Kind, Run, RunState, Step, StepState

# Responses ---------------------------------------------------------------------------------


class OperationCard(Out):
    id: uuid.UUID
    workflow: str
    title: str
    state: RunState
    cancel_requested: bool
    percent: int | None = Field(description="null while nobody knows")
    message: str
    started_by: str | None
    created_at: datetime
    finished_at: datetime | None

    @staticmethod
    def resolve_title(run: Run) -> str:
        return selectors.title_of(run.workflow)

    @staticmethod
    def resolve_percent(run: Run) -> int | None:
        return selectors.percent_of(run)

    @staticmethod
    def resolve_message(run: Run) -> str:
        return selectors.message_of(run)

    @staticmethod
    def resolve_started_by(run: Run) -> str | None:
        return run.user.display_name if run.user else None


class OperationPage(Page[OperationCard]):
    #: the names by which the list can be filtered
    workflows: list[str]


class StretchOut(Out):
    state: StepState
    count: int


class ItemsOut(Out):
    total: int
    counts: list[StretchOut]
    strip: list[StretchOut] = Field(description="the first items in their order, run-length coded")


class LogLineOut(Out):
    id: int
    at: datetime
    text: str


class StepOut(Out):
    position: int
    key: str
    kind: Kind
    state: StepState
    attempt: int
    started_at: datetime | None
    finished_at: datetime | None
    wake_at: datetime | None
    error: str
    undoes: str | None = Field(description="of an undoing step: the key of what it takes back")
    items: ItemsOut | None
    log: list[LogLineOut]


class OperationOut(OperationCard):
    steps: list[StepOut]
    log: list[LogLineOut] = Field(description="what was said between the steps")
    result: Any
    error: str
    can_cancel: bool
    can_retry: bool

    @staticmethod
    def resolve_steps(run: Run) -> list[selectors.StepSeen]:
        return selectors.steps(run)

    @staticmethod
    def resolve_log(run: Run) -> list[Any]:
        return [line for line in selectors.log(run) if line.step_id is None]

    @staticmethod
    def resolve_error(run: Run) -> str:
        return selectors.said(run.error)

    @staticmethod
    def resolve_can_cancel(run: Run, context: Any) -> bool:
        return services.can_cancel(context["request"].user, run)

    @staticmethod
    def resolve_can_retry(run: Run, context: Any) -> bool:
        return services.can_retry(context["request"].user, run)


class OperationItem(Out):
    position: int
    state: StepState
    attempt: int
    value: Any
    started_at: datetime | None
    finished_at: datetime | None
    error: str

    @staticmethod
    def resolve_error(item: Step) -> str:
        return selectors.said(item.error)


# Requests ----------------------------------------------------------------------------------


class OperationQuery(PageQuery):
    state: RunState | None = None
    workflow: str | None = Field(None, max_length=200)


class OperationItemQuery(PageQuery):
    state: StepState | None = None
