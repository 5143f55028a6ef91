"""What django-allauth tells, in the log of security events."""

from typing import Any

from allauth.account import signals as account
from allauth.account.models import EmailAddress
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as social
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.dispatch import Signal, receiver
from django.http import HttpRequest

from apps.accounts import mails
from apps.audit.middleware import current_request
from apps.audit.models import Kind, SecurityEvent
from apps.audit.services import new_place, record, shortened
from apps.users.models import User

# Sign-in and sign-out, and every change of a person's password and address: Django's own signals.
PLAIN: dict[Signal, Kind] = {
    account.user_signed_up: Kind.SIGN_UP,
    account.password_reset: Kind.PASSWORD_RESET,
}
FACTORS: dict[Signal, Kind] = {
    mfa.authenticator_added: Kind.FACTOR_ADDED,
    mfa.authenticator_removed: Kind.FACTOR_REMOVED,
    mfa.authenticator_reset: Kind.FACTOR_RENEWED,
    mfa.authenticator_used: Kind.FACTOR_USED,
    mfa.authentication_failed: Kind.FACTOR_FAILED,
}
ADDRESSES: dict[Signal, Kind] = {
    account.email_added: Kind.EMAIL_ADDED,
    account.email_confirmed: Kind.EMAIL_VERIFIED,
    account.email_removed: Kind.EMAIL_REMOVED,
}
# Codes that were sent by mail, and typed wrongly: as good as a wrong password.
CODES: dict[Signal, str] = {
    account.login_code_rejected: "sign-in code",
    account.password_reset_code_rejected: "password reset code",
}


@receiver(list(PLAIN), dispatch_uid="accounts.person")
def on_person(signal: Signal, request: HttpRequest, user: User, **_: Any) -> None:
    record(PLAIN[signal], request=request, user=user)


@receiver(list(FACTORS), dispatch_uid="accounts.factor")
def on_factor(
    signal: Signal, request: HttpRequest, user: User, authenticator: Authenticator | None, **_: Any
) -> None:
    # None: the code was wrong for the app and for the recovery codes alike.
    factor = str(authenticator.type) if authenticator is not None else "code"
    record(FACTORS[signal], request=request, user=user, factor=factor)


@receiver(list(ADDRESSES), dispatch_uid="accounts.address")
def on_address(signal: Signal, request: HttpRequest, email_address: EmailAddress, **_: Any) -> None:
    address = shortened(email_address.email)
    record(ADDRESSES[signal], request=request, user=email_address.user, address=address)


@receiver(list(CODES), dispatch_uid="accounts.code")
def on_code(signal: Signal, request: HttpRequest, user: User | None, **_: Any) -> None:
    record(Kind.SIGN_IN_FAILED, request=request, user=user, by=CODES[signal])


@receiver(social.social_account_added, dispatch_uid="accounts.connected")
def on_connected(request: HttpRequest, sociallogin: Any, **_: Any) -> None:
    provider = sociallogin.account.provider
    record(Kind.PROVIDER_CONNECTED, request=request, user=sociallogin.user, provider=provider)


@receiver(social.social_account_removed, dispatch_uid="accounts.disconnected")
def on_disconnected(request: HttpRequest, socialaccount: Any, **_: Any) -> None:
    user, provider = socialaccount.user, socialaccount.provider
    record(Kind.PROVIDER_DISCONNECTED, request=request, user=user, provider=provider)


@receiver(new_place, dispatch_uid="accounts.new_place")
def on_new_place(person: User, event: SecurityEvent, **_: Any) -> None:
    mails.tell_of_new_place(user=person, event=event)


class SessionsAdapter(DefaultUserSessionsAdapter):
    """There is no signal for it: tells of the sessions that somebody ends from another one."""

    def end_sessions(self, sessions: list[UserSession]) -> None:
        request = current_request()
        here = request.session.session_key if request is not None else None
        super().end_sessions(sessions)
        for session in sessions:
            if session.session_key != here:
                record(Kind.SESSION_ENDED, request=request, user=session.user)
