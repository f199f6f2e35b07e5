"""Gathering what the rules ask of the world outside a matter."""

from collections.abc import Iterable, Mapping
from datetime import date

from bihuan.directory.calendars import load_calendar
from bihuan.directory.models import Entry, Post
from bihuan.directory.organisation import Organisation, valid_on
from bihuan.mechanism.calendar import Calendar
from bihuan.mechanism.model import Field, FieldKind, Mechanism
from bihuan.mechanism.state import Facts, State, Value

from .roles import roles_on


def standing(
    post: Post, mechanism: Mechanism, state: State, organisation: Organisation, *, today: date, calendar: Calendar
) -> Facts:
    """Return what the rules ask of `post` on the matter before anything has been typed."""
    return Facts(
        today, calendar, roles=roles_on(post, mechanism, state, organisation), own_units=own_units(post, today)
    )


def own_units(post: Post, day: date) -> frozenset[str]:
    """Return the keys of the units in which the holder of `post` holds any post on `day`."""
    posts = post.account.posts.all()
    return frozenset(each.unit.key for each in posts if each.unit is not None and each.held_on(day))


def gather(
    fields: Mapping[str, Field],
    values: Mapping[str, Value],
    *,
    roles: frozenset[str],
    own: frozenset[str] = frozenset(),
    today: date,
    organisation: Organisation,
) -> Facts:
    """Return the facts for one decision; units and entries only among those that `values` name."""
    units = frozenset(_named(fields, values, FieldKind.UNIT)) & organisation.by_key.keys()
    return Facts(
        today=today,
        calendar=load_calendar(),
        roles=roles,
        own_units=own,
        units=frozenset(units),
        entries=_entries(fields, values, today),
    )


def _entries(fields: Mapping[str, Field], values: Mapping[str, Value], today: date) -> frozenset[tuple[str, str]]:
    asked = set(_named(fields, values, FieldKind.ENTRY))
    if not asked:
        return frozenset()
    registers = {field.register for field in fields.values() if field.kind is FieldKind.ENTRY}
    rows = Entry.objects.filter(valid_on(today), register__key__in=registers, key__in=asked)
    return frozenset(rows.values_list("register__key", "key"))


def _named(fields: Mapping[str, Field], values: Mapping[str, Value], kind: FieldKind) -> Iterable[str]:
    for key, value in values.items():
        if key in fields and fields[key].kind is kind and value is not None:
            yield from value if isinstance(value, list) else [str(value)]
