"""What a person does at a browser, by allauth's API: fetches with the CSRF token, mails, codes."""

import json
import re
import time
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.test import Client

from apps.users.models import User
from apps.users.tests.factories import PASSWORD

API = "/_allauth/browser/v1"
CODE = re.compile(r"^\s*([A-Z0-9]{3,4}-[A-Z0-9]{3,4})\s*$", re.MULTILINE)
LINK = re.compile(r"https?://\S+")


class Browser(Client):
    def __init__(self, **defaults: Any) -> None:
        super().__init__(enforce_csrf_checks=True, **defaults)
        self.fetch("GET", "/config")

    def fetch(self, method: str, path: str, body: Any = None, **extra: Any) -> Any:
        token = self.cookies["csrftoken"].value if "csrftoken" in self.cookies else ""
        headers = {"x-csrftoken": token, **extra.pop("headers", {})}
        text = "" if body is None else json.dumps(body)
        return self.generic(method, API + path, text, "application/json", headers=headers, **extra)

    def sign_in(self, user: User, password: str = PASSWORD) -> Any:
        return self.fetch("POST", "/auth/login", {"email": user.email, "password": password})

    def is_signed_in(self) -> bool:
        return self.fetch("GET", "/auth/session").json()["meta"]["is_authenticated"]

    def reauthenticate(self) -> None:
        answer = self.fetch("POST", "/auth/reauthenticate", {"password": PASSWORD})
        assert answer.status_code == 200, answer.content

    def turn_totp_on(self) -> str:
        """The secret of an authenticator app that is now the second factor."""
        self.reauthenticate()
        offered = self.fetch("GET", "/account/authenticators/totp")
        assert offered.status_code == 404, offered.content
        secret: str = offered.json()["meta"]["secret"]
        answer = self.fetch("POST", "/account/authenticators/totp", {"code": totp(secret)})
        assert answer.status_code == 200, answer.content
        return secret


def flow(answer: Any) -> str:
    """The step that a sign-in waits for."""
    assert answer.status_code == 401, answer.content
    return next(flow["id"] for flow in answer.json()["data"]["flows"] if flow.get("is_pending"))


def totp(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD))


def recovery_codes(user: User) -> list[str]:
    found = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    codes: list[str] = found.wrap().get_unused_codes()
    return codes


def last_mail(to: str) -> str:
    assert mail.outbox, "no mail was sent"
    message = mail.outbox[-1]
    assert message.to == [to]
    return str(message.body)


def code_in_mail(to: str) -> str:
    found = CODE.search(last_mail(to))
    assert found, last_mail(to)
    return found[1]
