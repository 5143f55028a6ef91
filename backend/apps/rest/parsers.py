from collections.abc import Mapping
from typing import IO, Any

import orjson
from rest_framework import parsers
from rest_framework.exceptions import ParseError


class JSONParser(parsers.JSONParser):
    """Strict JSON in UTF-8 (RFC 8259), of at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes.

    DRF's own reads past that limit, and lets through text that no database and no answer can hold.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        assert parser_context is not None  # noqa: S101 - DRF always gives one
        try:
            return orjson.loads(parser_context["request"].body)
        except orjson.JSONDecodeError as error:
            raise ParseError(f"The body is not JSON: {error}") from error
