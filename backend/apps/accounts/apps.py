from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.http import HttpRequest


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    label = "accounts"

    def ready(self) -> None:
        from allauth.account.models import EmailAddress
        from allauth.account.signals import email_confirmed

        from apps.accounts import events, personal_data  # noqa: F401 - they register themselves
        from apps.accounts.services import close_other_doors, vouch_for_email
        from apps.users.models import User
        from apps.users.signals import email_vouched

        def vouch(user: User, **kwargs: Any) -> None:
            vouch_for_email(user=user)

        def first_proof(request: HttpRequest, email_address: EmailAddress, **kwargs: Any) -> None:
            # Not when staff verifies an address in the admin.
            if not request.user.is_authenticated or request.user == email_address.user:
                close_other_doors(request=request, address=email_address)

        email_confirmed.connect(first_proof, weak=False, dispatch_uid="accounts.first_proof")
        email_vouched.connect(vouch, weak=False, dispatch_uid="accounts.vouch")
        post_migrate.connect(renew_encryption, dispatch_uid="accounts.encryption")
        take_passwords_to_the_letter()


def renew_encryption(app_config: AppConfig, using: str, **kwargs: Any) -> None:
    """After `migrate`, and so with every release: what a new DJANGO_SECRET_KEY makes necessary."""
    if app_config.label != "mfa":
        return
    from allauth.mfa.models import Authenticator

    from apps.accounts.encryption import renew_all

    if Authenticator._meta.db_table in connections[using].introspection.table_names():
        renew_all(using=using)


def take_passwords_to_the_letter() -> None:
    """allauth's pages leave the spaces around a password alone, its headless API does not."""
    from allauth.headless.account import inputs

    for candidate in vars(inputs).values():
        for name, field in getattr(candidate, "base_fields", {}).items():
            if "password" in name:
                field.strip = False
