"""What a row that nobody edited would say of a matter: its values as they went out, read back."""

import uuid
from collections.abc import Iterable

from bihuan.ledger.history import folded, history
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.state import State, Value

from .cells import cell_of, text_of
from .names import Names
from .own import Own
from .reading import CellFault, read_cell


def went_out(matter: uuid.UUID, mechanism: Mechanism, own: Own, state: State, names: Names) -> dict[str, Value]:
    """Return field → value as a workbook said it of the matter, for the fields that the row tells.

    It is that of the version which the row went out with, or of `state` (as the matter stands) where it says none.
    """
    if own.version is not None and 0 < own.version < state.version:
        state = folded(history(matter)[: own.version])
    return read_back(mechanism, own.names, state, names)


def read_back(mechanism: Mechanism, fields: Iterable[str], state: State, names: Names) -> dict[str, Value]:
    """Return what the cells of `fields` say, once written and read."""
    said: dict[str, Value] = {}
    for key in fields:
        value = state.values.get(key)
        if value is not None and key in mechanism.fields:
            field = mechanism.fields[key]
            try:
                said[key] = read_cell(field, text_of(cell_of(field, value, names)), names, year=1990)
            except CellFault:
                said[key] = value
    return said
