"""Numbered pages: every list of the API is paginated."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from ninja import Field
from pydantic import ConfigDict

from apps.api.schemas import PlainText


class PageQuery(PlainText):
    # So that the lane checks the same query once.
    model_config = ConfigDict(frozen=True)

    page: int = Field(1, ge=1, le=10_000)
    page_size: int = Field(
        settings.NINJA_PAGINATION_PER_PAGE, ge=1, le=settings.NINJA_PAGINATION_MAX_PER_PAGE_SIZE
    )


def paginate(rows: Any, query: PageQuery) -> dict[str, Any]:
    """One page of a queryset, or of anything with a length and slices, for the `Page` schema.

    A page past the end is empty, not an error.
    """
    paginator = Paginator(rows, query.page_size)
    inside = query.page <= paginator.num_pages
    return {
        "items": list(paginator.page(query.page).object_list) if inside else [],
        "total": paginator.count,
        "page": query.page,
        "pages": paginator.num_pages,
        "page_size": query.page_size,
    }
