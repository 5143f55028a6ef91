"""What is kept is JSON, and small."""

import json
import re
from typing import Any, Final

from django_tasks.utils import normalize_json

#: an escaped NUL, which PostgreSQL cannot store; not the text of one after an escaped backslash
NUL: Final = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def as_json(value: Any, what: str, *, limit: int, advice: str) -> tuple[Any, str]:
    """The value as it will be read back, and its JSON text of at most `limit` bytes.

    Raises ValueError, which names `what` it is and, of one that is too large, says the `advice`.
    """
    try:
        value = normalize_json(value)
        text = json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{what}: no JSON: {error}") from error
    if NUL.search(text):
        raise ValueError(f"{what}: it holds a NUL character.")
    if len(text) > limit:
        raise ValueError(f"{what}: {len(text)} bytes, more than {limit}: {advice}.")
    return value, text
