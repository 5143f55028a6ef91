"""Signing in, staying signed in and signing out with tokens."""

from typing import Any, cast

from django.conf import settings  # feature: accounts
from django.contrib.auth import get_user_model
from django.contrib.auth.models import update_last_login  # feature: accounts
from django.db import transaction
from django.utils.module_loading import import_string  # feature: accounts
from rest_framework import serializers
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.serializers import PasswordField, TokenObtainPairSerializer
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken
from rest_framework_simplejwt.tokens import RefreshToken
from rest_framework_simplejwt.utils import get_md5_hash_password


class SignInSerializer(TokenObtainPairSerializer):
    default_error_messages = {"no_active_account": "Wrong email address or password."}
    code = serializers.CharField(write_only=True, allow_blank=True, default="")  # feature: accounts

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A password may begin or end with a space.
        self.fields["password"] = PasswordField(trim_whitespace=False)

    # feature: accounts
    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        """The tokens, once the whole sign-in is passed: second factor, verified address."""
        sign_in = import_string(settings.TOKEN_SIGN_IN)
        user = sign_in(request=self.context["request"]._request, **attrs)
        update_last_login(type(user), user)
        refresh = cast("RefreshToken", self.get_token(user))
        return {"refresh": str(refresh), "access": str(refresh.access_token)}

    # end feature: accounts


class RefreshTokenSerializer(serializers.Serializer):
    """A refresh token that works once.

    SimpleJWT's own serializers check the blacklist, then write to it, whoever else did in between:
    of requests at the same moment, each gets a successor. Here the row of the blacklist, which
    the database accepts once, decides which request has used the token.
    """

    refresh = serializers.CharField(write_only=True)

    @transaction.atomic
    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        refresh = RefreshToken(attrs["refresh"])
        # What get_or_create gives, although it is annotated otherwise.
        _, used_now = cast("tuple[BlacklistedToken, bool]", refresh.blacklist())
        if not used_now:
            raise TokenError("Token is blacklisted")
        return self.after(refresh)

    def after(self, refresh: RefreshToken) -> dict[str, Any]:
        """What the caller gets once the token is used up."""
        return {}


class RotationSerializer(RefreshTokenSerializer):
    def after(self, refresh: RefreshToken) -> dict[str, str]:
        users = get_user_model()._default_manager
        user = users.filter(pk=refresh[api_settings.USER_ID_CLAIM]).first()
        if user is None or not api_settings.USER_AUTHENTICATION_RULE(user):
            raise TokenError("There is no such account any more.")
        if refresh.get(api_settings.REVOKE_TOKEN_CLAIM) != get_md5_hash_password(user.password):
            raise TokenError("The password was changed. Please sign in again.")
        successor = cast("RefreshToken", SignInSerializer.get_token(user))
        return {"access": str(successor.access_token), "refresh": str(successor)}
