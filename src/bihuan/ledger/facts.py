"""Gathering what the rules ask of the world outside a matter."""

from collections.abc import Iterable, Mapping
from datetime import date

from bihuan.directory.calendars import load_calendar
from bihuan.directory.models import Entry
from bihuan.directory.organisation import Organisation, valid_on
from bihuan.mechanism.model import Field, FieldKind
from bihuan.mechanism.state import Facts, Value


def gather(
    fields: Mapping[str, Field],
    values: Mapping[str, Value],
    *,
    roles: frozenset[str],
    today: date,
    organisation: Organisation,
) -> Facts:
    """Return the facts for one decision; units and entries only among those that `values` name."""
    units = frozenset(_named(fields, values, FieldKind.UNIT)) & organisation.by_key.keys()
    return Facts(
        today=today,
        calendar=load_calendar(),
        roles=roles,
        units=frozenset(units),
        entries=_entries(fields, values, today),
    )


def _entries(fields: Mapping[str, Field], values: Mapping[str, Value], today: date) -> frozenset[str]:
    asked = set(_named(fields, values, FieldKind.ENTRY))
    if not asked:
        return frozenset()
    registers = {field.register for field in fields.values() if field.kind is FieldKind.ENTRY}
    rows = Entry.objects.filter(valid_on(today), register__key__in=registers, key__in=asked)
    return frozenset(rows.values_list("key", flat=True))


def _named(fields: Mapping[str, Field], values: Mapping[str, Value], kind: FieldKind) -> Iterable[str]:
    for key, value in values.items():
        if key in fields and fields[key].kind is kind and value is not None:
            yield from value if isinstance(value, list) else [str(value)]
