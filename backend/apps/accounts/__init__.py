"""Accounts by django-allauth: sign-up, second factors, passkeys, other providers."""
