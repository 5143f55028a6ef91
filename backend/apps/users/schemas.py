import uuid

from apps.api.schemas import In, Out
from apps.users.models import Theme, User


class SessionUser(Out):
    id: uuid.UUID
    email: str
    display_name: str
    avatar_url: str | None
    theme: Theme
    time_zone: str
    roles: list[str]
    permissions: list[str]
    is_staff: bool

    @staticmethod
    def resolve_avatar_url(user: User) -> str | None:
        return user.avatar.url if user.avatar else None

    @staticmethod
    def resolve_roles(user: User) -> list[str]:
        return sorted(group.name for group in user.groups.all())

    @staticmethod
    def resolve_permissions(user: User) -> list[str]:
        return sorted(user.get_all_permissions())


class Session(Out):
    user: SessionUser | None


# without accounts: class Credentials(In):
# without accounts:     email: str
# without accounts:     password: str


class ProfileChange(In):
    display_name: str | None = None
    time_zone: str | None = None
    theme: Theme | None = None
