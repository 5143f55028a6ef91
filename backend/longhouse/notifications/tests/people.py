from typing import Any

from django.contrib.auth import get_user_model


def make_people(number: int, **fields: Any) -> list[Any]:
    people: Any = get_user_model()
    return [
        people.objects.create_user(
            email=f"person{at}-{fields.get('is_active', True)}@example.org",
            display_name=f"Person {at}",
            **fields,
        )
        for at in range(number)
    ]
