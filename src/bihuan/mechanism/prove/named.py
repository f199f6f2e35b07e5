"""Proof 7, first half: everything that is named exists."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from ..model import Action, Label, Mechanism, Stage, Term
from ..sentence import N_, Listed, Sentence
from .finding import Finding, finding

_PATTERNS = {
    "role": N_("“%(holder)s” names the role “%(name)s”, which is not declared; %(hint)s."),
    "stage": N_("“%(holder)s” names the stage “%(name)s”, which is not declared; %(hint)s."),
    "field": N_("“%(holder)s” names the field “%(name)s”, which is not declared; %(hint)s."),
    "value": N_("“%(holder)s” names “%(name)s”, which is neither a field nor a computed value; %(hint)s."),
    "group": N_("“%(holder)s” names the field group “%(name)s”, which is not declared; %(hint)s."),
    "record": N_("“%(holder)s” names the record “%(name)s”, which is not declared; %(hint)s."),
    "action": N_("“%(holder)s” names the action “%(name)s”, which is not declared; %(hint)s."),
    "ladder": N_("“%(holder)s” names the ladder “%(name)s”, which is not declared; %(hint)s."),
    "letter": N_("“%(holder)s” names the letter “%(name)s”, which is not declared; %(hint)s."),
    "assertion": N_("“%(holder)s” sets the assertion “%(name)s”, which is not declared; %(hint)s."),
    "recognition": N_("“%(holder)s” sets the recognition “%(name)s”, which is not declared; %(hint)s."),
    "mechanism": N_("“%(holder)s” opens a matter of mechanism “%(name)s”, which is not known; %(hint)s."),
    "class": N_("“%(holder)s” has a term for “%(name)s”, which is no key of its class field; %(hint)s."),
}


@dataclass(frozen=True, slots=True)
class Reference:
    """`holder` (its label, its place in the file) names the `kind` thing `name`."""

    holder: Label
    place: tuple[str, ...]
    kind: str
    names: tuple[str, ...]


def named(mechanism: Mechanism, children: Mapping[str, Mechanism]) -> Iterator[Finding]:
    known: dict[str, Collection[str]] = {
        "role": mechanism.roles,
        "stage": mechanism.stages,
        "field": mechanism.fields,
        "value": {**mechanism.fields, **mechanism.computed},
        "group": mechanism.groups,
        "record": mechanism.records,
        "action": mechanism.actions,
        "ladder": mechanism.ladders,
        "letter": mechanism.letters,
        "assertion": mechanism.assertions,
        "recognition": mechanism.recognitions,
        "mechanism": children,
        "class": _classes(mechanism),
    }
    for reference in _references(mechanism):
        for name in reference.names:
            if name not in known[reference.kind]:
                yield _missing(reference, name, known[reference.kind])


def _missing(reference: Reference, name: str, known: Collection[str]) -> Finding:
    near = get_close_matches(name, known, n=1)
    hint = (
        Sentence(N_("perhaps “%(near)s” is meant"), {"near": near[0]})
        if near
        else Sentence(N_("declared are: %(known)s"), {"known": Listed.of(known) if known else "—"})
    )
    return finding(
        7, _PATTERNS[reference.kind], (*reference.place, name), holder=reference.holder, name=name, hint=hint
    )


def _classes(mechanism: Mechanism) -> frozenset[str]:
    field = mechanism.fields.get(mechanism.deadline.by_class or "")
    return field.choice_keys if field else frozenset(mechanism.deadline.terms)


def _references(mechanism: Mechanism) -> Iterator[Reference]:
    yield Reference(mechanism.title, ("start",), "stage", (mechanism.start,))
    for stage in mechanism.stages.values():
        yield from _of_stage(stage)
    for action in mechanism.actions.values():
        yield from _of_action(action)
    yield from _of_people(mechanism)
    yield from _of_fields(mechanism)
    yield from _of_deadline(mechanism)
    yield from _of_outputs(mechanism)
    yield from _of_amounts(mechanism)


def _of_stage(stage: Stage) -> Iterator[Reference]:
    place = ("stages", stage.key)
    yield Reference(stage.label, (*place, "owner"), "role", _some(stage.owner))
    yield Reference(stage.label, (*place, "ladder"), "ladder", _some(stage.ladder))
    yield from _of_terms(stage.label, place, [stage.clock])


def _of_action(action: Action) -> Iterator[Reference]:
    asked: dict[str, tuple[str, tuple[str, ...]]] = {
        "stages": ("stage", action.stages),
        "to": ("stage", tuple(branch.stage for branch in action.to)),
        "by": ("role", action.by),
        "beyond": ("role", _some(action.beyond)),
        "sets": ("field", action.sets),
        "requires": ("field", action.requires),
        "record": ("record", _some(action.record)),
        "apart_from": ("action", action.apart_from),
        "assertion": ("assertion", _some(action.assertion)),
        "recognition": ("recognition", _some(action.recognition)),
        "child": ("mechanism", _some(action.child)),
        "raises": ("mechanism", _some(action.raises)),
        "over": ("field", _some(action.over)),
    }
    for key, (kind, names) in asked.items():
        yield Reference(action.label, ("actions", action.key, key), kind, names)
    yield from _of_terms(action.label, ("actions", action.key), [action.not_before, action.not_after])


def _of_people(mechanism: Mechanism) -> Iterator[Reference]:
    for role in mechanism.roles.values():
        yield Reference(role.label, ("roles", role.key, "field"), "field", _some(role.field))
        yield Reference(role.label, ("roles", role.key, "entered_by"), "role", _some(role.entered_by))
    yield Reference(mechanism.title, ("register", "by"), "role", mechanism.register_by)
    yield Reference(mechanism.title, ("register", "requires"), "field", mechanism.register_requires)


def _of_fields(mechanism: Mechanism) -> Iterator[Reference]:
    for field in mechanism.fields.values():
        place = ("fields", field.key)
        yield Reference(field.label, (*place, "by"), "role", field.by)
        yield Reference(field.label, (*place, "group"), "group", _some(field.group))
    for record in mechanism.records.values():
        for field in record.fields:
            yield Reference(field.label, ("records", record.key, "fields", field.key, "by"), "role", field.by)


def _of_deadline(mechanism: Mechanism) -> Iterator[Reference]:
    deadline, title = mechanism.deadline, mechanism.title
    fields = (deadline.field, *_some(deadline.by_class))
    yield Reference(title, ("deadline",), "field", fields)
    yield Reference(title, ("deadline", "ladder"), "ladder", (deadline.ladder,))
    yield Reference(title, ("deadline", "terms"), "class", tuple(deadline.terms))
    yield from _of_terms(title, ("deadline",), [deadline.term, *deadline.terms.values()])
    if mechanism.extension:
        yield Reference(title, ("extension", "field"), "field", (mechanism.extension.field,))
    yield Reference(title, ("closing", "requires"), "field", mechanism.closing.requires)


def _of_terms(holder: Label, place: tuple[str, ...], terms: Iterable[Term | None]) -> Iterator[Reference]:
    anchors = dict.fromkeys(anchor for term in terms if term for anchor in term.anchors)
    for anchor in anchors:
        kind, _, key = anchor.partition(":")
        if key:
            yield Reference(holder, place, kind, (key,))


def _of_outputs(mechanism: Mechanism) -> Iterator[Reference]:
    for ladder in mechanism.ladders.values():
        for rung in ladder.rungs:
            place = ("ladders", ladder.key)
            yield Reference(ladder.label, place, "role", rung.to)
            yield Reference(ladder.label, place, "letter", _some(rung.letter))
    for letter in mechanism.letters.values():
        yield Reference(letter.label, ("letters", letter.key), "value", letter.fields)
    for indicator in mechanism.indicators.values():
        yield Reference(indicator.label, ("indicators", indicator.key), "value", _some(indicator.field))
    index = mechanism.index
    columns = (index.body, index.number, index.project, index.category, index.klass, index.amount, index.supervising)
    names = (index.title, index.responsible, *(key for key in columns if key))
    yield Reference(mechanism.title, ("index",), "field", tuple(dict.fromkeys(names)))


def _of_amounts(mechanism: Mechanism) -> Iterator[Reference]:
    for total in mechanism.totals.values():
        yield Reference(total.label, ("totals", total.key, "record"), "record", (total.record,))
    for unique in mechanism.unique.values():
        yield Reference(unique.label, ("unique", unique.key), "field", unique.fields)
    budget = mechanism.budget
    if budget is not None and budget.record is not None:
        yield Reference(mechanism.title, ("budget", "record"), "record", (budget.record,))
    elif budget is not None:
        yield Reference(mechanism.title, ("budget",), "field", (budget.year, budget.source, budget.amount))


def _some(name: str | None) -> tuple[str, ...]:
    return () if name is None else (name,)
