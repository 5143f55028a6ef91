from typing import Any

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    label = "accounts"

    def ready(self) -> None:
        from apps.accounts import events, personal_data  # noqa: F401 - they register themselves
        from apps.accounts.services import vouch_for_email
        from apps.users.models import User
        from apps.users.signals import email_vouched

        def vouch(user: User, **kwargs: Any) -> None:
            vouch_for_email(user=user)

        email_vouched.connect(vouch, weak=False, dispatch_uid="accounts.vouch")
        take_passwords_to_the_letter()


def take_passwords_to_the_letter() -> None:
    """allauth's pages leave the spaces around a password alone, its headless API does not."""
    from allauth.headless.account import inputs

    for candidate in vars(inputs).values():
        for name, field in getattr(candidate, "base_fields", {}).items():
            if "password" in name:
                field.strip = False
