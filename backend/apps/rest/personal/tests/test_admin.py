"""Personal tokens in the admin."""

import pytest
from django.urls import reverse

from apps.rest.personal import services
from apps.rest.personal.models import PersonalToken
from apps.rest.personal.tests.calls import CALL

pytestmark = pytest.mark.django_db

LIST = reverse("admin:personal_tokens_personaltoken_changelist")


def test_a_token_is_shown_without_its_digest_and_revoked(client, person, superuser):
    token, _ = services.create(request=CALL, user=person, name="CI", scopes=["read"], days=1)
    client.force_login(superuser)
    one = client.get(reverse("admin:personal_tokens_personaltoken_change", args=[token.pk])).text
    page = client.get(LIST, {"q": "CI"}).text
    assert str(token.pk) in page
    assert token.digest not in page + one
    body = {"action": "revoke", "_selected_action": [str(token.pk)]}
    assert client.post(LIST, body).status_code == 302
    assert not PersonalToken.objects.exists()
