"""In what a column of amounts counts, where its cells do not say."""

from bihuan.intake.reading.amounts import counts_other_things, find_unit_phrases, name_units
from bihuan.intake.reading.grid import Grid
from bihuan.intake.reading.header import Column, Header

_UNIT_LINES = 12


def find_unit(grid: Grid, header: Header, column: Column) -> int | None:
    """Return the unit of bare numbers: the one that the column's header names, else the title rows'.

    None where nothing names one, where two are named, and where the header counts other things too (万元/亩).
    """
    if any(map(counts_other_things, column.path)):
        return None
    for texts in (column.path[-1:], column.path[:-1], _unit_lines(grid, header)):
        named = frozenset[int]().union(*map(name_units, texts))
        if named:
            return next(iter(named)) if len(named) == 1 else None
    return None


def _unit_lines(grid: Grid, header: Header) -> list[str]:
    """Return the texts above the header that say a unit: 单位：万元, 金额单位：元."""
    first = header.rows[0]
    texts = [text for row in grid.rows[max(0, first - _UNIT_LINES) : first] for text in row if text]
    return [found for text in texts for found in find_unit_phrases(text)]
