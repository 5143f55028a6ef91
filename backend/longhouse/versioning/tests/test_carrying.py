"""The branch goes along: with requests, to whoever is called later, into keys of caches."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Permission
from django.core.cache.backends.locmem import LocMemCache
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.utils.functional import SimpleLazyObject

from longhouse.versioning.branches import as_of, branch_context, create_branch
from longhouse.versioning.carrying import dump, restored
from longhouse.versioning.context import ReadOnly, active
from longhouse.versioning.middleware import BranchMiddleware, select_branch
from longhouse.versioning.models import Branch, Commit
from longhouse.versioning.tests.models import Area

pytestmark = pytest.mark.django_db
NOT_FOR_YOU = (404, b"There is no such branch, or it is not for you.")


@pytest.fixture
def owner() -> Any:
    return get_user_model().objects.create(email="ada@example.org")


@pytest.fixture
def branch(owner: Any) -> Branch:
    branch = create_branch("draft", owner=owner)
    Area.objects.create(name="Main")
    with branch_context(branch):
        Area.objects.update(name="Draft")
    return branch


def names(request: Any) -> HttpResponse:
    return HttpResponse(",".join(Area.objects.order_by("pk").values_list("name", flat=True)))


class Session(dict[str, Any]):
    """As Django's: it tells whether it was read."""

    accessed = False


Ask = Callable[..., Any]


@pytest.fixture
def ask() -> Ask:
    def ask(user: Any, view: Any = names, **options: Any) -> Any:
        request: Any = RequestFactory().get("/", headers=options.get("headers"))
        request.COOKIES.update(options.get("cookies", {}))
        request.user = user
        request.session = options.get("session", Session())
        if request.session:
            request.COOKIES["sessionid"] = "of the session"
        response = BranchMiddleware(view)(request)
        assert active.get() is None
        return response

    return ask


@pytest.mark.parametrize(
    "how",
    [
        {"headers": {"X-Branch": "draft"}},
        {"session": Session(versioning_branch="draft")},
        {"cookies": {"branch": "draft"}},
    ],
)
def test_a_request_is_in_the_branch_that_it_names(
    branch: Branch, owner: Any, ask: Ask, how: Any
) -> None:
    response = ask(owner, **how)
    assert response.content == b"Draft"
    assert response["Cache-Control"] == "private"
    assert response["Vary"] == "Cookie, X-Branch"
    plain = ask(owner)
    assert plain.content == b"Main"
    assert "Cache-Control" not in plain
    assert plain["Vary"] == "X-Branch"


def test_pages_in_no_branch_pay_nothing(
    branch: Branch, owner: Any, django_assert_num_queries: Any
) -> None:
    def never() -> Any:
        raise AssertionError("Nobody asked who it is.")

    def cached(request: Any) -> HttpResponse:
        return HttpResponse(headers={"Cache-Control": "no-cache"})

    request: Any = RequestFactory().get("/")
    request.session, request.user = Session(other=1), SimpleLazyObject(never)
    with django_assert_num_queries(0):
        assert not BranchMiddleware(cached)(request).has_header("Vary")
        request.COOKIES["sessionid"] = "of the session"
        BranchMiddleware(cached)(request)
    assert not request.session.accessed


def test_what_is_written_is_by_whoever_asks(branch: Branch, owner: Any, ask: Ask) -> None:
    for headers in ({}, {"X-Branch": "draft"}):
        ask(owner, write, headers=headers)
        assert Commit.objects.latest("pk").author == owner
    ask(AnonymousUser(), write)
    assert Commit.objects.latest("pk").author is None


def test_a_header_wins_and_an_empty_one_is_main(branch: Branch, owner: Any, ask: Ask) -> None:
    create_branch("other", owner=owner)
    session = Session(versioning_branch="draft")
    assert ask(owner, session=session, headers={"X-Branch": ""}).content == b"Main"
    assert ask(owner, session=session, headers={"X-Branch": "other"}).content == b"Main"
    assert ask(owner, session=session, cookies={"branch": "other"}).content == b"Draft"


def test_nobody_else_may_know_of_it(branch: Branch, ask: Ask) -> None:
    eve = get_user_model().objects.create(email="eve@example.org")
    for user in (AnonymousUser(), eve):
        for name in ("draft", "nothing"):
            response = ask(user, headers={"X-Branch": name})
            assert (response.status_code, response.content) == NOT_FOR_YOU


def test_what_is_not_allowed_any_more_is_forgotten(branch: Branch, ask: Ask) -> None:
    session = Session(versioning_branch="draft")
    response = ask(AnonymousUser(), session=session, cookies={"branch": "draft"})
    assert (response.status_code, response.content) == NOT_FOR_YOU
    assert session == {}
    assert response.cookies["branch"]["max-age"] == 0


