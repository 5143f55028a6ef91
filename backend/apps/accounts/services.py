"""What the house does with accounts beside allauth."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.mfa import signals
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.signals import social_account_removed
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from apps.core.problems import NotAllowed, NotSignedIn, TooManyRequests
from apps.users.models import User

RETRY_AFTER = 5 * 60  # seconds, of the longest limit in ACCOUNT_RATE_LIMITS["login_failed"]


class SecondFactorNeeded(NotSignedIn):
    slug = "second-factor-needed"
    title = "Please send the code of your second factor"


@transaction.atomic
def vouch_for_email(*, user: User) -> None:
    """Make `user.email` the person's primary address, verified, in the place of the one before.

    Whoever else has named this address without showing that it is theirs loses it.
    """
    EmailAddress.objects.filter(email=user.email).exclude(user=user).delete()
    EmailAddress.objects.filter(user=user, primary=True).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


@transaction.atomic
def close_other_doors(*, request: HttpRequest, address: EmailAddress) -> None:
    """When somebody shows for the first time that the address of an account is theirs.

    Anybody can sign up with an address of somebody else, and wait until its owner comes by another
    way. What was set up by whoever could not show it must not open the account afterwards: a
    password that this sign-in did not begin with, accounts at other providers that it did not
    come from.
    """
    user = address.user
    verified = EmailAddress.objects.filter(user=user, verified=True)
    if verified.exclude(pk=address.pk).exists():
        return
    records = get_authentication_records(request, user)
    for account in SocialAccount.objects.filter(user=user):
        if not any(
            (record.get("provider"), record.get("uid")) == (account.provider, account.uid)
            for record in records
        ):
            account.delete()
            social_account_removed.send(SocialAccount, request=request, socialaccount=account)
    # No record: signing up itself, which asks for the code where the password was typed.
    by_password = not records or any(record["method"] == "password" for record in records)
    if user.has_usable_password() and not by_password:
        user.set_unusable_password()
        user.save(update_fields=["password"])


def has_second_factor(user: User) -> bool:
    """Whether signing in asks for more than the password; recovery codes come with a factor."""
    factors = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user=user, type__in=factors).exists()


def lacks_required_factor(user: User) -> bool:
    return settings.STAFF_SECOND_FACTOR and user.is_staff and not has_second_factor(user)


# feature: rest
def sign_in_for_token(*, request: HttpRequest, email: str, password: str, code: str) -> User:
    """Whose email and password these are, asked as strictly as a browser is asked.

    Raises NotSignedIn for wrong credentials and for an address that nobody has verified,
    SecondFactorNeeded (naming `code`) when the code of a second factor is missing or wrong,
    NotAllowed for staff without the second factor that they need, TooManyRequests.
    """
    adapter = get_adapter(request)
    email = email.strip().lower()
    try:
        user: User | None = adapter.authenticate(request, email=email, password=password)
    except ValidationError as error:
        raise _too_many(error) from error
    # Somebody whose account is disabled comes back as well: browsers tell them so.
    if user is None or not user.is_active:
        raise NotSignedIn("Wrong email address or password.")
    if not EmailAddress.objects.filter(user=user, verified=True).exists():
        raise NotSignedIn("Your email address is not verified yet: sign in on the site first.")
    if has_second_factor(user):
        _check_code(request, user, code)
    elif lacks_required_factor(user):
        raise NotAllowed("Staff need a second factor: set one up on the site.")
    return user


def _check_code(request: HttpRequest, user: User, code: str) -> None:
    """The code of an authenticator app, or a recovery code; each works once."""
    if not code:
        raise SecondFactorNeeded(errors=[{"field": "code", "message": "This field is required."}])
    form = AuthenticateForm(user=user, data={"code": code})
    if form.is_valid():
        # Not form.save(), which notes it in a session: tokens have none.
        form.authenticator.record_usage()
        signals.authenticator_used.send(
            sender=Authenticator,
            request=request,
            user=user,
            authenticator=form.authenticator,
            reauthenticated=False,
            passwordless=False,
        )
        return
    (error,) = form.errors.as_data()["code"]
    if error.code == "too_many_login_attempts":
        raise _too_many(error)
    raise SecondFactorNeeded(errors=[{"field": "code", "message": str(error.message)}])


def _too_many(error: ValidationError) -> TooManyRequests:
    return TooManyRequests(str(error.message), headers={"Retry-After": str(RETRY_AFTER)})


# end feature: rest
