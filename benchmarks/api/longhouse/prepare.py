"""Makes the tables and the rows that every peer reads, in the database that DATABASE_URL names.

Prints, as JSON: the rows as the API must answer them, a signed-in user, and that user's session.
"""

import json
import sys
import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import django
from django.core.management import call_command

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402
from shop.models import Category, Item  # noqa: E402

from apps.users.models import User  # noqa: E402

CATEGORIES, USERS, ITEMS = 10, 50, 1000
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
NAMESPACE = uuid.UUID("8a3f3d58-6f0c-4f0e-9d8e-0c1f6d2b7a11")  # the same ids in every run


def fill() -> None:
    users = [
        User(
            id=uuid.uuid5(NAMESPACE, f"user {n}"),
            email=f"user{n}@example.org",
            display_name=f"User {n}",
            password="!",  # noqa: S106 - nobody signs in by password
        )
        for n in range(USERS)
    ]
    categories = [Category(id=n + 1, name=f"Category {n + 1}") for n in range(CATEGORIES)]
    User.objects.bulk_create(users)
    Category.objects.bulk_create(categories)
    Item.objects.bulk_create(
        Item(
            id=uuid.uuid5(NAMESPACE, f"item {n}"),
            name=f"Item {n} for the shelf in aisle {n % 37}",
            price=Decimal(100 + n * 37 % 99_900) / 100,
            quantity=n % 100,
            active=n % 7 != 0,
            category=categories[n * 7 % CATEGORIES],
            owner=users[n * 13 % USERS],
            created_at=BEGIN + timedelta(minutes=n),
        )
        for n in range(ITEMS)
    )


def session_of(user: User, backend: str) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = backend
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def as_answered(item: Item) -> dict[str, Any]:
    return {
        "id": str(item.id),
        "name": item.name,
        "price": f"{item.price:.2f}",
        "quantity": item.quantity,
        "active": item.active,
        "category": item.category.name,
        "owner_id": str(item.owner_id),
        "created_at": item.created_at.isoformat(),
    }


def main() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    with connection.schema_editor() as editor:
        editor.create_model(Category)
        editor.create_model(Item)
    fill()
    connection.cursor().execute("ANALYZE")
    user = User.objects.order_by("email")[7]
    rows = Item.objects.select_related("category").order_by("created_at")
    facts = {
        "user": str(user.pk),
        "session": session_of(user, settings.AUTHENTICATION_BACKENDS[0]),
        "plain_session": session_of(user, "django.contrib.auth.backends.ModelBackend"),
        "items": [as_answered(item) for item in rows],
    }
    connection.close()  # the last one writes SQLite's journal back into the file
    json.dump(facts, sys.stdout)


if __name__ == "__main__":
    main()
