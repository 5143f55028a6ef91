"""Signing in, staying signed in and signing out with tokens.

SimpleJWT's own rotation checks its blacklist, then writes to it, whoever else did in between: of
requests at the same moment, each gets a successor. Here one UPDATE of the family's row decides.
"""

import logging
from typing import Any

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import RefreshToken, Token
from rest_framework_simplejwt.utils import datetime_from_epoch, get_md5_hash_password

from apps.audit import services as audit  # feature: audit
from apps.audit.middleware import current_request  # feature: audit
from apps.audit.models import Kind  # feature: audit
from apps.core.throttling import client_address
from apps.rest.models import ADDRESS_LENGTH, AGENT_LENGTH, TokenFamily
from apps.users.models import User

FAMILY, ROTATION = "family", "rotation"  # claims; access tokens carry them too

logger = logging.getLogger(__name__)


def start_family(*, user: User, request: HttpRequest) -> RefreshToken:
    """The first refresh token of a new family."""
    now = timezone.now()
    # Expired rows go with the next sign-in: no job is needed to clear them.
    TokenFamily.objects.filter(user=user, expires_at__lt=now).delete()
    token = RefreshToken.for_user(user)
    family = TokenFamily.objects.create(
        user=user,
        rotated_at=now,
        expires_at=datetime_from_epoch(token["exp"]),
        **_caller(request),
    )
    token[FAMILY], token[ROTATION] = str(family.pk), family.rotation
    # feature: audit
    audit.signed_in(request=request, user=user, kind=Kind.TOKEN_ISSUED, family=family.pk)
    # end feature: audit
    return token


def rotate(*, token: RefreshToken, request: HttpRequest) -> RefreshToken:
    """The successor of a refresh token, once.

    Raises TokenError when the token was used before. Unless that was by a client that raced with
    itself, two hold the token, one of them a thief: then the family ends.
    """
    family = live_family(token)
    successor = RefreshToken.for_user(family.user)
    successor[FAMILY], successor[ROTATION] = token[FAMILY], token[ROTATION] + 1
    won = TokenFamily.objects.filter(
        pk=family.pk, rotation=token[ROTATION], revoked_at=None
    ).update(
        rotation=F("rotation") + 1,
        rotated_at=timezone.now(),
        expires_at=datetime_from_epoch(successor["exp"]),
        **_caller(request),
    )
    if won:
        return successor
    if not _raced_with_itself(token) and _revoke(pk=family.pk):
        logger.warning(
            "A used refresh token came again: token family %s of %s has ended. From %s.",
            *(family.pk, family.user_id, client_address(request)),
        )
        # feature: audit
        audit.record(Kind.TOKEN_REUSED, request=request, user=family.user, family=family.pk)
        # end feature: audit
    raise TokenError("This refresh token was used already.")


def sign_out(*, token: RefreshToken, request: HttpRequest, everywhere: bool = False) -> None:
    """End the family of a token, with `everywhere` all of the person's.

    Raises TokenError when it has ended before.
    """
    if not _revoke(pk=token.get(FAMILY)):
        raise TokenError("This sign-in has ended.")
    user_id = token[api_settings.USER_ID_CLAIM]
    ended = 1 + (_revoke(user_id=user_id) if everywhere else 0)
    logger.info("%s token families of %s were signed out.", ended, user_id)
    # feature: audit
    user = User.objects.filter(pk=user_id).first()
    audit.record(Kind.TOKEN_REVOKED, request=request, user=user, family=token[FAMILY], ended=ended)
    # end feature: audit


def end_family(*, family: TokenFamily, request: HttpRequest) -> None:
    """End one sign-in by tokens from elsewhere; does nothing when it has ended before."""
    if not _revoke(pk=family.pk):
        return
    logger.info("Token family %s of %s was ended from elsewhere.", family.pk, family.user_id)
    # feature: audit
    audit.record(Kind.TOKEN_REVOKED, request=request, user=family.user, family=family.pk, ended=1)
    # end feature: audit


def end_families(*, user: User, reason: str) -> None:
    """End all sign-ins by tokens of a person who has a new password, or may not sign in.

    Personal tokens stay after a new password: programs hold secrets of their own, and a change that
    stops all of them is a change that people put off. Each is revoked by itself.
    """
    ended = _revoke(user_id=user.pk)
    if not ended:
        return
    logger.info("%s token families of %s have ended: %s.", ended, user.pk, reason)
    # feature: audit
    details: dict[str, Any] = {"ended": ended, "reason": reason}
    details["personal_tokens"] = user.personal_tokens.count()  # feature: spa
    audit.record(Kind.TOKEN_REVOKED, request=current_request(), user=user, **details)
    # end feature: audit


def live_family(token: Token) -> TokenFamily:
    """The family of an access or refresh token, with its person, in one query.

    Raises TokenError when it has ended, the person may not sign in or has a new password.
    """
    family = TokenFamily.objects.select_related("user").filter(pk=token.get(FAMILY)).first()
    if family is None or family.revoked_at:
        raise TokenError("This sign-in has ended. Please sign in again.")
    if not api_settings.USER_AUTHENTICATION_RULE(family.user):
        raise TokenError("There is no such account any more.")
    if token.get(api_settings.REVOKE_TOKEN_CLAIM) != get_md5_hash_password(family.user.password):
        raise TokenError("The password was changed. Please sign in again.")
    return family


def _caller(request: HttpRequest) -> dict[str, str]:
    return {
        "address": client_address(request)[:ADDRESS_LENGTH],
        "agent": request.headers.get("User-Agent", "")[:AGENT_LENGTH],
    }


def _raced_with_itself(token: RefreshToken) -> bool:
    """Whether the token was used moments ago, and its successor not yet.

    With a successor's successor the time says nothing: a thief who rotates all the time would
    never be found out.
    """
    return TokenFamily.objects.filter(
        pk=token[FAMILY],
        rotation=token[ROTATION] + 1,
        rotated_at__gte=timezone.now() - settings.TOKEN_REUSE_GRACE,
    ).exists()


def _revoke(**which: Any) -> int:
    return TokenFamily.objects.filter(**which, revoked_at=None).update(revoked_at=timezone.now())
