"""What the contract tells the front end beside types."""

from django.conf import settings
from django.db.models import TextChoices
from django.urls import get_resolver

from apps.api.api import api
from apps.users.models import Theme


def test_every_choice_has_its_label_and_uploads_their_limit():
    assert get_resolver().url_patterns  # they add the operations
    contract = api.get_openapi_schema(path_prefix="")
    schemas = contract["components"]["schemas"]
    assert schemas["Theme"]["x-labels"] == dict(Theme.choices)
    choices = [kind for kind in TextChoices.__subclasses__() if kind.__name__ in schemas]
    assert [kind for kind in choices if "x-labels" not in schemas[kind.__name__]] == []
    assert contract["x-limits"] == {"imageBytes": settings.MAX_IMAGE_BYTES}
