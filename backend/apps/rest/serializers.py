"""What the token endpoints take and give."""

from typing import Any

from django.conf import settings  # feature: accounts
from django.contrib.auth.models import update_last_login  # feature: accounts
from django.utils.module_loading import import_string  # feature: accounts
from rest_framework import serializers
from rest_framework_simplejwt.serializers import PasswordField, TokenObtainPairSerializer
from rest_framework_simplejwt.tokens import RefreshToken

from apps.rest import services
from apps.users.models import User


class TokenPair(serializers.Serializer):
    example = {"access": "eyJhbGciOi…", "refresh": "eyJhbGciOi…"}

    access = serializers.CharField(help_text="For Authorization: Bearer.")
    refresh = serializers.CharField(help_text="For the next pair; works once.")


class Nothing(serializers.Serializer):
    """An empty object."""

    example: dict[str, Any] = {}


class SignInSerializer(TokenObtainPairSerializer):
    answered_with = TokenPair
    example = {"email": "kim@example.org", "password": "correct horse battery"}
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
        refresh = self.get_token(user)
        return {"refresh": str(refresh), "access": str(refresh.access_token)}

    # end feature: accounts

    def get_token(self, user: User) -> RefreshToken:  # type: ignore[override]
        return services.start_family(user=user, request=self.context["request"])


class RotationSerializer(serializers.Serializer):
    """A refresh token that works once, for a new pair."""

    answered_with = TokenPair
    example = {"refresh": "eyJhbGciOi…"}

    refresh = serializers.CharField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        token = RefreshToken(attrs["refresh"])
        successor = services.rotate(token=token, request=self.context["request"])
        return {"access": str(successor.access_token), "refresh": str(successor)}


class SignOutSerializer(serializers.Serializer):
    answered_with = Nothing
    example = {"refresh": "eyJhbGciOi…"}

    refresh = serializers.CharField(write_only=True)
    everywhere = serializers.BooleanField(
        write_only=True, default=False, help_text="End all sign-ins by tokens, not this one alone."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        token = RefreshToken(attrs["refresh"])
        services.sign_out(
            token=token, request=self.context["request"], everywhere=attrs["everywhere"]
        )
        return {}
