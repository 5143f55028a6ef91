from typing import Any  # feature: accounts

import factory
from factory.django import DjangoModelFactory

from apps.users.models import User
from apps.users.signals import email_vouched  # feature: accounts

PASSWORD = "correct horse battery"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    display_name = factory.Faker("name")
    password = factory.django.Password(PASSWORD)

    # feature: accounts
    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        user: User = super()._create(model_class, *args, **kwargs)
        email_vouched.send(User, user=user)
        return user

    # end feature: accounts
