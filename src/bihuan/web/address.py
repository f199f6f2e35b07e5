"""A list's filter as an address, and back: whatever a list shows, its address holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from bihuan.directory.organisation import Organisation
from bihuan.ledger.listing import SORTS, Filter
from bihuan.mechanism.sentence import Sentence

from .units import UnitProblem, find_unit

#: Parts of a filter that are plain texts, under the names that they have in an address.
_TEXTS = {
    "mechanism": "mechanism",
    "version": "mechanism_hash",
    "stage": "stage",
    "state": "state",
    "class": "klass",
    "assertion": "assertion",
    "recognition": "recognition",
    "queue": "queue",
    "entry": "entry",
    "source": "source",
    "q": "text",
}
#: Parts that are years.
_YEARS = {"done": "done_in", "year": "budget_year"}
_SWITCHES = {key: key for key in ("overdue", "stage_overdue", "undated", "mine", "asking")}


@dataclass(frozen=True, slots=True)
class Address:
    """What an address asks for; `unit_text` is its unit as a person would type it.

    `problem` is set when a part of it names nothing; then nothing is listed. `grouped` puts the matters of each
    unit under a head; `open` is the number of the matter that stands open beside the list, `view` the saved view
    that gives the columns.
    """

    filter: Filter
    sort: str = "due"
    after: str = ""
    before: str = ""
    unit_text: str = ""
    problem: Sentence | None = None
    grouped: bool = False
    open: str = ""
    view: int | None = None

    @property
    def kept(self) -> dict[str, str]:
        """The parts that the filter form has no place for and carries along."""
        wanted = self.filter
        parts = {"entry": wanted.entry, "source": wanted.source, "done": wanted.done_in, "year": wanted.budget_year}
        return {key: str(value) for key, value in parts.items() if value}


def read(query: QueryDict, organisation: Organisation) -> Address:
    """Return what the address asks for; parts that are unknown are left out, a unit that is unknown is said."""
    parts: dict[str, object] = {name: _text(query, key) for key, name in _TEXTS.items()}
    parts |= {name: query.get(key) == "1" for key, name in _SWITCHES.items()}
    within = query.get("within", "")
    parts["due_within"] = int(within) if within.isdecimal() and len(within) < 4 else None
    parts |= {name: _year(query.get(key, "")) for key, name in _YEARS.items()}
    unit_text = _text(query, "unit")
    problem = None
    if unit_text:
        try:
            unit = find_unit(unit_text, organisation)
            parts["unit"], unit_text = unit.pk, unit.name
        except UnitProblem as wrong:
            problem = wrong.sentence
    sort = query.get("sort", "due")
    grouped = query.get("group") == "unit"
    sort = "unit" if grouped else sort
    view = query.get("view", "")
    return Address(
        filter=Filter(**parts),  # type: ignore[arg-type]
        sort=sort if sort.removeprefix("-") in SORTS else "due",
        after=query.get("after", ""),
        before=query.get("before", ""),
        unit_text=unit_text,
        problem=problem,
        grouped=grouped,
        open=_text(query, "open").upper(),
        view=int(view) if view.isdecimal() and len(view) < 10 else None,
    )


def _year(text: str) -> int | None:
    return int(text) if len(text) == 4 and text.isascii() and text.isdecimal() and text >= "1000" else None


def _text(query: QueryDict, key: str) -> str:
    """Return a part as typed, but for NUL, which no database takes."""
    return str(query.get(key, "")).replace("\x00", "").strip()[:200]


def written(wanted: Filter, organisation: Organisation) -> dict[str, str]:
    """Return the parts of `wanted` that are set, as they stand in an address."""
    return dict(_parts(wanted, organisation))


def _parts(wanted: Filter, organisation: Organisation) -> Iterator[tuple[str, str]]:
    if wanted.unit is not None:
        yield "unit", organisation.by_id[wanted.unit].key
    for key, name in _TEXTS.items():
        if value := getattr(wanted, name):
            yield key, value
    for key, name in _SWITCHES.items():
        if getattr(wanted, name):
            yield key, "1"
    if wanted.due_within is not None:
        yield "within", str(wanted.due_within)
    for key, name in _YEARS.items():
        if (year := getattr(wanted, name)) is not None:
            yield key, str(year)


def list_address(wanted: Filter, organisation: Organisation, **more: str) -> str:
    """Return the address of the list of `wanted`."""
    return address("ledger", {**written(wanted, organisation), **more})


def address(name: str, parts: Mapping[str, str]) -> str:
    """Return the address of the page `name` with `parts` as its query, those that are empty left out."""
    query = urlencode({key: value for key, value in parts.items() if value})
    return f"{reverse(name)}?{query}" if query else reverse(name)
