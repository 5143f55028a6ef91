"""A small API, most of it in the lane."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.urls import path
from ninja import Field, Header, NinjaAPI, Query, Router, Schema
from ninja.security import SessionAuth
from pydantic import ConfigDict

from longhouse.lane import lane
from longhouse.lane.marks import with_etag
from longhouse.lane.shapes import Shape
from longhouse.prepared import prepare
from longhouse.prepared.tests.models import Thing


class MakerOut(Schema):
    id: int
    name: str


class ThingOut(Schema):
    id: str
    title: str = Field(alias="name")
    maker: MakerOut
    size: int
    price: Decimal
    made_at: datetime
    note: str | None


class ThingQuery(Schema):
    model_config = ConfigDict(frozen=True)

    size: int = Field(0, ge=0, le=9)


THING = Shape(ThingOut, later=("note",))


@prepare(into=THING.make, for_json=True)
def things_from(*, size: int) -> Any:
    return Thing.objects.filter(size__gte=size).order_by("name", "id").values_list(*THING.columns)


router = Router()


@router.get("/things", response=list[ThingOut])
@lane
def list_things(request: HttpRequest, query: Query[ThingQuery]) -> Any:
    return things_from.all(size=query.size)


@router.get("/things/{name}", response=ThingOut)
@lane
def get_thing(request: HttpRequest, name: str) -> Any:
    thing = get_object_or_404(Thing.objects.select_related("maker"), name=name)
    maker = thing.maker
    values = (thing.id, thing.name, maker.pk, maker.name, thing.size, thing.price, thing.made_at)
    return THING.make(*values)


@router.get("/me", response=dict[str, str], auth=SessionAuth())
@lane
def get_me(request: HttpRequest) -> dict[str, str]:
    return {"email": str(request.user.get_username())}


@router.get("/word", response=dict[str, str])
@lane
def get_word(request: HttpRequest, x_word: Header[str], times: int = 1) -> dict[str, str]:
    return {"word": x_word * times}


@router.get("/greeting", response=dict[str, bool])
@lane
def get_greeting(request: HttpRequest) -> dict[str, bool]:
    return {"known": request.user.is_authenticated}


@router.get("/token", response=dict[str, bool])
@lane
def get_a_token(request: HttpRequest) -> dict[str, bool]:
    return {"token": bool(get_token(request))}


@router.get("/visits", response=dict[str, int])
@lane
def count_visits(request: HttpRequest) -> dict[str, int]:
    request.session["visits"] = request.session.get("visits", 0) + 1
    return {"visits": request.session["visits"]}


@router.get("/broken", response=dict[str, str])
@lane
def get_broken(request: HttpRequest) -> dict[str, str]:
    raise ValueError("broken")


@router.get("/ordinary", response=dict[str, str])
def get_ordinary(request: HttpRequest) -> dict[str, str]:
    return {"way": "ordinary"}


api = NinjaAPI(urls_namespace="lane-tests", docs_url=None, openapi_url=None)
api.add_router("", router)


def tagged(run: Any) -> Any:
    return lambda request, *args, **values: with_etag(request, run(request, *args, **values))


tagged.lane_safe = True  # type: ignore[attr-defined]
api.add_decorator(tagged, mode="view")


@api.exception_handler(ValueError)
def on_value_error(request: HttpRequest, error: ValueError) -> Any:
    return api.create_response(request, {"error": str(error)}, status=500)


urlpatterns = [path("api/", api.urls)]
