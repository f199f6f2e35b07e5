"""Stages, terms and the deadline of the whole matter."""

from ..model import End, Extension, Span, Stage, Term, WholeDeadline
from ..sentence import N_, Sentence
from .table import Table

_SPANS = {Span.DAYS: 3_660, Span.WORKING_DAYS: 2_600, Span.MONTHS: 120}
_STAGE_MOMENTS = frozenset({"registered", "entered"})
_WHOLE_MOMENTS = frozenset({"registered"})


def read_stages(root: Table) -> dict[str, Stage]:
    return {key: _stage(key, table) for key, table in root.tables("stages", "stage")}


def _stage(key: str, table: Table) -> Stage:
    if table.has("term") and table.has("review"):
        table.refuse(
            "review",
            found=Sentence(N_("a term and a review")),
            expected=Sentence(N_("one of them: a review is for continuing work")),
        )
    return Stage(
        key=key,
        label=table.label(),
        owner=table.optional_identifier("owner"),
        term=_term_at(table, "term", _STAGE_MOMENTS),
        review=_term_at(table, "review", _STAGE_MOMENTS),
        ladder=table.optional_identifier("ladder"),
        end=table.one_of("end", End),
    )


def term_of_action(table: Table, key: str) -> Term | None:
    """Return the term under `key` that bounds when an action is possible."""
    return _term_at(table, key, _STAGE_MOMENTS)


def _term_at(table: Table, key: str, moments: frozenset[str]) -> Term | None:
    inner = table.table(key, "term")
    return None if inner is None else _term(inner, moments)


def _term(table: Table, moments: frozenset[str]) -> Term | None:
    anchors = table.anchors("from", known=moments)
    given = [span for span in Span if table.has(span.value)]
    if len(given) != 1:
        table.notes.add(
            table.path,
            found=Sentence(N_("%(count)s lengths"), {"count": len(given)}),
            expected=Sentence(N_("exactly one of days, working_days and months")),
        )
        return None
    length = table.optional_whole(given[0].value, low=0, high=_SPANS[given[0]])
    return None if length is None or not anchors else Term(anchors, length, given[0])


def read_deadline(root: Table) -> WholeDeadline | None:
    table = root.table("deadline", "deadline")
    if table is None:
        return None
    terms: dict[str, Term] = {}
    reviews: set[str] = set()
    for key, inner in table.tables("terms", "class term"):
        term = _term(inner, _WHOLE_MOMENTS)
        if term is not None:
            terms[key] = term
        if inner.flag("review"):
            reviews.add(key)
    if table.has("terms") != table.has("by_class"):
        table.refuse(
            "terms" if table.has("terms") else "by_class",
            found=Sentence(N_("one of by_class and terms")),
            expected=Sentence(N_("both, or neither")),
        )
    return WholeDeadline(
        field=table.identifier("field"),
        ladder=table.identifier("ladder"),
        term=_term_at(table, "term", _WHOLE_MOMENTS),
        by_class=table.optional_identifier("by_class"),
        terms=terms,
        reviews=frozenset(reviews),
    )


def read_extension(root: Table) -> Extension | None:
    table = root.table("extension", "extension")
    if table is None:
        return None
    return Extension(
        field=table.identifier("field"),
        limit=table.whole("limit", low=1, high=20),
        max_days=table.whole("max_days", low=1, high=3_660),
    )
