"""What lets programs in, in the profile: personal tokens, and sign-ins by tokens.

Only a session comes here, never a token.
"""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Status

from apps.api.auth import (
    require_confirmation,  # feature: accounts
    signed_in,
    user_of,
)
from apps.api.pagination import PageQuery, paginate
from apps.rest.personal import schemas, scopes, services
from apps.rest.services import end_family

router = Router(tags=["profile"])


@router.get("/profile/tokens", response=schemas.PersonalTokenPage, auth=signed_in)
def list_tokens(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    page = paginate(user_of(request).personal_tokens.all(), query)
    return page | {"known_scopes": scopes.known()}


@router.post("/profile/tokens", response={201: schemas.PersonalTokenMade}, auth=signed_in)
def create_token(
    request: HttpRequest, response: HttpResponse, token: schemas.PersonalTokenAdd
) -> Status[dict[str, Any]]:
    """Make a token; its text is in this answer and nowhere else."""
    # Whoever finds an open browser must not take access along that outlives the session.
    require_confirmation(request)  # feature: accounts
    made, text = services.create(request=request, user=user_of(request), **token.model_dump())
    response["Cache-Control"] = "no-store"
    return Status(201, {"token": made, "text": text})


@router.delete("/profile/tokens/{uuid:token_id}", response={204: None}, auth=signed_in)
def revoke_token(request: HttpRequest, token_id: uuid.UUID) -> HttpResponse:
    token = get_object_or_404(user_of(request).personal_tokens, pk=token_id)
    services.revoke(request=request, token=token)
    return HttpResponse(status=204)


@router.get("/profile/programs", response=schemas.ProgramPage, auth=signed_in)
def list_programs(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """Programs that signed in by email and password, and are still signed in."""
    families = user_of(request).token_families.order_by("-rotated_at", "-pk")
    return paginate(families.filter(revoked_at=None, expires_at__gt=timezone.now()), query)


@router.delete("/profile/programs/{uuid:family_id}", response={204: None}, auth=signed_in)
def sign_out_program(request: HttpRequest, family_id: uuid.UUID) -> HttpResponse:
    family = get_object_or_404(user_of(request).token_families, pk=family_id)
    end_family(family=family, request=request)
    return HttpResponse(status=204)
