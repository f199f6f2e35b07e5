"""Matters of every pack go out as a list and come in again: unchanged, edited cell by cell, or into an empty ledger."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from django.utils import timezone

from bihuan.demo.walks import packs
from bihuan.directory.models import Entry, Post
from bihuan.directory.organisation import Organisation
from bihuan.directory.viewer import Viewer
from bihuan.intake.bringing import import_ledger
from bihuan.intake.contents import problems_of
from bihuan.intake.differences import differences
from bihuan.intake.form.columns import ledger_columns
from bihuan.intake.layouts import has_layout
from bihuan.intake.models import IntakeRow
from bihuan.intake.report import Brought
from bihuan.intake.rights import may_bring_in
from bihuan.ledger.days import local_day
from bihuan.ledger.fold import load_state
from bihuan.ledger.models import Matter
from bihuan.ledger.next_steps import current_posts
from bihuan.ledger.packs import current
from bihuan.ledger.visible import visible_to
from bihuan.mechanism.model import Field, FieldKind, Mechanism
from bihuan.mechanism.state import State
from bihuan.workbooks.export import export

# What is written into a workbook and read out of it; what an import keeps has tests on both engines.
pytestmark = [pytest.mark.django_db, pytest.mark.either_engine]

FEW = 7
EVERY = [
    *(pytest.param(pack, FEW, id=pack) for pack in packs()),
    *(pytest.param(pack, None, id=f"{pack}-all", marks=pytest.mark.slow) for pack in packs()),
]


@pytest.mark.parametrize(("pack", "number"), EVERY)
def test_every_row_is_unchanged(
    office: None, stand: Callable[..., None], tmp_path: Path, pack: str, number: int | None
) -> None:
    """By whoever may register such matters and open them, of main mechanisms and of parts."""
    stand(pack, number)
    before = states()
    known = 0
    for mechanism in kinds():
        for post in registrars(mechanism):
            mine = Matter.objects.filter(visible_to(Viewer.with_post(post, day())), mechanism=mechanism.key)
            if not mine:
                continue
            brought = bring(sent(mine, tmp_path / "out.xlsx"), mechanism, post)
            assert fates(brought) == ["unchanged"] * mine.count(), (mechanism.key, post, said(brought))
            known += 1
    assert known and states() == before


@pytest.mark.parametrize("pack", packs())
def test_every_column_can_be_edited_and_just_the_edits_are_proposed(
    office: None, stand: Callable[..., None], tmp_path: Path, pack: str
) -> None:
    """Each field of each mechanism, by the words that a person would write into its cell."""
    stand(pack, FEW)
    for mechanism in kinds():
        post = next(iter(registrars(mechanism)), None)
        mine = Matter.objects.filter(visible_to(Viewer.with_post(post, day())), mechanism=mechanism.key) if post else ()
        if post is None or not mine:
            continue
        path = sent(mine, tmp_path / "out.xlsx")
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        matter = Matter.objects.get(number=sheet.cell(2, 1).value)
        state, wanted = load_state(matter.state), {}
        for place, column in enumerate(ledger_columns(mechanism), start=1):
            if column.field is not None:
                was = state.values.get(column.key)
                sheet.cell(2, place).value, value = another(column.field, was)
                if column.key == mechanism.deadline.field:
                    was = state.due.isoformat() if state.due else None
                wanted[column.key] = (was, value)
        book.save(path)
        brought = bring(path, mechanism, post)
        assert fates(brought) == ["differing"] + ["unchanged"] * (mine.count() - 1), said(brought)
        row = IntakeRow.objects.get(intake=brought.intake, status="differing")
        assert row.matter_id == matter.pk
        found = differences(row, post=post, now=timezone.now())
        assert {each.name: (each.old, each.new) for each in found} == wanted
        assert all(each.action or each.why for each in found)


@pytest.mark.parametrize(("pack", "number"), EVERY)
def test_an_empty_ledger_with_the_same_units_and_registers_gets_the_same_values(
    office: None, stand: Callable[..., None], tmp_path: Path, pack: str, number: int | None
) -> None:
    """What whoever brings them in may give is equal, field by field; the rest is kept beside it as it was written."""
    folder: dict[str, tuple[Path, dict[str, dict[str, Any]]]] = {}
    with pytest.raises(_Undone), transaction.atomic():  # another ledger, which exists no more afterwards
        stand(pack, number)
        for mechanism in kinds():
            mine = Matter.objects.filter(mechanism=mechanism.key, parent=None)
            if mine and has_layout(mechanism.key):
                path = sent(mine, tmp_path / f"{mechanism.key}.xlsx")
                folder[mechanism.key] = path, {each.number: dict(load_state(each.state).values) for each in mine}
        raise _Undone
    assert not Matter.objects.exists() and folder
    for key, (path, stood) in folder.items():
        mechanism = current()[key]
        post = registrars(mechanism)[0]
        brought = bring(path, mechanism, post)
        assert fates(brought) == ["created"] * len(stood), said(brought)
        numbers = [row[0].value for row in openpyxl.load_workbook(path).worksheets[0].iter_rows()]
        may = {name for name, field in mechanism.fields.items() if not set(post.roles).isdisjoint(field.by)}
        heads = {column.key: column.head for column in ledger_columns(mechanism)}
        for row in IntakeRow.objects.filter(intake=brought.intake, status="created").select_related("matter"):
            assert row.matter is not None
            state, values = load_state(row.matter.state), stood[numbers[row.row - 1]]
            assert state.values == {name: value for name, value in values.items() if name in may}
            beside = {heads[name] for name, value in values.items() if name not in may and value not in (None, "", [])}
            assert beside <= dict(state.source).keys()
        assert fates(bring(path, mechanism, post)) == ["unchanged"] * len(stood)


class _Undone(Exception):
    pass


def kinds() -> list[Mechanism]:
    """The mechanisms that there is a matter of."""
    present = set(Matter.objects.values_list("mechanism", flat=True))
    return [each for each in current().values() if each.key in present]


def registrars(mechanism: Mechanism) -> list[Post]:
    """A post for each of the roles that bring in such matters, in the order declared."""
    posts = [post for post in current_posts(day()) if may_bring_in(post, mechanism)]
    found = (next((post for post in posts if role in post.roles), None) for role in mechanism.register_by)
    return list(dict.fromkeys(post for post in found if post is not None))


def another(field: Field, was: Any) -> tuple[str | int | float, Any]:
    """Return what a person writes into the cell of `field` to say something else than `was`, and what it means."""
    listed = was if isinstance(was, list) else [was]
    match field.kind:
        case FieldKind.MONEY:
            return 12.345678, 12_345_678
        case FieldKind.NUMBER:
            return 4_321, 4_321
        case FieldKind.DATE:
            return "2031年2月3日", "2031-02-03"
        case FieldKind.CHOICE:
            choices = [choice for choice in field.choices if choice.key not in listed]
            return choices[-1].label.zh, [choices[-1].key] if field.many else choices[-1].key
        case FieldKind.UNIT:
            units = [unit for unit in Organisation.on(day()).units if unit.key not in listed]
            if field.many:
                return f"{units[3].name}、{units[5].name}", [units[3].key, units[5].key]
            return units[4].name, units[4].key
        case FieldKind.ENTRY:
            found = Entry.objects.filter(register__key=field.register).order_by("-key")
            entries = [entry for entry in found if entry.key not in listed]
            if field.many:
                return f"{entries[0].name}、{entries[1].name}", [entries[0].key, entries[1].key]
            return entries[0].name, entries[0].key
    if field.many:
        return "某甲、某乙", ["某甲", "某乙"]
    long = "改写：" + "很长的一段文字。" * 2_000
    return (long, long) if field.kind is FieldKind.LONG_TEXT else ("改写了的一格", "改写了的一格")


def sent(matters: Any, path: Path) -> Path:
    export(matters, path, organisation=Organisation.on(day()), today=day())
    return path


def bring(path: Path, mechanism: Mechanism, post: Post) -> Brought:
    return import_ledger(
        path, name=path.name, mechanism=mechanism.key, post=post, account=post.account.account, now=timezone.now()
    )


def fates(brought: Brought) -> list[str]:
    rows = IntakeRow.objects.filter(intake=brought.intake).exclude(status="skipped")
    return sorted(rows.values_list("status", flat=True))


def said(brought: Brought) -> list[tuple[str, str]]:
    """Why rows wait."""
    rows = IntakeRow.objects.filter(intake=brought.intake, status="waiting")
    return [(problem.field, str(problem.message)) for row in rows for problem in problems_of(row)]


def states() -> dict[Any, State]:
    return {pk: load_state(text) for pk, text in Matter.objects.values_list("pk", "state")}


def day() -> Any:
    return local_day(timezone.now())