def write(request: Any) -> HttpResponse:
    Area.objects.update(name="Written")
    return names(request)


def test_permissions_to_read_and_to_write(branch: Branch, ask: Ask, settings: Any) -> None:
    settings.VERSIONING_ACCESS = None  # whatever the project says
    eve = get_user_model().objects.create(email="eve@example.org")

    def ask_eve(view: Any) -> Any:
        fresh = get_user_model().objects.get(pk=eve.pk)  # permissions are kept on the instance
        return ask(fresh, view, headers={"X-Branch": "draft"})

    eve.user_permissions.add(Permission.objects.get(codename="view_branch"))
    assert ask_eve(names).content == b"Draft"
    with pytest.raises(ReadOnly) as caught, transaction.atomic():
        ask_eve(write)
    refused: Any = BranchMiddleware(names).process_exception(
        RequestFactory().get("/"), caught.value
    )
    assert refused.status_code == 403
    eve.user_permissions.add(Permission.objects.get(codename="change_branch"))
    assert ask_eve(write).content == b"Written"
    assert Area.objects.get().name == "Main"


def everybody_reads(request: Any, branch: Branch) -> str:
    return "read"


def test_a_function_of_the_project_decides(branch: Branch, ask: Ask, settings: Any) -> None:
    settings.VERSIONING_ACCESS = f"{__name__}.everybody_reads"
    assert ask(AnonymousUser(), headers={"X-Branch": "draft"}).content == b"Draft"
    with pytest.raises(ReadOnly), transaction.atomic():
        ask(AnonymousUser(), write, headers={"X-Branch": "draft"})


def test_a_session_selects(branch: Branch, owner: Any, ask: Ask) -> None:
    request: Any = RequestFactory().get("/")
    request.session = Session()
    select_branch(request, branch)
    assert ask(owner, session=request.session).content == b"Draft"
    select_branch(request, None)
    assert ask(owner, session=request.session).content == b"Main"


def test_a_body_that_is_made_while_it_is_sent(branch: Branch, owner: Any, ask: Ask) -> None:
    def parts() -> Iterator[str]:
        for _ in range(2):
            yield Area.objects.get().name

    response = ask(owner, lambda _: StreamingHttpResponse(parts()), headers={"X-Branch": "draft"})
    got = iter(response.streaming_content)
    assert next(got) == b"Draft"
    assert Area.objects.get().name == "Main"  # whoever sends it is elsewhere
    assert list(got) == [b"Draft"]


def test_a_body_that_is_made_on_an_event_loop(branch: Branch, owner: Any, ask: Ask) -> None:
    async def parts() -> AsyncIterator[str]:
        yield json.dumps(dump())

    response = ask(owner, lambda _: StreamingHttpResponse(parts()), headers={"X-Branch": "draft"})

    async def read() -> list[bytes]:
        return [part async for part in response.streaming_content]

    assert json.loads(asyncio.run(read())[0])["branch"] == branch.pk


def test_what_is_active_goes_elsewhere_as_json(branch: Branch) -> None:
    def elsewhere(carried: Any) -> Any:
        with restored(json.loads(json.dumps(carried))):
            return active.get()

    assert elsewhere(dump()) is None
    pinned = create_branch("pinned", base=branch, pinned=True)
    for one in (branch, pinned):
        with branch_context(one):
            assert elsewhere(dump()) == one.view()
            with as_of(1):
                assert elsewhere(dump()) == active.get() != one.view()
                assert elsewhere(None) is None
    with branch_context(branch):
        carried = dump()
    branch_pk, _ = branch.pk, pinned.delete()
    branch.delete()
    with pytest.raises(Branch.DoesNotExist):
        elsewhere(carried)
    assert carried["branch"] == branch_pk


def test_a_cache_keeps_branches_apart(branch: Branch) -> None:
    function = "longhouse.versioning.carrying.cache_key"
    cache = LocMemCache("versioning", {"KEY_FUNCTION": function, "KEY_PREFIX": "p"})
    plain = LocMemCache("versioning", {"KEY_PREFIX": "p"})
    cache.clear()
    cache.set("k", "main")
    assert plain.get("k") == "main"
    with branch_context(branch):
        assert cache.get("k") is None
        cache.set("k", "draft")
        with as_of(1):
            assert cache.get("k") is None
            cache.set("k", "then")
        with branch_context(create_branch("other")):
            assert cache.get("k") is None
        assert cache.get("k") == "draft"
    assert cache.get("k") == "main"
