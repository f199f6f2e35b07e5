"""From the words after `--set` to the values that a command carries, by the kind of each field."""

from collections.abc import Iterable, Mapping

from bihuan.directory.organisation import Organisation
from bihuan.ledger.packs import current
from bihuan.mechanism.model import Action, Field, FieldKind, Mechanism
from bihuan.mechanism.state import Value
from bihuan.web.money import MoneyProblem, read_money

from .failure import Failure
from .words import _, say


def fields_of(mechanism: Mechanism, action: Action | None) -> Mapping[str, Field]:
    """Return the fields that may come with `action`: its own, its record's, or those of the child it opens."""
    if action is None:
        return mechanism.fields
    if action.opens in current():
        return current()[str(action.opens)].fields
    record = mechanism.records[action.record].fields if action.record else ()
    return {**mechanism.fields, **{field.key: field for field in record}}


def read_values(given: Iterable[str], fields: Mapping[str, Field], organisation: Organisation) -> dict[str, Value]:
    """Return field → value. An empty value empties the field. Raises `Failure` for what is not understood.

    A field that nobody knows goes through as text: the rules name those that may be given.
    """
    values: dict[str, Value] = {}
    for word in given:
        key, mark, text = word.partition("=")
        if not mark:
            raise Failure(_("--set takes FIELD=VALUE; “%(word)s” has no “=”.") % {"word": word[:80]})
        key = _key(key.strip(), fields)
        field = fields.get(key)
        if field is None:
            values[key] = text
        elif field.many:
            before = values.get(key)
            values[key] = [
                *(before if isinstance(before, list) else []),
                *(str(_one(field, each, organisation)) for each in _parts(text)),
            ]
        else:
            values[key] = _one(field, text, organisation) if text.strip() else None
    return values


def _key(text: str, fields: Mapping[str, Field]) -> str:
    if text in fields:
        return text
    return next((field.key for field in fields.values() if text in (field.label.zh, field.label.en)), text)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split("、") if part.strip()]


def _one(field: Field, text: str, organisation: Organisation) -> str | int:
    match field.kind:
        case FieldKind.MONEY:
            try:
                return read_money(text, "yuan")
            except MoneyProblem as problem:
                told = {"field": field.key, "label": say(field.label), "why": say(problem.sentence)}
                raise Failure(_("--set %(field)s (%(label)s): %(why)s") % told) from None
        case FieldKind.NUMBER:
            try:
                return int(text.strip().replace(",", ""))
            except ValueError:
                raise _bad(field, text, _("a whole number")) from None
        case FieldKind.UNIT:
            if (unit := organisation.find(text.strip())) is None:
                raise _bad(field, text, _("a unit's key or full name (`bihuan units list`)"))
            return unit.key
        case FieldKind.CHOICE:
            words = {word: each.key for each in field.choices for word in (each.label.zh, each.label.en, each.key)}
            return words.get(text.strip(), text)
        case FieldKind.DATE:
            return text.strip()
    return text


def _bad(field: Field, text: str, wanted: str) -> Failure:
    told = {"field": field.key, "label": say(field.label), "text": text[:80], "wanted": wanted}
    return Failure(_("--set %(field)s (%(label)s): “%(text)s” is not %(wanted)s.") % told)
