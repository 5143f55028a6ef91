"""What the wiki tells people of themselves, and what stays of them."""

import pytest

from apps.accounts import personal_data
from apps.wiki.models import List, Review
from apps.wiki.services import visitors
from apps.wiki.services.drafts import start
from longhouse.versioning.companions import tables
from longhouse.versioning.integrity import verify
from longhouse.versioning.models import Branch

pytestmark = pytest.mark.django_db


@pytest.fixture
def wrote(ride, writer):
    """In a wiki that is protected."""
    visitors.write_review(ride, by=writer, stars=4, text="First.")
    visitors.write_review(ride, by=writer, stars=5, text="Again.")
    mine = visitors.save_list(None, by=writer, name="Secret", text="", is_public=False)
    visitors.add_to_list(mine, by=writer, ride=ride)
    gone = visitors.save_list(None, by=writer, name="Thrown away", text="", is_public=False)
    visitors.delete_list(gone, by=writer)
    start(by=writer, title="A change")
    return writer


def test_the_export_holds_what_the_person_wrote(wrote, other):
    wiki = personal_data.export(user=wrote)["wiki"]
    assert [row["text"] for row in wiki["reviews"]] == ["Again."]
    assert [(one["name"], one["entries"]) for one in wiki["lists"]] == [("Secret", ["Loop"])]
    assert [row["title"] for row in wiki["proposals"]] == ["A change"]
    empty = personal_data.export(user=other)["wiki"]
    assert not any(empty.values())


def test_what_the_person_wrote_goes_out_of_the_history_too(wrote):
    personal_data.delete_account(user=wrote)
    assert not Review.objects.exists()
    assert not List.objects.exists()
    for model, name in ((Review, "text"), (List, "name")):
        versions = tables[model._meta.db_table].companion._base_manager
        assert set(versions.values_list(name, flat=True)) == {""}
    assert Branch.objects.get().owner is None
    assert verify().problems == []
