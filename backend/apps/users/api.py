"""Session and profile of the person who is using the site."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from ninja import File, Router, UploadedFile

from apps.api.auth import csrf_only, signed_in, user_of
from apps.api.throttling import uploads  # feature: accounts

# without accounts: from apps.api.throttling import AddressThrottle, uploads
from apps.users import services
from apps.users.models import User
from apps.users.schemas import ProfileChange, Session, SessionUser  # feature: accounts

# without accounts: from apps.users.schemas import Credentials, ProfileChange, Session, SessionUser
# without accounts: from apps.users.throttling import sign_in_limit

router = Router()


@router.get("/session", response=Session, tags=["session"])
def get_session(request: HttpRequest) -> dict[str, User | None]:
    """Who is signed in; also hands out the CSRF cookie that every change needs."""
    get_token(request)
    return {"user": request.user if isinstance(request.user, User) else None}


# without accounts: @router.post(
# without accounts:     "/session",
# without accounts:     response=Session,
# without accounts:     auth=csrf_only,
# without accounts:     # An account must not help to guess the password of another one.
# without accounts:     throttle=[AddressThrottle(sign_in_limit, everybody=True)],
# without accounts:     tags=["session"],
# without accounts: )
# without accounts: def sign_in(request: HttpRequest, credentials: Credentials) -> dict[str, User]:
# without accounts:     """Sign in by email and password."""
# without accounts:     user = services.sign_in(request=request, **credentials.dict())
# without accounts:     return {"user": user}


@router.delete("/session", response={204: None}, auth=csrf_only, tags=["session"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out; does nothing when signed out already."""
    services.sign_out(request=request)
    return HttpResponse(status=204)


@router.get("/profile", response=SessionUser, auth=signed_in, tags=["profile"])
def get_profile(request: HttpRequest) -> User:
    return user_of(request)


@router.patch("/profile", response=SessionUser, auth=signed_in, tags=["profile"])
def update_profile(request: HttpRequest, change: ProfileChange) -> User:
    return services.update_profile(user=user_of(request), **change.given())


@router.post(
    "/profile/avatar",
    response=SessionUser,
    auth=signed_in,
    throttle=[uploads],
    tags=["profile"],
)
def upload_avatar(request: HttpRequest, file: File[UploadedFile]) -> User:
    return services.set_avatar(user=user_of(request), upload=file)


@router.delete("/profile/avatar", response=SessionUser, auth=signed_in, tags=["profile"])
def delete_avatar(request: HttpRequest) -> User:
    return services.remove_avatar(user=user_of(request))
