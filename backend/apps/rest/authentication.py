from typing import Any

from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError
from rest_framework_simplejwt.tokens import Token

from apps.rest.services import live_family


class AccessTokenAuthentication(JWTAuthentication):
    """SimpleJWT's, for access tokens whose family has not ended."""

    def get_user(self, validated_token: Token) -> Any:
        try:
            return live_family(validated_token).user
        except TokenError as error:
            raise InvalidToken(error.args[0]) from error
