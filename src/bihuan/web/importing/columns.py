"""Which field takes up which column: what was proposed, with samples, and what a person made of it."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from bihuan.intake.form.own import NUMBER
from bihuan.intake.ground import ground_of
from bihuan.intake.layouts import own_layout_of
from bihuan.intake.models import Intake, IntakeSheet, Status
from bihuan.intake.reading import FIELD_NAMES
from bihuan.ledger.packs import current
from bihuan.mechanism.sentence import N_, Named, Sentence

#: In a form: as it was proposed for each sheet.
PROPOSED = "*proposed*"
_SAMPLES, _SAMPLE_ROWS, _SAMPLE_LENGTH = 3, 60, 40
_ANCHORS = {"issued_on": N_("day of issue"), "effective_on": N_("day of taking effect")}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: its label, some of what stands in it, and the fields that take it up."""

    label: str
    samples: tuple[str, ...]
    fields: tuple[Sentence | Named, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A column that a field could take up, as the form shows it."""

    label: str
    sample: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A field with the columns it could take up. `mixed` when the sheets propose different ones.

    `either` says that a row needs this field or another.
    """

    key: str
    name: Sentence | Named
    needed: bool
    either: bool
    offers: tuple[Offer, ...]
    label: str
    mixed: bool


@dataclass(frozen=True, slots=True)
class SheetColumns:
    """A sheet with its columns."""

    sheet: IntakeSheet
    columns: tuple[Column, ...]


def sheet_columns(intake: Intake, today: date) -> list[SheetColumns]:
    """Return every sheet of the intake with its columns and samples of what stands in them."""
    placings = ground_of(intake, today).placings
    return [
        SheetColumns(
            sheet, tuple(_columns(sheet, _sampled(intake, sheet), intake.mechanism, placings[sheet.position].kept))
        )
        for sheet in intake.sheets.all()
    ]


def are_own(sheets: Sequence[SheetColumns]) -> bool:
    """Whether every sheet came out of the ledger itself: nobody needs to say what its columns are."""
    return bool(sheets) and all(NUMBER in each.sheet.mapping for each in sheets)


def choices(intake: Intake, sheets: Sequence[SheetColumns]) -> list[Choice]:
    """Return what the form offers for each field, those that a row must have first."""
    samples: dict[str, str] = {}
    for each in sheets:
        for column in each.columns:
            if column.label:
                samples.setdefault(column.label, column.samples[0] if column.samples else "")
    made = [_choice(key, intake, [each.sheet for each in sheets], samples) for key in keys(intake.mechanism)]
    return sorted(made, key=lambda choice: not choice.needed)


def keys(mechanism: str) -> tuple[str, ...]:
    """Return the fields that a column can be taken up by, and the days that terms are counted from."""
    layout = own_layout_of(mechanism)
    return (*layout.wanted.keys, *layout.anchors)


def labels_of(sheet: IntakeSheet) -> dict[str, str]:
    """Return field → label of the column that it takes up."""
    return {**sheet.mapping, **sheet.anchors}


def effective(intake: Intake) -> dict[str, str]:
    """Return the mapping as it stands, to be saved: '' for a field without a column, mixed ones left out."""
    sheets = list(intake.sheets.all())
    found = {key: {labels_of(sheet).get(key, "") for sheet in sheets} for key in keys(intake.mechanism)}
    return {key: labels.pop() for key, labels in found.items() if len(labels) == 1}


def asked_mapping(intake: Intake, sent: QueryDict) -> dict[str, str] | None:
    """Return the mapping that a form asks for: what it changed, and what was asked for before; None if nothing."""
    earlier = intake.mapping or {}
    shown = effective(intake)
    made = {}
    for key in keys(intake.mechanism):
        label = sent.get(f"column-{key}")
        if label is None:
            label = earlier.get(key, PROPOSED)
        if label != PROPOSED and (label != shown.get(key, PROPOSED) or key in earlier):
            made[key] = label
    return made or None


def field_name(key: str, mechanism: str) -> Sentence | Named:
    """Return what a field is called, as the mechanism calls it where it has it."""
    if key.endswith(":"):
        return Sentence(N_("its matter")) if key == NUMBER else Sentence(N_("only shown"))
    declared = current()[mechanism].fields.get(key) if mechanism in current() else None
    if declared:
        return declared.label
    return Sentence(FIELD_NAMES.get(key) or _ANCHORS.get(key) or key)


def _choice(key: str, intake: Intake, sheets: Sequence[IntakeSheet], samples: Mapping[str, str]) -> Choice:
    labels = list(dict.fromkeys(labels_of(sheet).get(key, "") for sheet in sheets))
    mixed, label = len(labels) > 1, labels[0] if len(labels) == 1 else ""
    known = dict.fromkeys([*samples, *(each for each in labels if each)])
    offers = tuple(Offer(each, samples.get(each, ""), not mixed and each == label) for each in known)
    wanted = own_layout_of(intake.mechanism).wanted
    either = wanted.has_either and key in (wanted.title, wanted.body)
    needed = either or key in wanted.required or (wanted.has_rule and key == wanted.due)
    return Choice(key, field_name(key, intake.mechanism), needed, either, offers, label, mixed)


def _columns(sheet: IntakeSheet, rows: list[list[str]], mechanism: str, kept: Collection[int]) -> Iterator[Column]:
    taken: dict[str, list[Sentence | Named]] = {}
    for key, label in labels_of(sheet).items():
        taken.setdefault(label, []).append(field_name(key, mechanism))
    # A field whose label is no column's own is told by ticks under several columns.
    ticked = [name for label, names in taken.items() if label not in sheet.columns for name in names]
    for place, label in enumerate(sheet.columns):
        texts = dict.fromkeys(" ".join(row[place].split()) for row in rows if place < len(row) and row[place].strip())
        samples = tuple(_cut(text) for text in list(texts)[:_SAMPLES])
        if label or samples:
            yield Column(label, samples, tuple(taken.get(label, ticked if place not in kept else ())))


def _sampled(intake: Intake, sheet: IntakeSheet) -> list[list[str]]:
    rows = intake.rows.filter(sheet_no=sheet.position).exclude(status=Status.SKIPPED).exclude(cells="")
    return [json.loads(cells) for cells in rows.order_by("id").values_list("cells", flat=True)[:_SAMPLE_ROWS]]


def _cut(text: str) -> str:
    return text if len(text) <= _SAMPLE_LENGTH else text[: _SAMPLE_LENGTH - 1] + "…"
