"""A call of a service that came by no client."""

from django.test import RequestFactory

CALL = RequestFactory().post("/api/profile/tokens")
