"""Reading real ledgers: a file in, a `Reading` out. No database, no web; every rule is a pure function.

What cannot be understood, or could be two things, is never guessed: the value is None, the cell's text stands in the
problem's message, and the row waits for a person.
"""

from bihuan.intake.reading.layout import Layout
from bihuan.intake.reading.ledger import read_ledger
from bihuan.intake.reading.mapping import check_mapping, dump_mapping, load_mapping
from bihuan.intake.reading.model import FIELD_NAMES, FIELDS, Problem, Reading, RowReading, SheetReading
from bihuan.intake.reading.refusal import Limits, Refusal
from bihuan.intake.reading.units import Lookup, UnitIndex, UnitName

__all__ = [
    "FIELDS",
    "FIELD_NAMES",
    "Layout",
    "Limits",
    "Lookup",
    "Problem",
    "Reading",
    "Refusal",
    "RowReading",
    "SheetReading",
    "UnitIndex",
    "UnitName",
    "check_mapping",
    "dump_mapping",
    "load_mapping",
    "read_ledger",
]
