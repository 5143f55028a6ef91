"""For tests: a prepared query must give what its plain queryset gives."""

from typing import Any

import msgspec
from django.db.models import Model

from longhouse.prepared.query import PreparedQuery


def assert_same_rows(query: PreparedQuery[Any, Any], /, **values: Any) -> list[Any]:
    """Run `query` prepared and plainly, whole, sliced and counted; returns the rows.

    Fails as well when the arguments do not run prepared: pass `may_be_plain=True` where they need
    not. Meant for generated arguments: a builder that branches on one shows up here.
    """
    may_be_plain = values.pop("may_be_plain", False)
    reason = query.why_plain(**values)
    assert may_be_plain or not reason, f"not prepared: {reason}"  # noqa: S101
    plain = query.plain(**values)
    rows = query.all(**values)
    see = msgspec.json.encode if query.for_json else fingerprint
    assert see(rows) == see(plain.all())  # noqa: S101
    assert see(query.slice(1, 3, **values)) == see(plain[1:4])  # noqa: S101
    assert query.count(**values) == plain.count()  # noqa: S101
    return rows


def fingerprint(value: Any, depth: int = 4) -> Any:
    """All that a row holds: columns with types, annotations, what is related and prefetched."""
    if isinstance(value, Model):
        if not depth:
            return repr(value)
        state = {name: item for name, item in vars(value).items() if name != "_state"}
        state |= {f"->{name}": item for name, item in value._state.fields_cache.items()}
        return (type(value), value._state.db, value._state.adding, fingerprint(state, depth - 1))
    if isinstance(value, dict):
        return {name: fingerprint(item, depth) for name, item in value.items()}
    if hasattr(value, "_result_cache"):  # a prefetched queryset
        return fingerprint(value._result_cache, depth)
    if isinstance(value, list | tuple):
        return (type(value), [fingerprint(item, depth) for item in value])
    return (type(value), value)
