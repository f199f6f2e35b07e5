"""The entries of registers that a ledger may name on a day, as the reading of files asks for them."""

from datetime import date

from bihuan.directory.models import Entry
from bihuan.directory.organisation import valid_on
from bihuan.mechanism.model import FieldKind, Mechanism

from .reading.entries import EntryIndex


def entry_index(mechanism: Mechanism, day: date) -> EntryIndex:
    """Return those that hold on `day`, of the registers that fields of `mechanism` refer to."""
    fields = mechanism.fields.values()
    registers: dict[str, dict[str, str]] = {
        field.register: {} for field in fields if field.kind is FieldKind.ENTRY and field.register
    }
    held = Entry.objects.filter(valid_on(day), register__key__in=registers)
    for register, key, name in held.values_list("register__key", "key", "name"):
        registers[register][key] = name
    return EntryIndex(registers)
