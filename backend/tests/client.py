"""A small HTTP client for tests that need no browser: cookies, the CSRF token, JSON."""

import json
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from typing import Any


class ApiClient:
    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.call("GET", "/api/session")

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and decoded body. Raises OSError when no answer arrives."""
        headers = {"Content-Type": "application/json", "Origin": self.url}
        for cookie in self.cookies:
            if cookie.name == "csrftoken" and cookie.value:
                headers["X-CSRFToken"] = cookie.value
        request = urllib.request.Request(
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers=headers,
            method=method,
        )
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read() or "null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or "null")

    def sign_in(self, who: str) -> None:
        body = {"email": f"{who}@demo.example", "password": "longhouse"}
        door = "/_allauth/browser/v1/auth/login"  # feature: accounts
        # without accounts: door = "/api/session"
        status, answer = self.call("POST", door, body)
        assert status == 200, answer
