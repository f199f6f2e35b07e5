"""What is summed over a matter's entries, counted by budget year, and held by one matter only."""

from ..expression.parse import RESERVED
from ..expression.types import INT
from ..model import Budget, End, Measure, Total, Unique
from ..names import BUILT_IN
from ..sentence import N_, Sentence
from .expressions import Env
from .table import Table


def read_totals(root: Table, env: Env) -> dict[str, Total]:
    """Return the totals, and add their names to those that expressions may use."""
    totals: dict[str, Total] = {}
    for key, table in root.tables("totals", "total"):
        measure = table.one_of("measure", Measure)
        if key in env.types or key in env.broken or key in RESERVED or key in BUILT_IN:
            table.notes.add(
                table.path,
                found=Sentence(N_("the name “%(name)s”"), {"name": key}),
                expected=Sentence(N_("a name that no field has and no expression keeps for itself")),
            )
        elif measure is not None and (measure is Measure.SUM) != table.has("field"):
            table.refuse(
                "field" if table.has("field") else "measure",
                found=Sentence(N_("a sum without a field, or a count with one")),
                expected=Sentence(N_('measure = "sum" with the field that is added up, or measure = "count" alone')),
            )
        elif measure is not None:
            env.types[key] = INT
            field = table.optional_identifier("field")
            totals[key] = Total(key, table.label(), table.identifier("record"), measure, field)
    env.broken |= {key for key, _ in root.tables("totals", "total")} - totals.keys() - env.types.keys()
    return totals


def read_budget(root: Table) -> Budget | None:
    table = root.table("budget", "budget")
    if table is None:
        return None
    return Budget(
        year=table.identifier("year"),
        source=table.identifier("source"),
        amount=table.identifier("amount"),
        record=table.optional_identifier("record"),
    )


def read_unique(root: Table) -> dict[str, Unique]:
    unique: dict[str, Unique] = {}
    for key, table in root.tables("unique", "unique"):
        fields, freed = table.identifiers("fields", at_least=1), table.words("freed", End)
        unique[key] = Unique(key, table.label(), fields, freed or (End.OTHER,))
    return unique
