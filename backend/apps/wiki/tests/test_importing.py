"""CSV files as one batch: looked at, refused by line and field, or brought into a draft."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.users.models import User
from apps.wiki import trust
from apps.wiki.models import Company, Park, Ride
from apps.wiki.services.imports import import_csv
from apps.wiki.tests.people import client_of
from longhouse.versioning.branches import branch_context
from longhouse.versioning.models import Branch, Commit

RIDES = """park,name,height_m,manufacturer,opened
oak-park,Loop,35.5,steel-works,1999
oak-park,Great Spin,,,2001-05
"""


def test_a_file_becomes_one_commit_in_a_draft(writer: User, park: Park) -> None:
    url = reverse("wiki:import")
    client = client_of(writer)
    file = SimpleUploadedFile("rides.csv", RIDES.encode("utf-8-sig"))
    looked = client.post(url, {"kind": "ride", "file": file})
    page = looked.content.decode()
    assert "1 new, 1 changed, 0 as they are" in page
    assert not Branch.objects.exists()
    sent = {"kind": "ride", "text": looked.context["text"], "confirmed": "yes"}
    done = client.post(url, sent)
    draft = Branch.objects.get()
    assert done["Location"] == reverse("wiki:proposal", args=[draft.name])
    assert Commit.objects.filter(branch=draft).count() == 1
    with branch_context(draft):
        loop = Ride.objects.get(slug="loop")
        spin = Ride.objects.get(slug="great-spin")
    assert (str(loop.height_m), str(loop.opened)) == ("35.50", "1999")
    assert (spin.park, spin.height_m) == (park, None)
    assert Ride.objects.count() == 1
    with branch_context(draft):
        again = import_csv(RIDES, kind="ride", by=writer, dry_run=True)
    assert (again.created, again.updated) == (1, 1)  # a new draft begins from the wiki


def test_what_is_wrong_is_named_and_nothing_is_written(writer: User, park: Park) -> None:
    text = (
        "park,name,slug,height_m,inversions,status,manufacturer\n"
        "oak-park,Loop,loop,high,2,,\n"
        "nowhere,Spin,spin,10,-1,open,steel-works\n"
        "oak-park,,empty,,,,nobody\n"
        '"oak-park","Two\nlines",loop-2,,,,\n'
        "oak-park,Loop,loop-2,,,,\n"
    )
    report = import_csv(text, kind="ride", by=writer, dry_run=False)
    assert report.draft is None
    assert not Branch.objects.exists()
    wrong = {(one.line, one.field) for one in report.errors}
    assert {(2, "height_m"), (3, "park"), (3, "inversions"), (3, "status"), (4, "name"),
            (4, "manufacturer"), (7, "slug")} <= wrong  # fmt: skip
    assert all(one.message for one in report.errors)
    page = client_of(writer).post(
        reverse("wiki:import"), {"kind": "ride", "text": text, "confirmed": "yes"}
    )
    assert page.status_code == 422
    assert "height_m" in page.content.decode()


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("ride", "name\nLoop\n", "Needed: name, park"),
        ("company", "name,nonsense\nA,b\n", "Unknown: nonsense"),
        ("company", "name,name\nA,b\n", "each once"),
        ("company", "name\n", "no rows"),
        ("company", "name,slug\nA\n", "number of columns"),
        ("company", "name,slug\nA,b,c\n", "number of columns"),
        ("company", 'name\n"A\n', "Line"),
        ("company", "", "paste"),
        ("nonsense", "name\nA\n", "Select a valid choice"),
    ],
)
def test_what_is_no_such_file(writer: User, park: Park, kind: str, text: str, said: str) -> None:
    answer = client_of(writer).post(reverse("wiki:import"), {"kind": kind, "text": text})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Branch.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"), [(b"name\n\xff\xfe\n", "UTF-8"), (b"name\nA\0\n", "no text")]
)
def test_files_that_are_no_text(writer: User, park: Park, content: bytes, said: str) -> None:
    file = SimpleUploadedFile("a.csv", content)
    answer = client_of(writer).post(reverse("wiki:import"), {"kind": "company", "file": file})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_rows_are_limited_and_cost_the_same(writer: User, park: Park) -> None:
    def companies(number: int) -> str:
        return "name,is_operator\n" + "".join(f"Works {n},yes\n" for n in range(number))

    def queries(number: int) -> int:
        with CaptureQueriesContext(connection) as found:
            import_csv(companies(number), kind="company", by=writer, dry_run=True)
        return len(found)

    queries(1)  # what the writer may is known then
    assert queries(2) == queries(trust.NEWCOMER.import_rows)
    answer: Any = client_of(writer).post(
        reverse("wiki:import"),
        {"kind": "company", "text": companies(trust.NEWCOMER.import_rows + 1)},
    )
    assert answer.status_code == 422
    assert "at most" in answer.content.decode()
    assert Company.objects.count() == 1
