"""Views by which the tests make things happen in a server."""

import json
import time
from pathlib import Path  # feature: spa
from typing import Any

from django.contrib.auth import get_user_model, login, logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.html import format_html

from longhouse.realtime import log, streams, turbo
from longhouse.realtime.log import publish
from longhouse.realtime.models import Event
from longhouse.realtime.turbo import live

# feature: spa
PACKAGES = Path(__file__).parents[4] / "frontend" / "node_modules"
# end feature: spa

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
    cursor = request.GET.get("cursor", "")
    return HttpResponse(streams.sign(request.GET["topic"], request.user, cursor=cursor, age=age))


def cursor(request: HttpRequest) -> HttpResponse:
    return HttpResponse(log.cursor())


def prune(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(log.prune(keep=0)))


def slow(request: HttpRequest) -> HttpResponse:
    time.sleep(float(request.GET["seconds"]))
    return HttpResponse("slow, but done")


# feature: spa
def javascript(request: HttpRequest, path: str) -> HttpResponse:
    """A file of a package that runs in browsers."""
    file = PACKAGES / path
    if file.is_dir() or not file.exists():
        return HttpResponse(status=404)
    return HttpResponse(file.read_bytes(), content_type="text/javascript")


# end feature: spa
def clients(request: HttpRequest) -> HttpResponse:
    return render(request, "clients.html")


@live
def board(request: HttpRequest) -> HttpResponse:
    """The notes of a room, which are the events of its topic; `seconds` between both halves."""
    room = request.GET["room"]
    events = Event.objects.filter(topic=f"notes:{room}").order_by("id")
    notes = [json.loads(data) for data in events.values_list("data", flat=True)]
    time.sleep(float(request.GET.get("seconds", "0")))
    context = {"room": room, "notes": notes, "loaded": time.monotonic()}
    return render(request, "board.html", context)


def note(request: HttpRequest) -> HttpResponse:
    """Write a note in a room, and show it to all who look at it."""
    room, text = request.GET["room"], request.GET["text"]
    with transaction.atomic():
        publish(f"notes:{room}", "note", text)
        html = format_html('<li id="note-{}">{}</li>', text, text)
        turbo.broadcast_append("board", room, target="notes", html=html)
    return HttpResponse("noted")


def broadcast(request: HttpRequest) -> HttpResponse:
    """Any other Turbo Stream."""
    query = request.GET
    if query["action"] == "refresh":
        turbo.broadcast_refresh("board", query["room"])
    elif query["action"] == "remove":
        turbo.broadcast_remove("board", query["room"], target=query["target"])
    else:
        act = getattr(turbo, f"broadcast_{query['action']}")
        act("board", query["room"], target=query["target"], html=query["html"])
    return HttpResponse("done")


urlpatterns = [
    path("js/<path:path>", javascript),  # feature: spa
    path("clients", clients),
    path("board", board),
    path("note", note),
    path("broadcast", broadcast),
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
