"""Operations of Django-Bolt: synchronous handlers with the ORM, msgspec structs, JWT."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec
from django.db.models import QuerySet
from django_bolt import BoltAPI, Request
from django_bolt.auth import IsAuthenticated, JWTAuthentication
from django_bolt.exceptions import HTTPException, NotFound

from shop.models import Category, Item

PAGE_SIZE = 20
SIGNED_IN = {"auth": [JWTAuthentication()], "guards": [IsAuthenticated()]}

api = BoltAPI()


class Hello(msgspec.Struct):
    message: str


class ItemOut(msgspec.Struct):
    id: UUID
    name: str
    price: Decimal
    quantity: int
    active: bool
    category: str
    owner_id: UUID
    created_at: datetime


class ItemIn(msgspec.Struct, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    price: Decimal
    quantity: Annotated[int, msgspec.Meta(ge=0)]
    category_id: int
    active: bool = True

    def __post_init__(self) -> None:
        exponent = self.price.as_tuple().exponent
        if not isinstance(exponent, int) or exponent < -2 or not 0 < self.price < 10**8:
            raise ValueError("price must be above 0, with two decimals")


def items() -> QuerySet[Item]:
    return Item.objects.select_related("category").order_by("created_at")


def out(item: Item) -> ItemOut:
    return ItemOut(
        id=item.id,
        name=item.name,
        price=item.price,
        quantity=item.quantity,
        active=item.active,
        category=item.category.name,
        owner_id=item.owner_id,
        created_at=item.created_at,
    )


@api.get("/api/hello")
def hello() -> Hello:
    return Hello("hello")


@api.get("/api/items/{item_id}")
def get_item(item_id: UUID) -> ItemOut:
    item = items().filter(pk=item_id).first()
    if item is None:
        raise NotFound()
    return out(item)


@api.get("/api/items")
def list_items(page: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1) -> list[ItemOut]:
    start = (page - 1) * PAGE_SIZE
    return [out(item) for item in items()[start : start + PAGE_SIZE]]


@api.get("/api/my/items", **SIGNED_IN)
def list_my_items(request: Request) -> list[ItemOut]:
    return [out(item) for item in items().filter(owner=active_user(request))[:PAGE_SIZE]]


@api.post("/api/items", status_code=201, **SIGNED_IN)
def create_item(request: Request, item: ItemIn) -> ItemOut:
    user = active_user(request)
    category = Category.objects.filter(pk=item.category_id).first()
    if category is None:
        raise HTTPException(status_code=422, detail="There is no such category")
    created = Item.objects.create(
        name=item.name,
        price=item.price,
        quantity=item.quantity,
        active=item.active,
        category=category,
        owner_id=user,
    )
    return out(created)


def active_user(request: Request) -> UUID:
    """The id of the caller, whose row was read; raises HTTPException when there is none."""
    user = request.user
    if user is None or not user.is_active:
        raise HTTPException(status_code=401, detail="Unauthorized")
    return UUID(str(user.pk))  # on SQLite, Bolt leaves the key as the text that is stored
