"""Checking that given values have the shape that their fields declare."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from .model import Field, FieldKind
from .refusal import Refusal
from .sentence import N_, Listed, Sentence
from .state import Facts, Private, Value

#: The longest text of one line, and of several. An Excel cell holds 32,767 characters at most.
LINE, TEXT = 2_000, 40_000


def checked(fields: Mapping[str, Field], values: Mapping[str, Value], facts: Facts) -> dict[str, Value]:
    """Return `values` cleaned: empty texts and lists become None. Raises `Refusal` for the first bad one."""
    return {key: _checked(fields[key], value, facts) for key, value in values.items()}


def sealed(fields: Mapping[str, Field], values: Mapping[str, Value]) -> dict[str, Any]:
    """Wrap what must stay erasable. An empty value reveals nothing and stays plain."""
    return {
        key: Private(value) if value is not None and fields[key].erasable else value for key, value in values.items()
    }


def _checked(field: Field, value: Value, facts: Facts) -> Value:
    if value is None or value == "" or value == []:
        return None
    if not field.many:
        return _one(field, value, facts)
    if not isinstance(value, list):
        raise _bad(field, value, N_("a list"))
    return [str(_one(field, each, facts)) for each in value]


def _one(field: Field, value: Any, facts: Facts) -> str | int:
    match field.kind:
        case FieldKind.MONEY | FieldKind.NUMBER:
            if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 10**17:
                raise _bad(field, value, N_("a whole number"))
            return value
        case FieldKind.DATE:
            return _date(field, value)
        case FieldKind.CHOICE:
            if not isinstance(value, str) or value not in field.choice_keys:
                raise Refusal(
                    "bad_value",
                    N_("“%(name)s” cannot be “%(value)s”; it is one of: %(choices)s."),
                    field=field.key,
                    value=str(value)[:80],
                    choices=_choices(field),
                    name=field.label,
                )
            return str(value)
        case FieldKind.UNIT:
            return _known(field, value, facts.units, N_("“%(value)s” is not a unit that exists today."))
        case FieldKind.ENTRY:
            known = {entry for register, entry in facts.entries if register == field.register}
            return _known(field, value, known, N_("“%(value)s” is not an entry of the register."))
    return _text(field, value)


def check_year(field: Field, value: Value) -> None:
    """Raise `Refusal` unless the value of a budget year is one, or nothing."""
    if value is not None and not (isinstance(value, int) and 1990 <= value <= 2100):
        raise _bad(field, value, N_("a year between 1990 and 2100"))


def _date(field: Field, value: Any) -> str:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _bad(field, value, N_("a day such as 2026-06-30")) from None
    if not 1990 <= day.year <= 2100:
        raise _bad(field, value, N_("a day between 1990 and 2100"))
    return day.isoformat()


def _text(field: Field, value: Any) -> str:
    limit = TEXT if field.kind is FieldKind.LONG_TEXT else LINE
    if not isinstance(value, str) or "\x00" in value or not _is_unicode(value):
        raise _bad(field, repr(value), N_("a text"))
    if len(value) > limit:
        raise Refusal(
            "bad_value",
            N_("“%(name)s” has %(length)d characters; at most %(limit)d fit."),
            field=field.key,
            length=len(value),
            limit=limit,
            name=field.label,
        )
    return value


def check_reason(text: str) -> None:
    """Raise `Refusal` if a reason could not be kept as it was typed."""
    if len(text) > TEXT or "\x00" in text or not _is_unicode(text):
        raise Refusal(
            "bad_value",
            N_("The reason cannot be kept; write at most %(limit)d characters."),
            field="reason",
            limit=TEXT,
        )


def _is_unicode(value: str) -> bool:
    """Half of a surrogate pair, as broken files hold it, could be neither stored nor shown."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _known(field: Field, value: Any, known: Iterable[str], pattern: str) -> str:
    if not isinstance(value, str) or value not in known:
        raise Refusal("unknown_" + field.kind, pattern, field=field.key, value=str(value)[:80])
    return str(value)


def _choices(field: Field) -> Listed:
    return Listed.of(choice.label for choice in field.choices)


def _bad(field: Field, value: Any, wanted: str) -> Refusal:
    return Refusal(
        "bad_value",
        N_("“%(name)s” cannot be “%(value)s”; it must be %(wanted)s."),
        field=field.key,
        value=str(value)[:80],
        wanted=Sentence(wanted),
        name=field.label,
    )


def missing(field: Field) -> Refusal:
    """Return the refusal for a field that has no value."""
    return Refusal("missing_field", N_("“%(name)s” is missing; fill it in."), field=field.key, name=field.label)
