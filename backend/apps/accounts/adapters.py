"""What django-allauth asks the house."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.headless.adapter import DefaultHeadlessAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from apps.accounts.links import link, site
from apps.core.throttling import client_ip
from apps.users.models import User

NAME_LENGTH = User._meta.get_field("display_name").max_length


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGN_UP == "open"

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        if name := form.cleaned_data.get("display_name"):
            user.display_name = name
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """There are no user names; everybody needs a name to be shown by."""
        if not user.display_name:
            user.display_name = user.email.partition("@")[0][:NAME_LENGTH]

    def get_client_ip(self, request: HttpRequest) -> str:
        if address := client_ip(request):
            return str(address)
        raise PermissionDenied("The address of the client is unknown.")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth puts the Host header before it, by whose port an attacker could begin anew.
        return str(credentials.get("email", "")).lower()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        # allauth takes the site from the Host header, which whoever asks for the mail has chosen.
        context = {"request": self.request, "email": email, "current_site": site(), **context}
        self.render_mail(template_prefix, email, context).send()


class HeadlessAdapter(DefaultHeadlessAdapter):
    def get_frontend_url(self, urlname: str, **kwargs: str) -> str | None:
        return link(urlname, **kwargs)


class MFAAdapter(DefaultMFAAdapter):
    def get_totp_issuer(self) -> str:
        return settings.SITE_NAME

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": settings.SITE_NAME}


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name"), data.get("last_name"))
        name = data.get("name") or " ".join(part for part in parts if part)
        user.display_name = name.strip()[:NAME_LENGTH]
        user.email = user.email.lower()
        return user
