import uuid

from ninja import Field

from apps.api.schemas import Out
from apps.museum.importing.plan import Planned


class ImportRow(Out):
    number: int = Field(alias="row.number", description="as a spreadsheet counts: the header is 1")
    values: dict[str, str] = Field(alias="row.values")
    new_model: bool
    errors: dict[str, str] = Field(description="by column")

    @staticmethod
    def resolve_new_model(one: Planned) -> bool:
        return one.model is not None


class ImportPreview(Out):
    rows: list[ImportRow]
    new_models: int
    errors: int


class ImportStarted(Out):
    operation_id: uuid.UUID
