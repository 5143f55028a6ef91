import uuid
from datetime import datetime

from apps.api.pagination import PageQuery
from apps.api.schemas import In, Out, Page
from longhouse.notifications.kinds import Mail
from longhouse.notifications.services import Choice


class NotificationOut(Out):
    id: uuid.UUID
    kind: str
    title: str
    text: str
    #: a path of this site, or empty
    url: str
    created_at: datetime
    read_at: datetime | None


class NotificationQuery(PageQuery):
    unread: bool = False


class NotificationPage(Page[NotificationOut]):
    #: of all pages
    unread: int


class Unread(Out):
    unread: int


class NotificationChange(In):
    read: bool


class ReadUpTo(In):
    #: the newest notification that was seen
    up_to: uuid.UUID


class NotificationChoice(Out):
    kind: str
    title: str
    in_app: bool
    mail: Mail

    @staticmethod
    def resolve_kind(choice: Choice) -> str:
        return choice.kind.name

    @staticmethod
    def resolve_title(choice: Choice) -> str:
        return choice.kind.title


class NotificationChoiceChange(In):
    in_app: bool
    mail: Mail
