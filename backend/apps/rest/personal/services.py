"""Making, using and revoking personal access tokens."""

import logging
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from apps.audit import services as audit  # feature: audit
from apps.audit.models import Kind  # feature: audit
from apps.core.models import validate
from apps.core.throttling import client_address
from apps.rest.models import ADDRESS_LENGTH
from apps.rest.personal import scopes as all_scopes
from apps.rest.personal import secret
from apps.rest.personal.models import PersonalToken
from apps.users.models import User

MAX_DAYS = 366
MAX_TOKENS = 50  # of one person
USE_WRITTEN_EVERY = timedelta(minutes=1)

logger = logging.getLogger(__name__)


@transaction.atomic
def create(
    *, request: HttpRequest, user: User, name: str, scopes: list[str], days: int
) -> tuple[PersonalToken, str]:
    """A token and its text, which is not stored. Raises ValidationError naming the field."""
    # One at a time for each person, so that the count holds.
    User.objects.select_for_update().get(pk=user.pk)
    if not scopes:
        raise ValidationError({"scopes": "Choose at least one."})
    if unknown := sorted(set(scopes) - set(all_scopes.known())):
        raise ValidationError({"scopes": f"There is no scope {unknown[0]}."})
    if not 1 <= days <= MAX_DAYS:
        raise ValidationError({"days": f"Choose from 1 to {MAX_DAYS} days."})
    if user.personal_tokens.count() >= MAX_TOKENS:
        raise ValidationError(f"You have {MAX_TOKENS} tokens. Revoke one that you do not need.")
    text = secret.make()
    token = PersonalToken(
        user=user,
        name=name,
        digest=secret.digest(text),
        scopes=sorted(set(scopes)),
        expires_at=timezone.now() + timedelta(days=days),
    )
    validate(token)
    token.save(force_insert=True)
    logger.info("Personal token %s was made from %s.", token.pk, client_address(request))
    # feature: audit
    about = {"token": token.pk, "name": name, "scopes": token.scopes}
    audit.record(Kind.TOKEN_CREATED, request=request, user=user, **about)
    # end feature: audit
    return token, text


def use(*, text: str, request: HttpRequest) -> PersonalToken | None:
    """The token of that text with its person, if it may be used; writes that it was."""
    if not secret.is_well_formed(text):
        return None
    now = timezone.now()
    token = (
        PersonalToken.objects.select_related("user")
        .filter(digest=secret.digest(text), expires_at__gt=now, user__is_active=True)
        .first()
    )
    if token and (token.last_used_at is None or token.last_used_at <= now - USE_WRITTEN_EVERY):
        # Of calls at the same moment, one writes.
        first = PersonalToken.objects.filter(
            Q(last_used_at=None) | Q(last_used_at__lte=now - USE_WRITTEN_EVERY), pk=token.pk
        ).update(last_used_at=now, last_address=client_address(request)[:ADDRESS_LENGTH])
        # feature: audit
        if first and audit.is_new_place(request=request, user=token.user):
            audit.notice_new_place(request=request, user=token.user, token=token.pk)
        # end feature: audit
    return token


def revoke(*, request: HttpRequest, token: PersonalToken) -> None:
    """From now on nobody can use it; there is no way back."""
    logger.info("Personal token %s was revoked from %s.", token.pk, client_address(request))
    # feature: audit
    audit.record(Kind.TOKEN_REVOKED, request=request, user=token.user, token=token.pk)
    # end feature: audit
    token.delete()
