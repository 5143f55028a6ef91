"""FastAPI with SQLModel as full-stack-fastapi-template writes it: sync routes, a session each."""

import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

import jwt
from fastapi import Depends, FastAPI, HTTPException, Query
from fastapi.middleware.cors import CORSMiddleware
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy import DateTime, Engine, event
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, Session, SQLModel, create_engine, select

PAGE_SIZE = 20
PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=20000", "mmap_size=134217728")
# Half of the threads that run routes. With the default (5, and 10 more that are closed after use)
# PostgreSQL spends twice the CPU on connections; with fewer, threads wait for one.
POOL_SIZE = 20
SECRET_KEY = os.environ["JWT_SECRET"]


class UTCDateTime(TypeDecorator[datetime]):
    """SQLite keeps no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value and (value if value.tzinfo else value.replace(tzinfo=UTC))


def now() -> datetime:
    return datetime.now(UTC)


class User(SQLModel, table=True):
    __tablename__ = "users_user"
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    created_at: datetime = Field(default_factory=now, sa_type=UTCDateTime)
    updated_at: datetime = Field(default_factory=now, sa_type=UTCDateTime)
    password: str
    last_login: datetime | None = Field(default=None, sa_type=UTCDateTime)
    is_superuser: bool = False
    email: str = Field(unique=True, max_length=254)
    display_name: str = Field(max_length=80)
    avatar: str = ""
    time_zone: str = "UTC"
    theme: str = "auto"
    is_active: bool = True
    is_staff: bool = False


class Category(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=50)


class ItemBase(SQLModel):
    name: str = Field(min_length=1, max_length=100)
    price: Decimal = Field(gt=0, max_digits=10, decimal_places=2)
    quantity: int = Field(ge=0)
    active: bool = True


class ItemCreate(ItemBase):
    category_id: int


class Item(ItemBase, table=True):
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    category_id: int = Field(foreign_key="category.id")
    owner_id: uuid.UUID = Field(foreign_key="users_user.id")
    created_at: datetime = Field(default_factory=now, sa_type=UTCDateTime, index=True)


class ItemPublic(ItemBase):
    id: uuid.UUID
    category: str
    owner_id: uuid.UUID
    created_at: datetime


class Message(SQLModel):
    message: str


def make_engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        url = url.replace("postgres://", "postgresql+psycopg://", 1)
        return create_engine(url, pool_size=POOL_SIZE, max_overflow=0)
    engine = create_engine(
        url, pool_size=POOL_SIZE, max_overflow=0, connect_args={"check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def tune(connection: Any, _: Any) -> None:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    return engine


engine = make_engine(os.environ["DATABASE_URL"])


def get_db() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_db)]
TokenDep = Annotated[str, Depends(OAuth2PasswordBearer(tokenUrl="/login"))]


def get_current_user(session: SessionDep, token: TokenDep) -> User:
    try:
        payload = jwt.decode(token, SECRET_KEY, algorithms=["HS256"])
        user = session.get(User, uuid.UUID(payload["sub"]))
    except (jwt.InvalidTokenError, KeyError, ValueError):
        raise HTTPException(status_code=403, detail="Could not validate credentials") from None
    if user is None:
        raise HTTPException(status_code=404, detail="User not found")
    if not user.is_active:
        raise HTTPException(status_code=400, detail="Inactive user")
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://example.org"],
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)


def public(item: Item, category: str) -> ItemPublic:
    return ItemPublic.model_validate(item, update={"category": category})


@app.get("/api/hello")
def hello() -> Message:
    return Message(message="hello")


@app.get("/api/items/{item_id}")
def read_item(session: SessionDep, item_id: uuid.UUID) -> ItemPublic:
    statement = select(Item, Category.name).join(Category).where(Item.id == item_id)
    row = session.exec(statement).first()
    if row is None:
        raise HTTPException(status_code=404, detail="Item not found")
    return public(*row)


@app.get("/api/items")
def read_items(
    session: SessionDep, page: Annotated[int, Query(ge=1, le=10_000)] = 1
) -> list[ItemPublic]:
    statement = (
        select(Item, Category.name)
        .join(Category)
        .order_by(Item.created_at)
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
    )
    return [public(*row) for row in session.exec(statement)]


@app.get("/api/my/items")
def read_my_items(session: SessionDep, current_user: CurrentUser) -> list[ItemPublic]:
    statement = (
        select(Item, Category.name)
        .join(Category)
        .where(Item.owner_id == current_user.id)
        .order_by(Item.created_at)
        .limit(PAGE_SIZE)
    )
    return [public(*row) for row in session.exec(statement)]


@app.post("/api/items", status_code=201)
def create_item(session: SessionDep, current_user: CurrentUser, item_in: ItemCreate) -> ItemPublic:
    category = session.get(Category, item_in.category_id)
    if category is None:
        raise HTTPException(status_code=422, detail="Category not found")
    item = Item.model_validate(item_in, update={"owner_id": current_user.id})
    session.add(item)
    session.commit()
    session.refresh(item)
    return public(item, category.name)
