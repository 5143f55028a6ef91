"""Errors as RFC 9457 problem+json, for answers that no API framework gives."""

import json
from http import HTTPStatus

CONTENT_TYPE = "application/problem+json"


def problem(status: int, detail: str, *, slug: str = "", request_id: str = "") -> bytes:
    """The JSON document; `slug` defaults to the status phrase ("not-found")."""
    title = HTTPStatus(status).phrase
    return json.dumps(
        {
            "type": f"/problems/{slug or title.lower().replace(' ', '-')}",
            "title": title,
            "status": status,
            "detail": detail,
            "errors": [],
            "request_id": request_id,
        }
    ).encode()
