"""What django-allauth asks the house."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import is_headless_request
from allauth.headless.adapter import DefaultHeadlessAdapter
from allauth.headless.base.response import AuthenticationResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.template.loader import render_to_string

from apps.accounts.encryption import Unreadable, decrypt, encrypt
from apps.accounts.links import link, site
from apps.audit.services import sign_in_limited
from apps.core.throttling import client_ip
from apps.users.models import User
from longhouse.mail import compose

logger = logging.getLogger("security")
NAME_LENGTH = User._meta.get_field("display_name").max_length


@contextmanager
def taken_addresses_answered(request: HttpRequest, user: User, *, back: str = "") -> Iterator[None]:
    """For saving somebody new: two may sign up with one address at the same moment.

    The slower one gets the answer of every address that has an account already; when the browser's
    own pages are to show it, at `back`.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        if not User.objects.filter(email=user.email).exists():
            raise
        answer = prevent_enumeration(request, email=user.email)
        if is_headless_request(request):
            answer = AuthenticationResponse(request)
        elif back:
            answer = HttpResponseRedirect(back)
        raise ImmediateHttpResponse(answer) from None


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGN_UP == "open"

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        if name := form.cleaned_data.get("display_name"):
            user.display_name = name
        with taken_addresses_answered(request, user):
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

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            sign_in_limited(request=request)
            raise

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth puts the Host header before it, by whose port an attacker could begin anew.
        return str(credentials.get("email", "")).lower()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        # allauth takes the site from the Host header, which whoever asks for the mail has chosen.
        context = {"request": self.request, "email": email, "current_site": site(), **context}
        self.render_mail(template_prefix, email, context).send()

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Both parts of a mail from allauth's text template, in the house's look."""
        message = compose(
            render_to_string(f"{template_prefix}_subject.txt", context),
            render_to_string(f"{template_prefix}_message.txt", context),
            to=[email] if isinstance(email, str) else email,
            sender=self.get_from_email(),
        )
        message.extra_headers |= headers or {}
        return message


class HeadlessAdapter(DefaultHeadlessAdapter):
    def get_frontend_url(self, urlname: str, **kwargs: str) -> str | None:
        return link(urlname, **kwargs)


class MFAAdapter(DefaultMFAAdapter):
    def get_totp_issuer(self) -> str:
        return settings.SITE_NAME

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return decrypt(encrypted_text)
        except Unreadable:
            logger.exception("A second factor cannot be read: no code will be right")
            raise self.validation_error("incorrect_code") from None

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": settings.SITE_NAME}


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        back = sociallogin.state.get("next", "") if sociallogin.is_headless else ""
        with taken_addresses_answered(request, sociallogin.user, back=back):
            saved: User = super().save_user(request, sociallogin, form)
        return saved

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name"), data.get("last_name"))
        name = data.get("name") or " ".join(part for part in parts if part)
        user.display_name = name.strip()[:NAME_LENGTH]
        user.email = user.email.lower()
        return user
