"""Conditions for `is one of these` where these are many: more than a query may have parameters, or most rows."""

import uuid
from collections.abc import Sequence
from typing import Any

import orjson
from django.db.models import BooleanField, F, Func, Q
from django.db.models.expressions import Combinable
from django.db.models.lookups import Exact


class Scanned(Func):
    """An expression by whose index SQLite does not go: what many rows fulfil is better tested on the way."""

    def __init__(self, expression: Combinable) -> None:
        super().__init__(expression)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:
        sql, parameters = compiler.compile(self.source_expressions[0])
        return sql, tuple(parameters)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:
        sql, parameters = compiler.compile(self.source_expressions[0])
        return f"+{sql}", tuple(parameters)


class OneOf(Func):
    """Whether an expression equals one of `values` (all str, all int or all UUID), handed over as one parameter."""

    output_field = BooleanField()

    def __init__(self, expression: Combinable, values: Sequence[Any]) -> None:
        super().__init__(expression)
        self.values = list(values)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:
        sql, parameters = compiler.compile(self.source_expressions[0])
        values = [each.hex if isinstance(each, uuid.UUID) else each for each in self.values]
        return f"{sql} IN (SELECT value FROM json_each(%s))", (*parameters, orjson.dumps(values).decode())

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:
        sql, parameters = compiler.compile(self.source_expressions[0])
        cast = "::uuid[]" if self.values and isinstance(self.values[0], uuid.UUID) else ""
        return f"{sql} = ANY(%s{cast})", (*parameters, self.values)


class Marked(Func):
    """Whether the number that an expression gives is marked: `marks` holds 0 or 1 for each number from 0."""

    output_field = BooleanField()

    def __init__(self, expression: Combinable, marks: bytes) -> None:
        super().__init__(expression)
        self.marks = marks

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:
        sql, parameters = compiler.compile(self.source_expressions[0])
        return f"(SUBSTR(%s, {sql} + 1, 1) = x'01')", (self.marks, *parameters)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:
        sql, parameters = compiler.compile(self.source_expressions[0])
        # Beyond its end get_byte fails, and only CASE promises an order.
        inside = f"CASE WHEN {sql} < {len(self.marks)} THEN GET_BYTE(%s::bytea, {sql}::int) = 1 ELSE FALSE END"
        return inside, (*parameters, self.marks, *parameters)


def not_by_ended(chosen: Q) -> Q:
    """Return `chosen` so that SQLite does not go by whether matters are open, which hundreds of thousands are."""
    parts: list[Any] = []
    for part in chosen.children:
        if isinstance(part, Q):
            parts.append(not_by_ended(part))
        elif isinstance(part, tuple) and part[0] == "ended":
            parts.append(Exact(Scanned(F("ended")), part[1]))
        else:
            parts.append(part)
    return Q(*parts, _connector=chosen.connector, _negated=chosen.negated)
