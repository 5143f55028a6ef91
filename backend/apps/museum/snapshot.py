"""The API paths whose answers the prerendered pages are made of."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.conf import settings

from apps.museum.models import Machine

PAGE_SIZE = settings.NINJA_PAGINATION_MAX_PER_PAGE_SIZE


def paths() -> Iterator[str]:
    pages = -(-Machine.objects.count() // PAGE_SIZE) or 1
    for page in range(1, pages + 1):
        yield f"/api/machines?{urlencode({'page': page, 'page_size': PAGE_SIZE})}"
    for slug, asset_number in Machine.objects.values_list("slug", "asset_number"):
        yield f"/api/machines?asset_number={asset_number}"
        yield f"/api/machines/{slug}"
        yield f"/api/machines/{slug}/history"
