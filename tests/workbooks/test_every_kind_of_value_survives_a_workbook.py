"""Whatever a field can hold stands in a cell in such a way that the same value is read back, kind by kind."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bihuan.intake.form.cells import LONGEST, cell_of, text_of
from bihuan.intake.form.own import UNTOLD
from bihuan.intake.form.reading import CellFault, read_cell
from bihuan.intake.form.sheet import told
from bihuan.ledger.packs import current
from bihuan.mechanism.model import FieldKind
from examples import examples
from workbooks.own_form import CHOICES, FIELDS, UNITS, every_kind, names, read, write

#: What people type, and what has broken workbooks before.
TRICKY = [
    "=1+1", "+86", "-1", "@SUM(A1)", "007", "110105199001011234", "1e5", "2026-06-30",
    "  前后有空格  ", "\u3000全角空格\u3000",
    "第一行\n第二行\n", "a\r\nb", "_x000D_", "<b>&amp;",
    "无", "-", "/", "合计", "注：", "'引号", "、", "甲、乙", "😀𠮷", "TRUE", "#N/A",
]  # fmt: skip
LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1)
TEXTS = LINES | st.sampled_from(TRICKY) | st.lists(LINES | st.just(""), min_size=2, max_size=4).map("\n".join)
#: One of several values on a line of its own cannot hold a break.
PARTS = st.sampled_from(["007", "甲", "甲、乙", "=1", " 乙 "]) | LINES.filter(lambda text: bool(text.strip()))
FEN = st.integers(-(10**17), 10**17) | st.integers(-(10**6), 10**6)
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31)).map(date.isoformat)
KEYS = {
    FieldKind.UNIT: st.sampled_from(sorted(UNITS)),
    FieldKind.CHOICE: st.sampled_from([key for key, _, _ in CHOICES]),
    FieldKind.ENTRY: st.sampled_from(["f1", "f2", "f3"]),
    FieldKind.DATE: DAYS,
    FieldKind.MONEY: FEN,
    FieldKind.NUMBER: FEN,
}
VALUES = st.fixed_dictionaries({
    key: st.none() | (
        st.lists(KEYS.get(field.kind, PARTS), min_size=1, max_size=3, unique=True)
        if field.many
        else KEYS.get(field.kind, TEXTS.filter(bool))
    )
    for key, field in FIELDS.items()
})  # fmt: skip


@examples(everyday=15, whole=40)
@given(st.lists(VALUES, min_size=1, max_size=4))
@example([{"one_money": 1, "one_text": text, "one_long_text": text, "many_text": ["甲、乙"]} for text in TRICKY])
def test_every_value_is_read_back_as_it_was(rows: list[dict[str, Any]]) -> None:
    mechanism = every_kind(current()["audit_rectification"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.xlsx"
        write(path, mechanism, rows)
        sheet = read(path, mechanism)
    assert [row.problems for row in sheet.rows] == [()] * len(rows)
    for row, values in zip(sheet.rows, rows, strict=True):
        for key, field in FIELDS.items():
            assert row.values[key] == told(field.kind, values.get(key), names()), key


def test_cells_are_of_the_kind_that_people_expect(tmp_path: Path) -> None:
    """A fen is 0.000001 of 万元 and no noise; days are days; text that looks like something else stays text."""
    mechanism = every_kind(current()["audit_rectification"])
    write(tmp_path / "out.xlsx", mechanism, [
        {"one_money": 1, "one_date": "2026-06-30", "one_text": "=1+1", "finding_no": "007", "one_number": 3},
        {"one_money": -1234567890, "one_text": "110105199001011234", "one_long_text": "-" + "长" * 300},
        {"one_money": 10**17 - 1},
    ])  # fmt: skip
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    heads = {cell.value: cell.column for cell in sheet[1]}

    def cell(row: int, head: str) -> Any:
        return sheet.cell(row, heads[head])

    assert (cell(2, "栏目one_money（万元）").value, cell(2, "栏目one_money（万元）").number_format) == (
        0.000001,
        "#,##0.000000",
    )
    assert cell(3, "栏目one_money（万元）").value == -1234.56789
    assert cell(4, "栏目one_money（万元）").value == "99999999999.999999"
    assert cell(2, "栏目one_date").is_date and cell(2, "栏目one_date").value.date() == date(2026, 6, 30)
    assert (cell(2, "栏目one_text").data_type, cell(2, "栏目one_text").value) == ("s", "=1+1")
    assert (cell(2, "问题编号").data_type, cell(2, "问题编号").number_format) == ("s", "@")
    assert (cell(3, "栏目one_text").data_type, cell(3, "栏目one_long_text").quotePrefix) == ("s", True)
    assert sheet.freeze_panes == "D2" and sheet.auto_filter.ref


def test_days_before_the_workbooks_calendar_are_written_as_text() -> None:
    """Excel counts a 29 February 1900 that never was; such a day can only stand as text, and says the same."""
    field = FIELDS["one_date"]
    assert cell_of(field, "1899-12-31", names()) == "1899-12-31"
    assert cell_of(field, "1900-03-01", names()) == date(1900, 3, 1)
    assert read_cell(field, "1899-12-31", names(), year=2026) == "1899-12-31"


def test_what_no_cell_can_hold_is_never_cut_in_silence(tmp_path: Path) -> None:
    """A text that is too long gives way to a notice, which says nothing when it comes back; controls become visible."""
    mechanism = every_kind(current()["audit_rectification"])
    fits, too_long, emoji = "长" * LONGEST, "长" * (LONGEST + 1), "😀" * (LONGEST // 2 + 1)
    write(tmp_path / "out.xlsx", mechanism, [
        {"one_long_text": fits, "one_text": "甲\x0b乙\x7f"}, {"one_long_text": too_long}, {"one_long_text": emoji},
    ])  # fmt: skip
    first, second, third = read(tmp_path / "out.xlsx", mechanism).rows
    assert first.values["one_long_text"] == fits and first.values["one_text"] == "甲␋乙␡"
    for row, text in ((second, too_long), (third, emoji)):
        assert "one_long_text" not in row.values and row.values[UNTOLD] == ["one_long_text"]
        assert f"全文共{len(text)}字" in "".join(row.cells)


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("one_money", "12.5", 12_500_000),
        ("one_money", "3元", 300),
        ("one_date", "2026年6月30日", "2026-06-30"),
        ("one_date", "2026.6.30", "2026-06-30"),
        ("one_choice", "No", "no"),
        ("one_choice", " 否 ", "no"),
        ("one_number", "１２", 12),
        ("one_unit", "云杉市财政局", "u2"),
        ("many_unit", "云杉市财政局、云杉市住房和城乡建设局", ["u2", "u1"]),
        ("many_unit", "甲、乙联合指挥部、云杉市财政局", ["u3", "u2"]),
        ("one_text", "   ", "   "),
        ("one_money", "   ", None),
    ],
)
def test_what_people_write_into_a_cell_is_understood(key: str, text: str, value: Any) -> None:
    assert read_cell(FIELDS[key], text, names(), year=2026) == value


@pytest.mark.parametrize(
    ("key", "text", "says"),
    [
        ("one_money", "约十万", "not one amount"),
        ("one_money", "0.0000001", "finer than a fen"),
        ("one_date", "六月底", "is not a day"),
        ("one_date", "2026-02-30", "is not a day"),
        ("one_choice", "也许", "cannot be chosen"),
        ("one_number", "1.5", "not a whole number"),
        ("one_unit", "财政", "no unit of the directory"),
        ("one_entry", "别的厂", "not an entry"),
        ("one_text", "长" * 2001, "at most 2000"),
    ],
)
def test_what_is_not_understood_gets_one_sentence(key: str, text: str, says: str) -> None:
    with pytest.raises(CellFault) as caught:
        read_cell(FIELDS[key], text, names(), year=2026)
    assert says in str(caught.value.sentence)


def test_choices_are_written_in_chinese_and_read_in_both_languages() -> None:
    field = FIELDS["one_choice"]
    for key, zh, en in CHOICES[1:3]:
        assert text_of(cell_of(field, key, names())) == zh
        assert read_cell(field, zh, names(), year=2026) == read_cell(field, en, names(), year=2026) == key
