"""The benchmark's operations, written as any app of the house writes them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Status

from apps.api.auth import signed_in, user_of
from apps.api.schemas import In, Out
from apps.core.problems import InvalidInput
from shop.models import Category, Item

PAGE_SIZE = 20

router = Router()


class Hello(Out):
    message: str


class ItemOut(Out):
    id: UUID
    name: str
    price: Decimal
    quantity: int
    active: bool
    category: str = Field(alias="category.name")
    owner_id: UUID
    created_at: datetime


class ItemIn(In):
    name: str = Field(min_length=1, max_length=100)
    price: Decimal = Field(gt=0, max_digits=10, decimal_places=2)
    quantity: int = Field(ge=0)
    active: bool = True
    category_id: int


def items() -> QuerySet[Item]:
    return Item.objects.select_related("category").order_by("created_at")


@router.get("/hello", response=Hello)
def hello(request: HttpRequest) -> dict[str, str]:
    return {"message": "hello"}


@router.get("/items/{uuid:item_id}", response=ItemOut)
def get_item(request: HttpRequest, item_id: UUID) -> Item:
    return get_object_or_404(items(), pk=item_id)


@router.get("/items", response=list[ItemOut])
def list_items(
    request: HttpRequest, page: Annotated[int, Query(ge=1, le=10_000)] = 1
) -> QuerySet[Item]:
    start = (page - 1) * PAGE_SIZE
    return items()[start : start + PAGE_SIZE]


@router.get("/my/items", response=list[ItemOut], auth=signed_in)
def list_my_items(request: HttpRequest) -> QuerySet[Item]:
    return items().filter(owner=user_of(request))[:PAGE_SIZE]


@router.post("/items", response={201: ItemOut}, auth=signed_in)
def create_item(request: HttpRequest, item: ItemIn) -> Status[Item]:
    category = Category.objects.filter(pk=item.category_id).first()
    if category is None:
        raise InvalidInput(
            errors=[{"field": "category_id", "message": "There is no such category."}]
        )
    fields = item.model_dump(exclude={"category_id"})
    created = Item.objects.create(owner=user_of(request), category=category, **fields)
    return Status(201, created)
