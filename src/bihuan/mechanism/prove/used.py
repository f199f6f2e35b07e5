"""Proof 7, second half: everything that is declared is used, and what is used is of the right kind."""

from collections.abc import Iterable, Iterator

from ..expression import Kind
from ..model import Does, FieldKind, Held, Label, Mechanism
from ..sentence import N_, Listed, Sentence
from .finding import Finding, finding
from .paths import gives
from .summed import summed

_TEXTS = (FieldKind.TEXT, FieldKind.LONG_TEXT)
_OUTSIDE = (FieldKind.ENTRY, FieldKind.PERSON, FieldKind.TEXT)
_NAMING = (FieldKind.TEXT, FieldKind.CHOICE, FieldKind.ENTRY)

#: column of the index → kinds that can fill it.
_COLUMNS = {
    "title": _TEXTS,
    "body": _TEXTS,
    "responsible": (FieldKind.UNIT,),
    "number": (FieldKind.TEXT,),
    "project": _NAMING,
    "category": _NAMING,
    "klass": (FieldKind.CHOICE,),
    "amount": (FieldKind.MONEY,),
    "supervising": (FieldKind.UNIT,),
}

_UNUSED = {
    "roles": N_("The role “%(name)s” does nothing, owns nothing and is told nothing; use it or take it out."),
    "groups": N_("The field group “%(name)s” holds no field; use it or take it out."),
    "records": N_("No action adds to the record “%(name)s”; use it or take it out."),
    "ladders": N_("No stage and no deadline uses the ladder “%(name)s”; use it or take it out."),
    "letters": N_("No rung sends the letter “%(name)s”; use it or take it out."),
    "recognitions": N_("No action sets the recognition “%(name)s”; use it or take it out."),
    "fields": N_("Nobody can give “%(name)s”, at registration or later; let an action set it or take it out."),
}


def used(mechanism: Mechanism) -> Iterator[Finding]:
    yield from _unused(mechanism)
    yield from _pairs(mechanism)
    yield from _kinds(mechanism)
    yield from _amounts(mechanism)
    yield from summed(mechanism)
    yield from _assigning(mechanism)


def _unused(mechanism: Mechanism) -> Iterator[Finding]:
    actions, fields = mechanism.actions.values(), mechanism.fields.values()
    tables: dict[str, tuple[dict[str, Label], set[str | None]]] = {
        "roles": ({key: role.label for key, role in mechanism.roles.items()}, _used_roles(mechanism)),
        "groups": (dict(mechanism.groups), {field.group for field in fields}),
        "records": (
            {key: record.label for key, record in mechanism.records.items()},
            {action.record for action in actions},
        ),
        "ladders": (
            {key: ladder.label for key, ladder in mechanism.ladders.items()},
            {mechanism.deadline.ladder, *(stage.ladder for stage in mechanism.stages.values())},
        ),
        "letters": (
            {key: letter.label for key, letter in mechanism.letters.items()},
            {rung.letter for ladder in mechanism.ladders.values() for rung in ladder.rungs},
        ),
        "recognitions": (dict(mechanism.recognitions), {action.recognition for action in actions}),
        "fields": ({field.key: field.label for field in fields}, _given_or_demanded(mechanism)),
    }
    for table, (labels, uses) in tables.items():
        for key, label in labels.items():
            if key not in uses:
                yield finding(7, _UNUSED[table], (table, key), name=label)


def _used_roles(mechanism: Mechanism) -> set[str | None]:
    """A role held by unit is also used by its unit: a party sees the matter."""
    roles: set[str | None] = {role.key for role in mechanism.roles.values() if role.field}
    roles.update(role.entered_by for role in mechanism.roles.values())
    roles.update(mechanism.register_by)
    roles.update(stage.owner for stage in mechanism.stages.values())
    for action in mechanism.actions.values():
        roles.update((*action.by, action.beyond))
    for ladder in mechanism.ladders.values():
        for rung in ladder.rungs:
            roles.update(rung.to)
    return roles


def _given_or_demanded(mechanism: Mechanism) -> set[str | None]:
    """Return the fields that somebody can give, and those demanded, whose lack is told by proof 6."""
    keys: set[str | None] = {*mechanism.register_requires, *mechanism.closing.requires}
    for field in mechanism.fields.values():
        if not set(field.by).isdisjoint(mechanism.register_by):
            keys.add(field.key)
    for action in mechanism.actions.values():
        keys.update(action.requires)
        keys.update(key for key in action.sets if gives(mechanism, action, key))
    return keys


def _pairs(mechanism: Mechanism) -> Iterator[Finding]:
    """Find what is declared and waits for something else that never comes."""
    for action in mechanism.actions.values():
        if action.beyond is not None and action.limit is None:
            yield finding(
                7,
                N_("“%(action)s” names who decides beyond its limit, but has no limit."),
                (action.key,),
                action=action.label,
            )
    asks = any(action.does is Does.ASK_EXTENSION for action in mechanism.actions.values())
    if mechanism.extension and not asks:
        yield finding(
            7, N_("[extension] is declared, but no action asks for one (does = ask_extension)."), ("extension",)
        )


