from typing import Any

from django.conf import settings
from rest_framework import pagination


def page_schema(rows: Any, *, counted: bool) -> dict[str, Any]:
    """A page in OpenAPI 3.1; drf-spectacular's own says `nullable`, as 3.0 did."""
    link = {"type": ["string", "null"], "format": "uri", "example": None}
    fields: dict[str, Any] = {"count": {"type": "integer", "example": 1}} if counted else {}
    fields |= {"next": link, "previous": link, "results": rows}
    return {"type": "object", "required": list(fields), "properties": fields}


class PageNumberPagination(pagination.PageNumberPagination):
    """Numbered pages, as long as the settings say for every API."""

    page_size = settings.PAGE_SIZE
    max_page_size = settings.PAGE_SIZE_MAX
    page_size_query_param = "page_size"

    def get_paginated_response_schema(self, schema: Any) -> dict[str, Any]:
        return page_schema(schema, counted=True)


class NewestFirst(pagination.CursorPagination):
    """Pages behind a cursor, for lists that grow while they are read: no row comes twice.

    A subclass names in `ordering` what is new.
    """

    page_size = settings.PAGE_SIZE
    max_page_size = settings.PAGE_SIZE_MAX
    page_size_query_param = "page_size"
    ordering: tuple[str, ...] = ("-created_at", "-pk")

    def get_paginated_response_schema(self, schema: Any) -> dict[str, Any]:
        return page_schema(schema, counted=False)
