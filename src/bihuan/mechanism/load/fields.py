"""Roles, fields and records."""

from ..expression.parse import RESERVED
from ..model import Choice, Field, FieldKind, Held, Label, RecordGroup, Role
from ..names import BUILT_IN
from ..sentence import N_, Sentence
from .table import Table

_MANY = frozenset({FieldKind.UNIT, FieldKind.PERSON, FieldKind.ENTRY, FieldKind.CHOICE, FieldKind.TEXT})


def read_labels(table: Table, key: str) -> dict[str, Label]:
    return {name: each.label() for name, each in table.tables(key, "label")}


def read_roles(root: Table) -> dict[str, Role]:
    return {key: _role(key, table) for key, table in root.tables("roles", "role")}


def _role(key: str, table: Table) -> Role:
    held = table.one_of("held", Held)
    field = table.optional_identifier("field")
    if held is Held.UNIT and not table.has("field"):
        table.refuse(
            "held",
            found=Sentence(N_("a role held by unit without a field")),
            expected=Sentence(N_("field = the field of kind unit that names its unit")),
        )
    if held is Held.OUTSIDE and not (table.has("field") and table.has("entered_by")):
        table.refuse(
            "held",
            found=Sentence(N_("a role held outside without field and entered_by")),
            expected=Sentence(N_("field = the field that says who it is, entered_by = who enters what it says")),
        )
    for name in ("field", "entered_by"):
        if held not in (Held.UNIT, Held.OUTSIDE, None) and table.has(name):
            table.refuse(
                name,
                found=Sentence(N_("“%(key)s” on a role that is held neither by unit nor outside"), {"key": name}),
                expected=Sentence(N_('none, or held = "unit" or "outside"')),
            )
    return Role(
        key,
        table.label(),
        held or Held.SUPERVISING,
        top=table.flag("top"),
        field=field,
        entered_by=table.optional_identifier("entered_by"),
    )


def read_fields(table: Table, *, shape: str = "field") -> dict[str, Field]:
    """Return the fields under `fields`; one whose kind is not known is noted and left out."""
    fields: dict[str, Field] = {}
    for key, each in table.tables("fields", shape):
        field = _field(key, each)
        if field is not None:
            fields[key] = field
    return fields


def _field(key: str, table: Table) -> Field | None:
    if key in RESERVED or key in BUILT_IN:
        table.notes.add(
            table.path,
            found=Sentence(N_("the name “%(name)s”"), {"name": key}),
            expected=Sentence(N_("another name: expressions keep this one for themselves")),
        )
    kind = table.one_of("kind", FieldKind)
    by = table.identifiers("by", at_least=1)
    choices = _choices(table)
    if kind is None:
        return None
    _check_kind(table, kind)
    return Field(
        key=key,
        label=table.label(),
        kind=kind,
        by=by,
        choices=choices,
        many=table.flag("many"),
        personal=table.flag("personal"),
        register=table.optional_identifier("register"),
        group=table.optional_identifier("group") if table.may_have("group") else None,
    )


def _choices(table: Table) -> tuple[Choice, ...]:
    return tuple(Choice(key, label) for key, label in read_labels(table, "choices").items())


def _check_kind(table: Table, kind: FieldKind) -> None:
    """Choices go with a choice, a register with an entry, many values with what can be told apart."""
    for key, its_kind in (("choices", FieldKind.CHOICE), ("register", FieldKind.ENTRY)):
        if (kind is its_kind) != table.has(key):
            table.refuse(
                key if table.has(key) else "kind",
                found=Sentence(N_("kind %(kind)s"), {"kind": kind.value}),
                expected=Sentence(
                    N_("“%(key)s” on a field of kind %(its)s, and on no other"),
                    {"key": key, "its": its_kind.value},
                ),
            )
    if kind is FieldKind.CHOICE and table.has("choices") and not any(table.tables("choices", "label")):
        table.refuse(
            "choices",
            found=Sentence(N_("no choice")),
            expected=Sentence(N_("at least one: key = { zh = …, en = … }")),
        )
    if table.flag("many") and kind not in _MANY:
        table.refuse(
            "many",
            found=Sentence(N_("kind %(kind)s"), {"kind": kind.value}),
            expected=Sentence(N_("many values only of units, persons, entries, choices and texts")),
        )


def read_records(root: Table) -> dict[str, RecordGroup]:
    records: dict[str, RecordGroup] = {}
    for key, table in root.tables("records", "record"):
        fields = read_fields(table, shape="record field")
        for field in fields.values():
            if field.kind is FieldKind.EVIDENCE:
                table.notes.add(
                    (*table.path, "fields", field.key, "kind"),
                    found=Sentence(N_("evidence in a record")),
                    expected=Sentence(N_("another kind: files come with the action that adds the record")),
                )
        records[key] = RecordGroup(key, table.label(), tuple(fields.values()))
    return records
