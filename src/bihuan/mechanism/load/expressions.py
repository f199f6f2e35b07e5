"""Expressions of the file, checked against everything that the file declares."""

from graphlib import CycleError, TopologicalSorter

from ..expression import Expression, ExpressionError, Kind, Type, compile_expression
from ..expression.parse import parse
from ..expression.tree import names
from ..model import Computed
from ..sentence import N_, Listed, Sentence
from .table import Table

LONGEST = 2_000


class Env:
    """The names that expressions may use. A name whose declaration is faulty is `broken`: it was reported
    where it is declared, and is not reported again wherever it is used."""

    def __init__(self, types: dict[str, Type], broken: set[str]) -> None:
        self.types = types
        self.broken = broken

    def expression(self, table: Table, key: str, *, wanted: Kind | None = None) -> Expression | None:
        """Return the expression under `key`, of type `wanted`; None if there is none or it is not right."""
        text = table.text(key, longest=LONGEST)
        if not text:
            return None
        try:
            if names(parse(text)) & self.broken:
                return None
            expression = compile_expression(text, self.types)
        except ExpressionError as error:
            at = Sentence(N_("%(what)s at column %(column)s"), {"what": error.found, "column": error.column})
            table.refuse(key, found=at, expected=error.expected)
            return None
        if wanted is not None and expression.type.kind is not wanted:
            table.refuse(key, found=expression.type.sentence, expected=Type(wanted).sentence)
            return None
        return expression


def read_computed(root: Table, env: Env) -> dict[str, Computed]:
    """Return the computed values, each after those that it uses, and add their types to `env`."""
    tables = dict(root.tables("computed", "computed"))
    computed: dict[str, Computed] = {}
    for key in _in_order(root, tables, env):
        table = tables[key]
        value = _value(key, table, env)
        if value is None:
            env.broken.add(key)
        else:
            env.types[key] = value.type
            computed[key] = Computed(key, table.label(), value)
    return computed


def _value(key: str, table: Table, env: Env) -> Expression | None:
    if key in env.types or key in env.broken:
        table.notes.add(
            table.path,
            found=Sentence(N_("the name “%(name)s”"), {"name": key}),
            expected=Sentence(N_("a name that no field has and no expression keeps for itself")),
        )
        return None
    return env.expression(table, "value")


def _in_order(root: Table, tables: dict[str, Table], env: Env) -> list[str]:
    uses = {key: _uses(table) & tables.keys() for key, table in tables.items()}
    try:
        return list(TopologicalSorter(uses).static_order())
    except CycleError as error:
        cycle = [*reversed(error.args[1])]
        env.broken |= tables.keys()
        root.notes.add(
            ("computed", cycle[0]),
            found=Sentence(N_("values that need each other: %(cycle)s"), {"cycle": Listed.of(cycle)}),
            expected=Sentence(N_("values that can be computed one after the other")),
        )
        return []


def _uses(table: Table) -> frozenset[str]:
    try:
        return names(parse(table.text("value", longest=LONGEST)))
    except ExpressionError:
        return frozenset()
