"""What the dashboard says of costs."""

from datetime import timedelta

import pytest

from apps.wiki import metrics
from apps.wiki.models import MergeTime, Park
from apps.wiki.services import proposals
from apps.wiki.templatetags.wiki import duration
from apps.wiki.tests.people import merged, proposed
from longhouse.versioning.conflicts import MergeConflict
from longhouse.versioning.models import Branch

pytestmark = pytest.mark.django_db


def costs() -> metrics.Costs:
    return metrics.costs(metrics.numbers())


def test_of_a_wiki_without_merges_no_times_are_told(client, park):
    found = costs()
    assert (found.merge_ms, found.longest_merge_ms, found.until_merged) == (None, None, None)
    assert found.disputed is None
    assert client.get("/wiki/dashboard/").status_code == 200


def test_times_are_of_merges(client, park, writer, editor):
    for city, took in (("Elmham", 10), ("Ashby", 30), ("Yewton", 500)):
        commit = merged(writer, park, editor, city=city)
        assert MergeTime.objects.filter(commit=commit).update(milliseconds=took) == 1
    Branch.objects.update(created_at=commit.created_at - timedelta(days=3, hours=1))
    found = costs()
    assert (found.merge_ms, found.longest_merge_ms) == (30, 500)
    assert duration(found.until_merged) == "3 days"
    page = client.get("/wiki/dashboard/").content.decode()
    assert "30 ms" in page
    assert "3 days" in page


def test_proposals_with_conflicts_are_counted_once(park, writer, other, editor):
    mine, theirs = proposed(writer, park, city="Elmham"), proposed(other, park, city="Ashby")
    for branch in (mine, theirs):
        proposals.review(branch, by=editor, verdict="approve")
    proposals.merge(theirs, by=editor)
    with pytest.raises(MergeConflict):
        proposals.merge(mine, by=editor)
    assert costs().disputed == 50


def test_storage_grows_with_what_is_kept(park, writer, editor):
    numbers = metrics.numbers()
    merged(writer, park, editor, city="Elmham")
    after = metrics.numbers()
    assert after.versions > numbers.versions
    assert Park.objects.get().city == "Elmham"
    size = costs().bytes_per_change
    assert size is None or size > 0


def test_the_number_of_queries_does_not_grow(park, writer, editor, django_assert_num_queries):
    for city in ("Elmham", "Ashby"):
        merged(writer, park, editor, city=city)
    numbers = metrics.numbers()
    with django_assert_num_queries(7):  # two of them a savepoint
        metrics.costs(numbers)
