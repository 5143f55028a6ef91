"""Who takes part in the `api` suite, and how each is started and called."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from project import node

from benchmarks.api.databases import FOLDER, HERE, LONGHOUSE, Facts, longhouse_environment
from benchmarks.harness import house
from benchmarks.harness.environments import (
    NoInterpreter,
    node_project,
    node_versions,
    python_project,
    python_versions,
)
from benchmarks.harness.house import SECRET
from benchmarks.harness.results import PeerFacts
from benchmarks.harness.servers import Program

CSRF_TOKEN = "b" * 32
READY = "/api/hello"


#: headers of a signed-in person, given the origin
SignIn = Callable[[Facts, str], Mapping[str, str]]


@dataclass(frozen=True)
class Peer:
    facts: PeerFacts
    program: Callable[[str], Program]  # given DATABASE_URL
    sign_in: SignIn


def _by_session(facts: Facts, origin: str) -> dict[str, str]:
    """As a browser calls the house."""
    return _cookies(facts.session, origin)


def _by_plain_session(facts: Facts, origin: str) -> dict[str, str]:
    return _cookies(facts.plain_session, origin)


def _cookies(session: str, origin: str) -> dict[str, str]:
    return {
        "cookie": f"sessionid={session}; csrftoken={CSRF_TOKEN}",
        "x-csrftoken": CSRF_TOKEN,
        "origin": origin,
    }


def peers() -> tuple[dict[str, Peer], list[str]]:
    """Every peer, installed, ours first; and a line for each that cannot run here."""
    found = {
        "longhouse": _ours("longhouse", "Longhouse", "shop.fast.router", lane="open"),
        "ninja-prepared": _ours("ninja-prepared", "Longhouse, no lane", "shop.fast.router"),
        "ninja-plain": _ours(
            "ninja-plain", "Longhouse, plain Ninja", "shop.api.router", sign_in=_by_plain_session
        ),
    }
    left_out = []
    others: dict[str, Callable[[], Peer]] = {
        "drf-gunicorn": _drf,
        "fastapi-sqlalchemy": _fastapi,
        "django-bolt": _bolt,
        "fastify-drizzle": partial(_fastify, "Fastify + Drizzle", "drizzle", "drizzle-orm"),
        "fastify-drizzle-prepared": partial(
            _fastify, "Fastify + Drizzle, prepared", "drizzle-prepared", "drizzle-orm"
        ),
        "fastify-sql": partial(_fastify, "Fastify + SQL", "sql"),
    }
    for name, install in others.items():
        try:
            found[name] = install()
        except NoInterpreter as reason:
            left_out.append(f"{name} was left out: {reason}.")
    return found, left_out


def _ours(
    name: str, title: str, router: str, *, lane: str = "closed", sign_in: SignIn = _by_session
) -> Peer:
    def program(url: str) -> Program:
        environment = longhouse_environment(FOLDER / name, url, router, lane)
        return house.program(LONGHOUSE, environment, READY, entry="asgi:application")

    return Peer(house.facts(title), program, sign_in)


def _drf() -> Peer:
    return _python(
        "drf",
        "DRF on gunicorn",
        ("django", "djangorestframework", "gunicorn"),
        lambda port: ["gunicorn", "wsgi:application", "--bind", f"127.0.0.1:{port}"],
    )


def _fastapi() -> Peer:
    return _python(
        "fastapi",
        "FastAPI + SQLAlchemy",
        ("fastapi", "sqlmodel", "sqlalchemy", "uvicorn"),
        lambda port: ["uvicorn", "main:app", "--port", str(port), "--no-access-log"],
    )


def _bolt() -> Peer:
    return _python(
        "bolt",
        "Django-Bolt",
        ("django", "django-bolt"),
        lambda port: ["django", "runbolt", "--host", "127.0.0.1", "--port", str(port)],
        DJANGO_SETTINGS_MODULE="settings",
    )


def _python(
    folder: str,
    title: str,
    packages: tuple[str, ...],
    module: Callable[[int], list[str]],
    **settings: str,
) -> Peer:
    python = python_project(HERE / folder)

    def program(url: str) -> Program:
        return Program(
            command=lambda port: [str(python), "-m", *module(port)],
            cwd=HERE / folder,
            environment={
                "DATABASE_URL": url,
                "JWT_SECRET": SECRET,
                "PYTHONPATH": str(HERE / folder),
                **settings,
            },
            ready=READY,
        )

    versions = python_versions(python, packages)
    return Peer(PeerFacts(title, ours=False, versions=versions), program, _by_token)


def _fastify(title: str, store: str, *packages: str) -> Peer:
    folder = node_project(HERE / "fastify")

    def program(url: str) -> Program:
        return Program(
            command=lambda port: [node(), "server.js", str(port), store],
            cwd=folder,
            environment={"DATABASE_URL": url, "JWT_SECRET": SECRET, "NODE_ENV": "production"},
            ready=READY,
        )

    versions = node_versions(folder, ("fastify", *packages, "better-sqlite3", "pg"))
    return Peer(PeerFacts(title, ours=False, versions=versions), program, _by_token)


def _by_token(facts: Facts, origin: str) -> dict[str, str]:
    return {"authorization": f"Bearer {_jwt(facts.user)}"}


def _jwt(user: str) -> str:
    """A token that all peers take: HS256, RFC 7519, valid for a day."""
    now = int(time.time())
    claims = {"sub": user, "iat": now, "exp": now + 86_400, "jti": "1", "token_type": "access"}
    parts = [
        _base64url(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims)
    ]
    signature = hmac.digest(SECRET.encode(), ".".join(parts).encode(), hashlib.sha256)
    return ".".join([*parts, _base64url(signature)])


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
