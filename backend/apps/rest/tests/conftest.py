from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.users.models import User
from apps.users.tests.factories import PASSWORD


@pytest.fixture
def rest() -> APIClient:
    """A program that calls the public API: JSON, no cookies."""
    return APIClient(enforce_csrf_checks=True)


@pytest.fixture
def sign_in(rest: APIClient) -> Callable[[User], dict[str, Any]]:
    """Signs a person in; gives the access and the refresh token."""

    def post(user: User) -> dict[str, Any]:
        body = {"email": user.email, "password": PASSWORD}
        response = rest.post("/api/v1/token/", body, format="json")
        assert response.status_code == 200, response.content
        tokens: dict[str, Any] = response.json()
        return tokens

    return post


@pytest.fixture
def rest_as(sign_in: Callable[[User], dict[str, Any]]) -> Callable[[User], APIClient]:
    def make(user: User) -> APIClient:
        client = APIClient(enforce_csrf_checks=True)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {sign_in(user)['access']}")
        return client

    return make


def problem_of(response: Any, status: int) -> dict[str, Any]:
    """The problem document of an answer; fails when it is none."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert set(problem) == {"type", "title", "status", "detail", "errors", "request_id"}
    assert problem["status"] == status
    return problem


def get_people(rest: APIClient, access: str) -> Any:
    return rest.get("/api/v1/people/", headers={"authorization": f"Bearer {access}"})


def refresh(rest: APIClient, token: str) -> Any:
    return rest.post("/api/v1/token/refresh/", {"refresh": token}, format="json")
