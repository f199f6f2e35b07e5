"""What a list can be narrowed by, in words: the choices of the form, and the chips of what is on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bihuan.directory.models import Entry
from bihuan.directory.organisation import Organisation
from bihuan.ledger.listing import Filter
from bihuan.ledger.packs import current
from bihuan.mechanism.model import Field, Label, Mechanism
from bihuan.mechanism.sentence import N_, Listed, Named, Sentence

from .address import Address


@dataclass(frozen=True, slots=True)
class Option:
    key: str
    label: Sentence | Named
    chosen: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A select of the filter form: the part of the address, its title, what it offers."""

    key: str
    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """A part of the filter that is on, in words."""

    key: str
    title: str
    value: Sentence | Named | str


_TITLES = {
    "unit": N_("Unit"),
    "mechanism": N_("Mechanism"),
    "stage": N_("Stage"),
    "state": N_("Open or closed"),
    "class": N_("Class"),
    "assertion": N_("Unit says"),
    "recognition": N_("Recognised"),
    "q": N_("Search"),
}
_STATES = {"open": Sentence(N_("open")), "closed": Sentence(N_("closed"))}
_SWITCHES = {
    "overdue": Sentence(N_("Overdue")),
    "stage_overdue": Sentence(N_("Stage late")),
    "undated": Sentence(N_("No deadline set")),
    "mine": Sentence(N_("Waits for me")),
    "asking": Sentence(N_("Extensions asked for")),
}
_QUEUES = {
    "verify": Sentence(N_("For me to verify")),
    "returned": Sentence(N_("Returned to me")),
    "exhausted": Sentence(N_("Left to me to decide")),
}
_WITHIN = N_("Due in %(days)d working days")


_ORDERS = {
    "due": Sentence(N_("Deadline, earliest first")),
    "-due": Sentence(N_("Deadline, latest first")),
    "stage_due": Sentence(N_("Deadline of the stage")),
    "-registered": Sentence(N_("Newest first")),
    "-amount": Sentence(N_("Largest amount first")),
    "finding_no": Sentence(N_("Number")),
    "unit": Sentence(N_("Responsible unit")),
    "stage": Sentence(N_("Stage")),
    "title": Sentence(N_("Title")),
}


def orders(asked: Address) -> list[Option]:
    """Return the orders that the form offers; the usual one leaves the address empty."""
    named = _ORDERS if asked.sort in _ORDERS else {**_ORDERS, asked.sort: Sentence(N_("as chosen above the column"))}
    return [Option("" if key == "due" else key, words, chosen=key == asked.sort) for key, words in named.items()]


def choices(asked: Address, organisation: Organisation) -> dict[str, Choice]:
    """Return the selects of the filter form by their key, with what is chosen in each."""
    wanted = asked.filter
    chosen = {
        "mechanism": wanted.mechanism,
        "stage": wanted.stage,
        "state": wanted.state,
        "class": wanted.klass,
        "assertion": wanted.assertion,
        "recognition": wanted.recognition,
    }
    return {
        key: Choice(key, _TITLES[key], tuple(Option(*each, chosen=each[0] == now) for each in _options(key, wanted)))
        for key, now in chosen.items()
    }


def chips(asked: Address, organisation: Organisation) -> list[Chip]:
    return list(_chips(asked, organisation))


def _chips(asked: Address, organisation: Organisation) -> Iterator[Chip]:
    wanted = asked.filter
    if wanted.text:
        yield Chip("q", _TITLES["q"], f"“{wanted.text}”")
    if wanted.unit is not None:
        yield Chip("unit", _TITLES["unit"], organisation.by_id[wanted.unit].name)
    if wanted.mechanism_hash:
        yield Chip("version", N_("Version"), wanted.mechanism_hash[:12])
    for key, name in (("mechanism", "mechanism"), ("stage", "stage"), ("state", "state"), ("class", "klass"),
                      ("assertion", "assertion"), ("recognition", "recognition")):  # fmt: skip
        if value := getattr(wanted, name):
            yield Chip(key, _TITLES[key], dict(_options(key, wanted)).get(value, value))
    for key, sentence in _SWITCHES.items():
        if getattr(wanted, key):
            yield Chip(key, "", sentence)
    if wanted.queue in _QUEUES:
        yield Chip("queue", "", _QUEUES[wanted.queue])
    if wanted.entry:
        yield Chip("entry", N_("Register entry"), entry_name(wanted.entry))
    if wanted.done_in is not None:
        yield Chip("done", N_("Done in"), str(wanted.done_in))
    if wanted.budget_year is not None:
        yield Chip("year", N_("Budget year"), str(wanted.budget_year))
    if wanted.source:
        yield Chip("source", N_("Source of money"), source_name(wanted.source, wanted.mechanism))
    if wanted.due_within is not None:
        yield Chip("within", "", Sentence(_WITHIN, {"days": wanted.due_within}))


def entry_name(named: str) -> str:
    """Return what the entry `register:key` is called; its key where there is no such entry."""
    register, _, key = named.partition(":")
    return Entry.objects.filter(register__key=register, key=key).values_list("name", flat=True).first() or key


def source_name(key: str, mechanism: str = "") -> Named | str:
    """Return what a source of money is called in the mechanism, or in those that know it."""
    labels = {
        choice.label.zh: choice.label
        for each in current().values()
        if mechanism in ("", each.key)
        for field in _source_fields(each)
        for choice in field.choices
        if choice.key == key
    }
    return Listed.of(labels.values()) if labels else key


def _source_fields(mechanism: Mechanism) -> Iterator[Field]:
    budget = mechanism.budget
    if budget is None:
        return
    fields = mechanism.records[budget.record].fields if budget.record else mechanism.fields.values()
    yield from (field for field in fields if field.key == budget.source)


def _options(key: str, wanted: Filter) -> list[tuple[str, Sentence | Named]]:
    known = [each for each in current().values() if wanted.mechanism in ("", each.key)]
    match key:
        case "mechanism":
            return [(each.key, each.title) for each in current().values()]
        case "state":
            return list(_STATES.items())
        case "stage":
            return _merged((name, stage.label) for each in known for name, stage in each.stages.items())
        case "class":
            return _merged(pair for each in known for pair in _classes(each))
        case "assertion":
            return _merged(pair for each in known for pair in each.assertions.items())
    return _merged(pair for each in known for pair in each.recognitions.items())


def _classes(mechanism: Mechanism) -> Iterator[tuple[str, Label]]:
    field = mechanism.fields.get(mechanism.index.klass or "")
    return ((choice.key, choice.label) for choice in field.choices) if field else iter(())


def _merged(pairs: Iterable[tuple[str, Label]]) -> list[tuple[str, Sentence | Named]]:
    """Join the labels of mechanisms that use the same key for different words."""
    labels: dict[str, dict[str, Label]] = {}
    for key, label in pairs:
        labels.setdefault(key, {}).setdefault(label.zh, label)
    return [(key, Listed.of(each.values())) for key, each in labels.items()]
