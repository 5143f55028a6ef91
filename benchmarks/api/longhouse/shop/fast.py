"""The same operations as in api.py, with prepared queries, and in the lane where they read."""

from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Query, Router, Status

from apps.api.auth import signed_in, user_of
from apps.core.problems import InvalidInput
from longhouse.lane import lane
from longhouse.lane.shapes import Shape
from longhouse.prepared import prepare
from shop.api import PAGE_SIZE, Hello, ItemIn, ItemOut, items
from shop.models import Category, Item

router = Router()

ITEM = Shape(ItemOut)


@prepare(into=ITEM.make, for_json=True)
def all_items() -> QuerySet[Item, Any]:
    return items().values_list(*ITEM.columns)


@prepare(into=ITEM.make, for_json=True)
def item_by_id(*, item_id: UUID) -> QuerySet[Item, Any]:
    return items().filter(pk=item_id).values_list(*ITEM.columns)


@prepare(into=ITEM.make, for_json=True)
def items_of(*, owner: UUID) -> QuerySet[Item, Any]:
    return items().filter(owner=owner).values_list(*ITEM.columns)


@prepare
def category_by_id(*, category_id: int) -> QuerySet[Category]:
    return Category.objects.filter(pk=category_id)


@router.get("/hello", response=Hello)
@lane
def hello(request: HttpRequest) -> dict[str, str]:
    return {"message": "hello"}


@router.get("/items/{uuid:item_id}", response=ItemOut)
@lane
def get_item(request: HttpRequest, item_id: UUID) -> Any:
    if (item := item_by_id.first(item_id=item_id)) is None:
        raise Http404
    return item


@router.get("/items", response=list[ItemOut])
@lane
def list_items(request: HttpRequest, page: Annotated[int, Query(ge=1, le=10_000)] = 1) -> Any:
    return all_items.slice((page - 1) * PAGE_SIZE, PAGE_SIZE)


@router.get("/my/items", response=list[ItemOut], auth=signed_in)
@lane
def list_my_items(request: HttpRequest) -> Any:
    return items_of.slice(0, PAGE_SIZE, owner=user_of(request).pk)


@router.post("/items", response={201: ItemOut}, auth=signed_in)
def create_item(request: HttpRequest, item: ItemIn) -> Status[Item]:
    category = category_by_id.first(category_id=item.category_id)
    if category is None:
        raise InvalidInput(
            errors=[{"field": "category_id", "message": "There is no such category."}]
        )
    fields = item.model_dump(exclude={"category_id"})
    created = Item.objects.create(owner=user_of(request), category=category, **fields)
    return Status(201, created)
