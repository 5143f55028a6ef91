"""Reviews of visitors and people's lists: at once, to main, whatever is previewed."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from apps.users.models import User
from apps.wiki.models import List, ListEntry, Park, Review, Ride
from apps.wiki.services import visitors
from apps.wiki.tests.people import client_of, draft_of

State = Review.State


def test_a_review_waits_for_a_moderator(writer: User, moderator: User, ride: Ride) -> None:
    url = reverse("wiki:write-review", args=[ride.pk])
    client = client_of(writer)
    assert client.get(url).status_code == 200
    for bad in ({"stars": "6"}, {"stars": ""}, {"stars": "many"}):
        assert client.post(url, {"text": "Fine.", **bad}).status_code == 422
    assert client.post(url, {"stars": "4", "text": "Fine."}).status_code == 303
    assert client.post(url, {"stars": "5", "text": "Great."}).status_code == 303
    review = Review.objects.get()  # the second one took the place of the first
    assert (review.stars, review.text, review.state) == (5, "Great.", State.WAITING)
    queue = reverse("wiki:moderation")
    assert client.get(queue).status_code == 403
    mod = client_of(moderator)
    assert "Great." in mod.get(queue).content.decode()
    decide = reverse("wiki:moderate", args=[review.pk])
    mod.post(decide, {"show": "no", "why": ""})  # nobody is hidden without being told why
    review.refresh_from_db()
    assert review.state == State.WAITING
    mod.post(decide, {"show": "no", "why": "An advertisement."})
    review.refresh_from_db()
    assert (review.state, review.moderated_by) == (State.HIDDEN, moderator)
    assert "An advertisement." in client.get(url).content.decode()
    assert "None is waiting" in mod.get(queue).content.decode()


def test_editors_reviews_are_shown_at_once(editor: User, other: User, ride: Ride) -> None:
    review = visitors.write_review(ride, by=editor, stars=3, text="")
    assert review.state == State.SHOWN
    with pytest.raises(PermissionDenied):
        visitors.delete_review(review, by=other)
    with pytest.raises(PermissionDenied):
        visitors.moderate(review, by=editor, show=True)
    visitors.delete_review(review, by=editor)
    assert not Review.objects.exists()


def test_what_people_say_is_no_part_of_a_draft(writer: User, park: Park, ride: Ride) -> None:
    client = client_of(writer)
    draft = draft_of(writer, park, city="Elmham")
    client.post(reverse("wiki:preview", args=[draft.name]))
    client.post(reverse("wiki:write-review", args=[ride.pk]), {"stars": "4"})
    assert Review.objects.get().stars == 4


def test_lists(writer: User, other: User, park: Park, ride: Ride, monkeypatch: Any) -> None:
    client, stranger = client_of(writer), client_of(other)
    add = reverse("wiki:list-ride", args=[ride.pk])
    assert "no list yet" in client.get(add).content.decode()
    new = reverse("wiki:new-list")
    assert client.post(new, {"name": ""}).status_code == 422
    address = client.post(new, {"name": "To ride", "text": "", "is_public": "on"})["Location"]
    mine = List.objects.get()
    assert (mine.owner, mine.is_public) == (writer, True)
    for url in (add, add, reverse("wiki:list-park", args=[park.pk])):
        assert client.post(url, {"list": mine.pk}).status_code == 303
    assert ListEntry.objects.count() == 2
    page = client.get(address).content.decode()
    assert "Loop" in page
    assert "Oak Park" in page
    for bad in (stranger.post(add, {"list": mine.pk}), client.post(add, {"list": "nonsense"})):
        assert bad.status_code == 404
    entry = ListEntry.objects.first()
    assert entry is not None
    take_out = reverse("wiki:remove-from-list", args=[entry.pk])
    assert stranger.post(take_out).status_code == 403
    assert stranger.get(address).status_code == 404
    assert stranger.post(reverse("wiki:delete-list", args=[mine.pk])).status_code == 403
    client.post(take_out)
    assert ListEntry.objects.count() == 1
    monkeypatch.setattr(visitors, "ENTRIES", 1)
    with pytest.raises(ValidationError, match="at most 1"):
        visitors.add_to_list(
            mine, by=writer, **{"ride" if entry.ride else "park": entry.ride or park}
        )
    monkeypatch.setattr(visitors, "LISTS", 1)
    assert client.post(new, {"name": "Another"}).status_code == 422
    assert "To ride" in client.get(reverse("wiki:my-lists")).content.decode()
    client.post(reverse("wiki:delete-list", args=[mine.pk]))
    assert not List.objects.exists()
