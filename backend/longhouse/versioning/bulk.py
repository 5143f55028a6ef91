"""A value for each key as one expression: what makes `bulk_update` cheaper than Django's.

Django writes `CASE WHEN id = 1 THEN … WHEN id = 2 THEN …` as several nodes for each row, and
resolves and compiles each by itself, which costs more than all that the database does. Here the
same is one node, and the database evaluates the key once for each row.
"""

from typing import Any

from django.db.models import Case, Expression, F, Field, Model, Q, Value
from django.db.models.expressions import SQLiteNumericMixin
from django.db.models.functions import Cast


def by_key(expression: Any) -> Any:
    """`expression`; where it is as Django's bulk_update makes it, of plain values, one node."""
    if type(expression) is Cast:
        (source,) = expression.get_source_expressions()
        if (shorter := by_key(source)) is not source:
            return Cast(shorter, output_field=expression.output_field)
    if type(expression) is Case and (values := _values(expression)):
        return ByKey(values, expression.output_field)
    return expression


def _values(case: Case) -> list[tuple[Any, Any]] | None:
    """Value by key, of every branch; None where one says something else."""
    field = vars(case).get("output_field")
    if field is None or hasattr(field, "get_placeholder") or case.default != Value(None):
        return None
    values = []
    for when in case.cases:
        condition, result = when.get_source_expressions()
        if not isinstance(condition, Q) or condition.negated or len(condition.children) != 1:
            return None
        child = condition.children[0]
        if not isinstance(child, tuple) or child[0] != "pk" or not _is_key(child[1]):
            return None
        if type(result) is not Value or vars(result).get("output_field") is not field:
            return None
        values.append((child[1], result.value))
    return values


def _is_key(value: Any) -> bool:
    """Whether it is one as it stands: no expression, no instance, not NULL."""
    return not (value is None or hasattr(value, "resolve_expression") or isinstance(value, Model))


class ByKey(SQLiteNumericMixin, Expression):
    """CASE key WHEN … THEN … END: NULL for other keys than those that are given."""

    def __init__(self, values: list[tuple[Any, Any]], output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field)
        self.key: Any = F("pk")
        self.values = values

    def get_source_expressions(self) -> list[Any]:
        return [self.key]

    def set_source_expressions(self, expressions: Any) -> None:
        (self.key,) = expressions

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        key, params = compiler.compile(self.key)
        prepared_key = self.key.target.get_db_prep_value
        prepared = self.output_field.get_db_prep_save
        parts, params = [f"CASE {key}"], list(params)
        for pk, value in self.values:
            saved = prepared(value, connection=connection)
            params.append(prepared_key(pk, connection))
            if saved is None:
                parts.append("WHEN %s THEN NULL")
            else:
                parts.append("WHEN %s THEN %s")
                params.append(saved)
        text = f"{' '.join(parts)} ELSE NULL END"
        return connection.ops.unification_cast_sql(self.output_field) % text, params
