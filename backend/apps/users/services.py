"""Every change to a person's own data, and signing in and out."""

import contextlib
from typing import Any

from django.contrib.auth import logout  # feature: accounts

# without accounts: from django.contrib.auth import authenticate, login, logout
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from uuid_utils.compat import uuid7

from apps.core.images import read_image, render
from apps.core.models import validate

# without accounts: from apps.core.problems import NotSignedIn
from apps.users.models import User

AVATAR_PIXELS = 256
AVATAR_SOURCE_PIXELS = 4 * AVATAR_PIXELS  # the longer side: the square comes from the shorter one


# without accounts: def sign_in(*, request: HttpRequest, email: str, password: str) -> User:
# without accounts:     """Start a session under a new session key.
# without accounts:
# without accounts:     Raises NotSignedIn, which tells nobody whether there is such an account.
# without accounts:     """
# without accounts:     name = email.strip().lower()
# without accounts:     user = authenticate(request, username=name, password=password)
# without accounts:     if user is None:
# without accounts:         raise NotSignedIn("Wrong email address or password.")
# without accounts:     login(request, user)
# without accounts:     return user


def sign_out(*, request: HttpRequest) -> None:
    logout(request)


def update_profile(*, user: User, **changes: Any) -> User:
    """Change display_name, time_zone or theme. Raises ValidationError naming the field."""
    for name, value in changes.items():
        setattr(user, name, value)
    validate(user, exclude=["password"])
    user.save(update_fields=[*changes, "updated_at"])
    return user


def set_avatar(*, user: User, upload: UploadedFile) -> User:
    """Replace the avatar with a square picture. Raises InvalidInput when it is no picture."""
    image = read_image(upload, longest=AVATAR_SOURCE_PIXELS)
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    square = image.crop((left, top, left + side, top + side))
    old = user.avatar.name
    # A new name each time, because browsers keep pictures.
    user.avatar.save(f"{uuid7()}.webp", render(square, longest=AVATAR_PIXELS).file, save=False)
    user.save(update_fields=["avatar", "updated_at"])
    _forget_file(user, old)
    return user


def remove_avatar(*, user: User) -> User:
    old = user.avatar.name
    user.avatar = None
    user.save(update_fields=["avatar", "updated_at"])
    _forget_file(user, old)
    return user


def _forget_file(user: User, name: str | None) -> None:
    if name:
        with contextlib.suppress(OSError):
            user.avatar.storage.delete(name)
