from django.conf import settings
from rest_framework import pagination


class PageNumberPagination(pagination.PageNumberPagination):
    """Numbered pages, as long as the settings say for every API."""

    page_size = settings.PAGE_SIZE
    max_page_size = settings.PAGE_SIZE_MAX
    page_size_query_param = "page_size"


class NewestFirst(pagination.CursorPagination):
    """Pages behind a cursor, for lists that grow while they are read: no row comes twice.

    A subclass names in `ordering` what is new.
    """

    page_size = settings.PAGE_SIZE
    max_page_size = settings.PAGE_SIZE_MAX
    page_size_query_param = "page_size"
    ordering: tuple[str, ...] = ("-created_at", "-pk")
