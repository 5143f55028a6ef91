"""Runs in the house: makes the people and the park of one journey, and tells of them."""

import json

from django.contrib.auth.models import Group
from django.urls import reverse

from apps.users.models import User
from apps.users.roles import EDITOR, MODERATOR
from apps.wiki.models import Company, Park, Ride
from longhouse.versioning.reviews import unprotected
from tests.browser.visitors import PASSWORD


def set_up() -> None:
    number = Park.objects.filter(slug__startswith="oak-park-").count()
    people = {}
    for name, role in (("wim", ""), ("olga", ""), ("edda", EDITOR), ("mona", MODERATOR)):
        address = f"{name}{number}@demo.example"
        people[name] = User.objects.create_user(address, PASSWORD, display_name=name.capitalize())
        if role:
            people[name].groups.add(Group.objects.get(name=role))
    with unprotected():
        park = Park.objects.create(
            name=f"Oak Park {number}",
            slug=f"oak-park-{number}",
            city="Oakham",
            country="GB",
            text="A park among oaks.\nThe lake was dug by hand.\n",
        )
        maker = Company.objects.create(name=f"Steel Works {number}", slug=f"steel-works-{number}")
        Ride.objects.create(park=park, name="Loop", slug="loop", manufacturer=maker)
    told = {
        "park": park.slug,
        "name": park.name,
        "edit": reverse("wiki:edit", args=["park", park.pk]),
        "contributor": reverse("wiki:contributor", args=[people["wim"].pk]),
        "number": number,
    }
    print(json.dumps(told))
