"""Views by which the tests make things happen in a server."""

import json
import time
from typing import Any

from django.contrib.auth import get_user_model, login, logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from longhouse.realtime import log, streams
from longhouse.realtime.log import publish

User: Any = get_user_model()


def emit(request: HttpRequest) -> HttpResponse:
    """`times` events, numbered from `first` on; each in a transaction of its own."""
    query = request.GET
    first = int(query.get("first", "0"))
    pause = float(query.get("pause", "0"))
    fill = "x" * int(query.get("fill", "0"))
    for number in range(first, first + int(query.get("times", "1"))):
        data: dict[str, Any] = {"n": number, "who": query.get("who", "")}
        if fill:
            data["fill"] = fill
        publish(query["topic"], query.get("type", "tick"), data)
        time.sleep(pause)
    return HttpResponse("done")


def held(request: HttpRequest) -> HttpResponse:
    """Publish, and keep the transaction open for `seconds`; undo it when asked."""
    try:
        with transaction.atomic():
            publish(request.GET["topic"], "tick", {"n": int(request.GET["n"])})
            time.sleep(float(request.GET["seconds"]))
            if "undo" in request.GET:
                raise LookupError
    except LookupError:
        return HttpResponse("undone")
    return HttpResponse("done")


def enter(request: HttpRequest) -> HttpResponse:
    user, _ = User.objects.get_or_create(
        username=request.GET["name"], defaults={"is_staff": "staff" in request.GET}
    )
    login(request, user)
    return JsonResponse({"id": user.pk})


def leave(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponse("out")


def change(request: HttpRequest) -> HttpResponse:
    """Change a person: ?id=...&is_active=false"""
    changes = {name: json.loads(str(value)) for name, value in request.GET.items()}
    User.objects.filter(pk=changes.pop("id")).update(**changes)
    return HttpResponse("changed")


def sign(request: HttpRequest) -> HttpResponse:
    age = float(request.GET.get("age", "60"))
    return HttpResponse(streams.sign(request.GET["topic"], request.user, age=age))


def cursor(request: HttpRequest) -> HttpResponse:
    return HttpResponse(log.cursor())


def prune(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(log.prune(keep=0)))


def slow(request: HttpRequest) -> HttpResponse:
    time.sleep(float(request.GET["seconds"]))
    return HttpResponse("slow, but done")


urlpatterns = [
    path("emit", emit),
    path("held", held),
    path("enter", enter),
    path("leave", leave),
    path("change", change),
    path("sign", sign),
    path("cursor", cursor),
    path("prune", prune),
    path("slow", slow),
]
