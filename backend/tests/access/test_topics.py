"""Who may follow what live: every kind of topic, asked as everybody who could come."""

import pytest
from django.contrib.auth.models import AnonymousUser

from apps.users.tests.factories import UserFactory
from longhouse.realtime import topics
from longhouse.realtime.people import person
from tests.access.cases import EVERYBODY, client_of
from tests.access.test_access import _modules

pytestmark = pytest.mark.django_db

TOPICS: list[tuple[str, tuple[str, ...]]] = [
    topic for module in _modules() for topic in getattr(module, "TOPICS", {}).items()
]


def test_every_kind_of_topic_says_who_may_follow_it():
    known = {topic.partition(":")[0] for topic, _ in TOPICS}
    message = "Say in TOPICS of the app's tests/access.py who may follow these."
    assert known | {"user"} == set(topics.kinds()), message


@pytest.mark.parametrize("actor", EVERYBODY)
@pytest.mark.parametrize(("topic", "allowed"), TOPICS, ids=[topic for topic, _ in TOPICS])
def test_who_may_follow_and_who_may_not(topic: str, allowed: tuple[str, ...], actor: str):
    session = client_of(actor, UserFactory.create()).session
    assert topics.allows(person(session.session_key or ""), topic) == (actor in allowed)


def test_a_topic_of_ones_own():
    one, other = UserFactory.create(), UserFactory.create()
    assert topics.allows(one, f"user:{one.pk}")
    for stranger in (other, AnonymousUser()):
        assert not topics.allows(stranger, f"user:{one.pk}")
        assert not topics.allows(stranger, "user:")
        assert not topics.allows(stranger, "user:None")
