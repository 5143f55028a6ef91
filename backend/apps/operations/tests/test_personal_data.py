import pytest

from apps.operations.personal_data import runs_of
from apps.operations.tests import flows
from apps.users.personal_data import holdings
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_a_person_takes_their_operations_along(person):
    run = flows.double_all.start(["a"], user=person)
    flows.double_all.start(["b"], user=UserFactory.create())
    (told,) = runs_of(person)
    assert (told["id"], told["args"]) == (run.pk, [["a"]])
    assert "operations" in [holding.name for holding in holdings()]
