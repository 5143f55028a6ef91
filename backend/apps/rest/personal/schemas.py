import uuid
from datetime import datetime

from ninja import Field

from apps.api.schemas import In, Out, Page
from apps.rest.personal.services import MAX_DAYS


class PersonalTokenOut(Out):
    id: uuid.UUID
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    last_address: str


class PersonalTokenPage(Page[PersonalTokenOut]):
    #: what a new token can be given
    known_scopes: list[str]


class PersonalTokenMade(Out):
    token: PersonalTokenOut
    #: shown this once
    text: str


class PersonalTokenAdd(In):
    name: str
    scopes: list[str]
    days: int = Field(90, ge=1, le=MAX_DAYS)


class ProgramOut(Out):
    id: uuid.UUID
    #: what the program calls itself
    agent: str
    #: of the last time it renewed its tokens
    address: str
    created_at: datetime
    rotated_at: datetime
    expires_at: datetime


class ProgramPage(Page[ProgramOut]):
    pass
