"""Demo accounts. Their password is public: never load them in production."""

from datetime import datetime

from django.contrib.auth.models import Group

from apps.users.models import User
from apps.users.roles import MAINTAINER, MANAGER, VISITOR  # feature: museum
from apps.users.signals import email_vouched  # feature: accounts

PASSWORD = "longhouse"  # noqa: S105
SUPERUSER = "superuser"  # not a role: may do everything
PEOPLE = (
    # email, name, role, what to show
    # feature: museum
    ("visitor@demo.example", "Vera Visitor", VISITOR, "sees what the public sees"),
    ("maintainer@demo.example", "Milo Maintainer", MAINTAINER, "logs work, closes reports"),
    ("second@demo.example", "Sana Second", MAINTAINER, "another maintainer"),
    ("manager@demo.example", "Mara Manager", MANAGER, "also edits and deletes machines"),
    # end feature: museum
    # without museum: ("visitor@demo.example", "Vera Visitor", "", "an account without a role"),
    # without museum: ("second@demo.example", "Sana Second", "", "another one"),
    ("admin@demo.example", "Ada Admin", SUPERUSER, "everything, and /admin/"),
)


def is_loaded() -> bool:
    return User.objects.filter(email__in=[email for email, *_ in PEOPLE]).exists()


def load(*, now: datetime) -> str:
    for email, name, role, _ in PEOPLE:
        user = User(email=email, display_name=name, time_zone="Europe/Berlin", created_at=now)
        user.is_staff = user.is_superuser = role == SUPERUSER
        user.set_password(PASSWORD)
        user.save()
        email_vouched.send(User, user=user)  # feature: accounts
        if role and role != SUPERUSER:
            user.groups.add(Group.objects.get(name=role))
    return f"{len(PEOPLE)} people"


def sign_ins() -> list[str]:
    return [f"{email} / {PASSWORD}  ({what})" for email, _, _, what in PEOPLE]
