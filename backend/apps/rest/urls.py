"""Tokens: POST email and password, then the refresh token, once each. The API's description."""

from django.urls import path
from django.views.decorators.cache import never_cache
from rest_framework_simplejwt.views import (
    TokenBlacklistView,
    TokenObtainPairView,
    TokenRefreshView,
)

from apps.rest.docs import DocsView, SchemaView
from apps.rest.throttling import SignInThrottle

urlpatterns = [
    path("docs/", DocsView.as_view()),
    path("schema/", SchemaView.as_view()),
    path("token/", never_cache(TokenObtainPairView.as_view(throttle_classes=[SignInThrottle]))),
    path("token/refresh/", never_cache(TokenRefreshView.as_view())),
    path("token/blacklist/", never_cache(TokenBlacklistView.as_view())),
]
