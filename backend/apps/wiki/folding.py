"""Search that minds neither case nor accents: "zurich" finds "Zürich", "slask" finds "Śląsk"."""

import unicodedata
from typing import Any

from django.db.models import CharField, Transform

# Letters that Unicode does not take apart.
_ONE = {"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ı": "i"}
_MORE = {"ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "þ": "th", "Þ": "th"}
_LETTERS = str.maketrans({**_ONE, **_MORE, **{chr(mark): "" for mark in range(0x300, 0x370)}})


def folded(text: str) -> str:
    """Small letters without accents. The databases fold in the same way."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKD", text).translate(_LETTERS).lower()


@CharField.register_lookup
class Folded(Transform):
    """`name__folded__contains=folded(text)`. Reads every row: there is no index for it."""

    lookup_name = "folded"
    function = "wiki_folded"
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # No extension: `unaccent` is not there for everybody.
        sql, parameters = compiler.compile(self.source_expressions[0])
        sql = rf"regexp_replace(normalize({sql}, NFKD), '[\u0300-\u036F]', '', 'g')"
        sql = f"translate({sql}, '{''.join(_ONE)}', '{''.join(_ONE.values())}')"
        for letter, plain in _MORE.items():
            sql = f"replace({sql}, '{letter}', '{plain}')"
        return f"lower({sql})", parameters


def add_to_sqlite(connection: Any, **_: Any) -> None:
    """A receiver of `connection_created`."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("wiki_folded", 1, _folded, deterministic=True)


def _folded(text: str | None) -> str | None:
    return None if text is None else folded(text)
