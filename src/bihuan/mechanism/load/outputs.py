"""What comes out of the loop: ladders, letters, indicators, columns of lists; and what closing demands."""

from enum import StrEnum

from ..expression import Kind
from ..model import Basis, Closing, Index, Indicator, Label, Ladder, Letter, Rung
from ..sentence import N_, Sentence
from .expressions import Env
from .table import Table


class Measure(StrEnum):
    COUNT = "count"
    AMOUNT = "amount"
    RATE = "rate"


#: measure → (needs a field, needs a condition); None: may have one.
_NEEDS = {Measure.COUNT: (False, None), Measure.AMOUNT: (True, None), Measure.RATE: (False, True)}


def read_basis(root: Table) -> tuple[Basis, ...]:
    return tuple(
        Basis(
            title=row.label_at("title") or Label("", ""),
            source=row.text("source", longest=400),
            review_status=row.text("review_status", longest=40),
        )
        for row in root.rows("basis", "basis")
    )


def read_ladders(root: Table) -> dict[str, Ladder]:
    ladders: dict[str, Ladder] = {}
    for key, table in root.tables("ladders", "ladder"):
        rungs = tuple(
            Rung(
                at=row.whole("at", low=-3_660, high=3_660),
                to=row.identifiers("to", at_least=1),
                letter=row.optional_identifier("letter"),
            )
            for row in table.rows("rungs", "rung")
        )
        ladders[key] = Ladder(key, table.label(), tuple(sorted(rungs, key=lambda rung: rung.at)))
    return ladders


def read_letters(root: Table) -> dict[str, Letter]:
    return {
        key: Letter(key, table.label(), table.identifiers("fields", at_least=1))
        for key, table in root.tables("letters", "letter")
    }


def read_indicators(root: Table, env: Env) -> dict[str, Indicator]:
    indicators: dict[str, Indicator] = {}
    for key, table in root.tables("indicators", "indicator"):
        measure = table.one_of("measure", Measure)
        if measure is not None:
            _check_measure(table, measure)
        indicators[key] = Indicator(
            key=key,
            label=table.label(),
            measure=measure or "",
            when=env.expression(table, "when", wanted=Kind.BOOL),
            field=table.optional_identifier("field"),
        )
    return indicators


def _check_measure(table: Table, measure: Measure) -> None:
    for key, needed in zip(("field", "when"), _NEEDS[measure], strict=True):
        if needed is not None and needed != table.has(key):
            wanted = N_("“%(key)s” with it") if needed else N_("no “%(key)s” with it")
            table.refuse(
                "measure",
                found=Sentence(N_("measure %(measure)s"), {"measure": measure.value}),
                expected=Sentence(wanted, {"key": key}),
            )


def read_closing(root: Table) -> Closing:
    table = root.table("closing", "closing")
    if table is None:
        return Closing()
    return Closing(table.identifiers("requires"), table.whole("evidence", low=0, high=50))


def read_index(root: Table) -> Index | None:
    table = root.table("index", "index")
    if table is None:
        return None
    return Index(
        title=table.identifier("title"),
        responsible=table.identifier("responsible"),
        body=table.optional_identifier("body"),
        number=table.optional_identifier("number"),
        project=table.optional_identifier("project"),
        category=table.optional_identifier("category"),
        klass=table.optional_identifier("class"),
        amount=table.optional_identifier("amount"),
        supervising=table.optional_identifier("supervising"),
    )