def _kinds(mechanism: Mechanism) -> Iterator[Finding]:
    for column, kinds in _COLUMNS.items():
        key = getattr(mechanism.index, column)
        if key:
            yield from _kind(mechanism, ("index", column.replace("klass", "class")), key, kinds)
    deadline, dates = mechanism.deadline, (FieldKind.DATE,)
    yield from _kind(mechanism, ("deadline", "field"), deadline.field, dates)
    if deadline.by_class:
        yield from _kind(mechanism, ("deadline", "by_class"), deadline.by_class, (FieldKind.CHOICE,))
    if mechanism.extension:
        yield from _kind(mechanism, ("extension", "field"), mechanism.extension.field, dates)
    for role in mechanism.roles.values():
        if role.field:
            kinds = _OUTSIDE if role.held is Held.OUTSIDE else (FieldKind.UNIT,)
            yield from _kind(mechanism, ("roles", role.key, "field"), role.field, kinds, many_may=True)
    for action in mechanism.actions.values():
        if action.over:
            yield from _kind(mechanism, ("actions", action.key, "over"), action.over, (FieldKind.UNIT,), many_may=True)
    for place, key in _anchor_fields(mechanism):
        yield from _kind(mechanism, place, key, dates)
    yield from _evidence_is_no_value(mechanism)


def _kind(
    mechanism: Mechanism,
    place: tuple[str, ...],
    key: str,
    kinds: Iterable[FieldKind],
    *,
    many_may: bool = False,
) -> Iterator[Finding]:
    field = mechanism.fields[key]
    if field.kind not in kinds:
        yield finding(
            7,
            N_("%(place)s names “%(field)s”, which is of kind %(kind)s; it must be: %(kinds)s."),
            (*place, key),
            place=".".join(place),
            field=field.label,
            kind=field.kind.value,
            kinds=Listed.of(kind.value for kind in kinds),
        )
    elif field.many and not many_may:
        yield finding(
            7,
            N_("%(place)s names “%(field)s”, which holds many values; it must hold one."),
            (*place, key),
            place=".".join(place),
            field=field.label,
        )


def _anchor_fields(mechanism: Mechanism) -> Iterator[tuple[tuple[str, ...], str]]:
    clocks = [(("stages", stage.key), stage.clock) for stage in mechanism.stages.values()]
    for action in mechanism.actions.values():
        clocks += [(("actions", action.key), term) for term in (action.not_before, action.not_after)]
    whole = [(("deadline",), term) for term in (mechanism.deadline.term, *mechanism.deadline.terms.values())]
    found: dict[tuple[tuple[str, ...], str], None] = {}
    for place, term in (*clocks, *whole):
        for anchor in term.anchors if term else ():
            if anchor.startswith("field:"):
                found[place, anchor.removeprefix("field:")] = None
    yield from found


def _evidence_is_no_value(mechanism: Mechanism) -> Iterator[Finding]:
    places = {("closing", "requires"): mechanism.closing.requires}
    places["register", "requires"] = mechanism.register_requires
    for action in mechanism.actions.values():
        places["actions", action.key] = (*action.sets, *action.requires)
    for place, keys in places.items():
        for key in dict.fromkeys(keys):
            if mechanism.fields[key].kind is FieldKind.EVIDENCE:
                yield finding(
                    7,
                    N_("%(place)s names “%(field)s”, which is evidence; files are demanded with evidence = 1."),
                    (*place, key),
                    place=".".join(place),
                    field=mechanism.fields[key].label,
                )


def _amounts(mechanism: Mechanism) -> Iterator[Finding]:
    for indicator in mechanism.indicators.values():
        if indicator.field is None:
            continue
        field, computed = mechanism.fields.get(indicator.field), mechanism.computed.get(indicator.field)
        summed = field is not None and field.kind in (FieldKind.MONEY, FieldKind.NUMBER)
        if not summed and not (computed and computed.value.type.kind is Kind.INT):
            yield finding(
                7,
                N_("The indicator “%(indicator)s” adds up “%(field)s”, which is no amount and no number."),
                ("indicators", indicator.key, indicator.field),
                indicator=indicator.label,
                field=field.label if field else Sentence(N_("a computed value that is not a number")),
            )


def _assigning(mechanism: Mechanism) -> Iterator[Finding]:
    for action in mechanism.actions.values():
        if action.does is Does.ASSIGN and mechanism.index.responsible not in action.sets:
            yield finding(
                7,
                N_("“%(action)s” assigns, but does not set “%(field)s”, the responsible unit."),
                (action.key,),
                action=action.label,
                field=mechanism.fields[mechanism.index.responsible].label,
            )
