"""The columns that the Ledger can show: those that every matter has, and the fields of the mechanisms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bihuan.intake.form.columns import NUMBER, ledger_columns
from bihuan.intake.layouts import has_layout
from bihuan.ledger.packs import current
from bihuan.mechanism.model import Field, FieldKind, Mechanism
from bihuan.mechanism.sentence import N_, Listed, Named, Sentence

#: The head over a finding's number in the list of a mechanism that has none.
_FINDING_NUMBER = "编号"
#: In front of the key of a column that shows a field of a mechanism.
FIELD = "f-"
#: The widest and the narrowest that a column can be made, in pixels.
NARROWEST, WIDEST = 60, 900


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `sort` is the order by it ('' for none), `width` the usual one in pixels. `kind` says how its
    cells are made. `heads` are those of the ledger's own form in Excel, under which its cells come in again."""

    key: str
    title: Named | Sentence
    width: int
    sort: str = ""
    kind: str = ""
    heads: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        """The key of the mechanism's field that it shows, '' for a column that every matter has."""
        return self.key.removeprefix(FIELD) if self.key.startswith(FIELD) else ""

    @property
    def look(self) -> str:
        return "right" if self.kind in ("money", "number") else ""


_NUMBER = Column("number", Sentence(N_("Number")), 128, "finding_no", "number_and_key")
_TITLE = Column("title", Sentence(N_("Matter")), 260, "title", "title")
#: The columns that stand fast at the left, always shown.
FROZEN = (_NUMBER, _TITLE)

_STANDING = (
    Column("unit", Sentence(N_("Responsible unit")), 150, "unit"),
    Column("klass", Sentence(N_("Class")), 98),
    Column("amount", Sentence(N_("Amount (10,000 yuan)")), 104, "amount", "money"),
    Column("stage", Sentence(N_("Stage")), 112, "stage"),
    Column("assertion", Sentence(N_("Unit says")), 104),
    Column("recognition", Sentence(N_("Recognised")), 104),
    Column("due", Sentence(N_("Due")), 116, "due", "day"),
    Column("mechanism", Sentence(N_("Mechanism")), 100),
    Column("project", Sentence(N_("Project")), 160),
    Column("category", Sentence(N_("Category")), 120),
    Column("supervising", Sentence(N_("Supervised by")), 150),
    Column("stage_due", Sentence(N_("Deadline of the stage")), 116, "stage_due", "day"),
    Column("original_due", Sentence(N_("Deadline at first")), 110, "", "day"),
    Column("asking", Sentence(N_("Extension asked to")), 110, "", "day"),
    Column("registered_on", Sentence(N_("Registered on")), 110, "registered", "day"),
    Column("entered_on", Sentence(N_("In this stage since")), 110, "", "day"),
    Column("ended_on", Sentence(N_("Ended on")), 110, "", "day"),
)
USUAL = ("unit", "klass", "amount", "stage", "assertion", "recognition", "due")

_WIDTHS = {
    FieldKind.LONG_TEXT: 280,
    FieldKind.TEXT: 160,
    FieldKind.UNIT: 160,
    FieldKind.PLACE: 160,
    FieldKind.ENTRY: 150,
    FieldKind.CHOICE: 120,
}
_KINDS = {FieldKind.MONEY: "money", FieldKind.NUMBER: "number", FieldKind.DATE: "day", FieldKind.LONG_TEXT: "long"}


def offered(mechanism: str = "") -> dict[str, Column]:
    """Return every column that can be chosen, by its key: the standing ones, then the fields of `mechanism`
    (of every mechanism in force where it is empty)."""
    known = _considered(mechanism)
    standing = {column.key: column for column in (*FROZEN, *_STANDING)}
    heads = _heads(known)
    named = {key: _with_heads(column, heads.get(key, ())) for key, column in standing.items()}
    fields = {FIELD + key: _of_field(key, each) for key, each in _fields(known).items()}
    return named | {key: _with_heads(column, heads.get(key, ())) for key, column in fields.items()}


def chosen(keys: Sequence[str], columns: Mapping[str, Column]) -> list[Column]:
    """Return the columns to show: the frozen ones, then those of `keys` that there are (the usual ones for none)."""
    wanted = [key for key in keys if key in columns] or list(USUAL)
    frozen = [columns[column.key] for column in FROZEN]
    return frozen + [columns[key] for key in dict.fromkeys(wanted) if columns[key] not in frozen]


def _considered(mechanism: str) -> list[Mechanism]:
    found = [each for each in current().values() if mechanism in ("", each.key)]
    return found or list(current().values())


def _fields(known: Iterable[Mechanism]) -> dict[str, list[Field]]:
    """Return the fields that no standing column shows, each with its namesakes."""
    found: dict[str, list[Field]] = {}
    for mechanism in known:
        shown = set(_indexed(mechanism).values())
        for key, field in mechanism.fields.items():
            if key not in shown and field.kind is not FieldKind.EVIDENCE:
                found.setdefault(key, []).append(field)
    return found


def _indexed(mechanism: Mechanism) -> dict[str, str | None]:
    """Return standing column → the field that it shows."""
    index = mechanism.index
    return {
        "number": index.number,
        "title": index.title,
        "unit": index.responsible,
        "project": index.project,
        "category": index.category,
        "klass": index.klass,
        "amount": index.amount,
        "due": mechanism.deadline.field,
    }


def _heads(known: Sequence[Mechanism]) -> dict[str, tuple[str, ...]]:
    """Return the heads of the standing columns, and of the fields, in the own form of one mechanism: the first
    whose ledgers can be brought in."""
    mechanism = next((each for each in known if has_layout(each.key)), known[0])
    own = {column.key: column.head for column in ledger_columns(mechanism)}
    found = {key: (own[name],) for key, name in _indexed(mechanism).items() if name in own}
    found |= {key.rstrip(":"): (head,) for key, head in own.items() if key.endswith(":") and key != "due:"}
    fields = {FIELD + key: (head,) for key, head in own.items()}
    return fields | found | {"number": (own[NUMBER], *found.get("number", (_FINDING_NUMBER,)))}


def _with_heads(column: Column, heads: tuple[str, ...]) -> Column:
    return Column(column.key, column.title, column.width, column.sort, column.kind, heads)


def _of_field(key: str, fields: Sequence[Field]) -> Column:
    labels = {field.label.zh: field.label for field in fields}
    title = fields[0].label if len(labels) == 1 else Listed.of(labels.values())
    width = _WIDTHS.get(fields[0].kind, 110)
    return Column(FIELD + key, title, width, "", _KINDS.get(fields[0].kind, ""))
