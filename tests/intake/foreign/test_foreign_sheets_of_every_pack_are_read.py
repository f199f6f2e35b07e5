"""A sheet of every pack as a clerk has it becomes matters, or waits, as a person who looked at it wrote down.

Each `PACK.toml` holds the `rows` of a workbook, its `merges`, and what is expected of each row that is a matter:
the `values` that are read (money in yuan, units by full name, entries by key) with no other beside them, what it
`becomes` beyond them, what is kept `beside` it, and the unit's `assertion`; or the fields that it `waits` for,
`refused` by the ledger alone (and so tried again). Rows that are not named are titles, heads, totals and notes.
"""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.utils import timezone
from django.utils.translation import override

from bihuan.demo.walks import packs
from bihuan.directory.models import Post
from bihuan.intake.bringing import import_ledger
from bihuan.intake.contents import problems_of
from bihuan.intake.models import IntakeRow
from bihuan.intake.report import Brought
from bihuan.intake.rights import may_bring_in
from bihuan.ledger.days import local_day
from bihuan.ledger.fold import load_state
from bihuan.ledger.next_steps import current_posts
from bihuan.ledger.packs import current
from bihuan.web.speaking import say

pytestmark = [pytest.mark.django_db, pytest.mark.either_engine]

SHEETS = sorted(Path(__file__).parent.glob("*.toml"))


def test_every_pack_has_such_a_sheet() -> None:
    assert {path.stem for path in SHEETS} == set(packs())


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_a_sheet_is_read_as_a_person_reads_it(office: None, tmp_path: Path, path: Path) -> None:
    drawn = tomllib.loads(path.read_text(encoding="utf-8"))
    book = written(drawn, tmp_path / "foreign.xlsx")
    brought = bring(book, path.stem)
    expected = {each["row"]: each for each in drawn["expected"]}
    (sheet,) = brought.sheets
    read = {row.row: row for row in sheet.rows if row.status != "skipped"}
    assert read.keys() == expected.keys()
    rows = {row.row: row for row in IntakeRow.objects.filter(intake=brought.intake).exclude(status="skipped")}
    for number, wanted in expected.items():
        if "waits" in wanted:
            check_waiting(rows[number], wanted["waits"])
        else:
            said = {key: value for key, value in read[number].values.items() if value not in (None, [])}
            assert (number, said) == (number, wanted["values"])
            check_matter(rows[number], wanted)
    again = IntakeRow.objects.filter(intake=bring(book, path.stem).intake).exclude(status="skipped")
    assert {row.row: row.status for row in again} == {
        number: "waiting" if wanted.get("refused") else "unchanged" for number, wanted in expected.items()
    }


def check_waiting(row: IntakeRow, fields: list[str]) -> None:
    """It waits for just these, each with a sentence in either language."""
    problems = problems_of(row)
    assert (row.row, row.status, sorted({each.field for each in problems})) == (row.row, "waiting", sorted(fields))
    for problem in problems:
        for language in ("zh-hans", "en"):
            with override(language):
                assert len(say(problem.message)) > 5


def check_matter(row: IntakeRow, wanted: dict[str, Any]) -> None:
    """What the clerk may give is the matter's; the rest, and what no field holds, is kept as it was written."""
    assert (row.row, row.status) == (row.row, "created"), [str(each.message) for each in problems_of(row)]
    assert row.matter is not None
    state, mechanism = load_state(row.matter.state), current()[row.matter.mechanism]
    roles = set(registrar(mechanism.key).roles)
    may = {key for key, field in mechanism.fields.items() if not roles.isdisjoint(field.by)}
    assert state.values.keys() == (wanted["values"].keys() & may) | wanted.get("becomes", {}).keys()
    assert wanted.get("becomes", {}).items() <= state.values.items()
    assert wanted.get("beside", {}).items() <= dict(state.source).items()
    assert (state.assertion or "") == wanted.get("assertion", wanted["values"].get("claimed_status", ""))


def written(drawn: dict[str, Any], path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in drawn["rows"]:
        sheet.append([text or None for text in row])
    for area in drawn["merges"]:
        sheet.merge_cells(area)
    book.save(path)
    return path


def registrar(mechanism: str) -> Post:
    return next(post for post in current_posts(local_day(timezone.now())) if may_bring_in(post, current()[mechanism]))


def bring(path: Path, mechanism: str) -> Brought:
    post = registrar(mechanism)
    return import_ledger(
        path,
        name=path.name,
        mechanism=mechanism,
        post=post,
        account=post.account.account,
        now=timezone.now(),
        reference_day=date(2026, 11, 25),
    )
