"""What may not be served to others, told by `manage.py migrate`, by which every server starts."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, router

from apps.users import demo
from apps.users.models import User

THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


# Django runs what has this tag only where a database is named: `check --deploy` alone does not ask.
@register(Tags.database)
def no_demo_account_is_served_to_others(
    databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    alias = router.db_for_read(User)
    if settings.DEBUG or urlsplit(settings.SITE_URL).hostname in THIS_MACHINE:
        return []
    if alias not in (databases or ()):
        return []
    known = User.objects.using(alias).filter(
        email__in=[email for email, *_ in demo.PEOPLE], is_active=True
    )
    try:
        hashes = list(known.values_list("email", "password"))
    except DatabaseError:
        return []  # before the first migration
    # Not User.check_password, which may write.
    open_to_all = [email for email, hash_ in hashes if check_password(demo.PASSWORD, hash_)]
    if not open_to_all:
        return []
    return [
        Error(
            f"Anybody can sign in as {', '.join(open_to_all)}: the password is public.",
            hint="This database holds demo data; give the site one of its own (DATABASE_URL or "
            "VAR_DIR). Or keep the data, and end these accounts: manage.py changepassword EMAIL.",
            id="users.E001",
        )
    ]
