"""How the ledger's sheets look: formats, widths, frozen panes; one place for what goes out in any way."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bihuan.intake.form.cells import Cell
from bihuan.intake.form.columns import Column, Holds, Look
from bihuan.mechanism.model import FieldKind

FONT = "宋体"
#: Width of a column in characters of Excel's default font, by what it holds; a Chinese character takes two.
WIDTHS = {Look.LINE: 16, Look.TEXT: 36, Look.DAY: 12, Look.MONEY: 15, Look.COUNT: 10}
_NUMBER, _TITLE, _UNIT = 12, 30, 24
#: Points that a line takes; so many lines are shown at most, out of so many characters.
_LINE, _MOST_LINES, _SHOWN = 14, 20, 2_000
_BASE = {"font_name": FONT, "font_size": 10, "valign": "top", "text_wrap": True, "border": 1, "border_color": "#BFBFBF"}
_HEAD = {
    **_BASE,
    "bold": True,
    "align": "center",
    "valign": "vcenter",
    "bg_color": "#DCE6F1",
    "border_color": "#7F7F7F",
}
_ALIGNED = {Look.DAY: "center", Look.MONEY: "right", Look.COUNT: "right"}
_LEADS = ("=", "+", "-", "@", "'", "＝", "＋", "－", "＠")
#: Text cells up to this length are marked as text, so that a number typed into one stays as typed; longer texts
#: would be shown as ##### by older programs.
_SHORT = 200
#: What each shade adds: cells that the reader may write in are white, the others grey.
SHADES: dict[str, dict[str, Any]] = {
    "plain": {},
    "open": {"locked": False, "bg_color": "#FFFFCC"},
    "shut": {"locked": True, "bg_color": "#E7E6E6", "font_color": "#404040"},
}


class Formats:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._kept: dict[tuple[object, ...], Format] = {}
        self.head = book.add_format(_HEAD)
        self.late = book.add_format({"font_color": "#9C0006", "bg_color": "#FFC7CE", "bold": True})
        self.near = book.add_format({"font_color": "#7F6000", "bg_color": "#FFEB9C"})

    def of(self, look: Look, cell: Cell, shade: str) -> Format:
        """Return how a cell of a column with this look is shown."""
        code = _code(look, cell)
        quoted = isinstance(cell, str) and code != "@" and cell.startswith(_LEADS)
        key = (look, code, shade, quoted)
        if key not in self._kept:
            given = {**_BASE, "align": _ALIGNED.get(look, "left"), "num_format": code, **SHADES[shade]}
            made = self._book.add_format(given)
            if quoted:
                made.set_quote_prefix()
            self._kept[key] = made
        return self._kept[key]


def _code(look: Look, cell: Cell) -> str:
    """Return the number format: as many decimals as an amount has, days as 2026-06-30, text that stays text."""
    if look is Look.DAY:
        return "yyyy-mm-dd"
    if isinstance(cell, str):
        return "@" if len(cell) <= _SHORT else "General"
    if look is Look.MONEY and cell is not None:
        exponent = Decimal(str(cell)).as_tuple().exponent
        places = -int(exponent) if isinstance(exponent, int) and isinstance(cell, float) else 0
        return "#,##0" + ("." + "0" * places if places > 0 else "")
    return "@" if look in (Look.LINE, Look.TEXT) else "General"


class Paper:
    """One sheet of a ledger: its head, its rows as they come, and what is set at the end.

    `hidden` are places of columns that stand in the sheet and are not shown.
    """

    def __init__(
        self,
        sheet: Worksheet,
        columns: Sequence[Column],
        formats: Formats,
        *,
        frozen: int,
        hidden: Collection[int] = (),
    ) -> None:
        self._sheet, self._columns, self._formats, self._frozen = sheet, columns, formats, frozen
        self._widths = [width_of(column, is_title=place == frozen - 1) for place, column in enumerate(columns)]
        for place, width in enumerate(self._widths):
            sheet.set_column(place, place, width, None, {"hidden": place in hidden})
        sheet.set_row(0, 32)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.head, formats.head)
        sheet.freeze_panes(1, frozen)

    def write(self, row: int, cells: Sequence[Cell], shades: Sequence[str]) -> None:
        """Write one row, high enough for its texts; text never becomes a formula or a number."""
        sheet = self._sheet
        sheet.set_row(row, self._height(cells))
        for place, (cell, column, shade) in enumerate(zip(cells, self._columns, shades, strict=True)):
            look = self._formats.of(column.look, cell, shade)
            if cell is None:
                sheet.write_blank(row, place, None, look)
            elif isinstance(cell, str):
                sheet.write_string(row, place, cell, look)
            elif isinstance(cell, date):
                sheet.write_datetime(row, place, cell, look)
            else:
                sheet.write_number(row, place, cell, look)

    def finish(self, rows: int) -> None:
        """Set the filter and how it is printed: A3 landscape, head and first columns on each page."""
        sheet = self._sheet
        sheet.autofilter(0, 0, max(rows, 1), len(self._columns) - 1)
        sheet.repeat_rows(0)
        sheet.repeat_columns(0, self._frozen - 1)
        sheet.set_landscape()
        sheet.set_paper(8)
        sheet.set_print_scale(70)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
        sheet.set_footer("&C第 &P 页，共 &N 页")

    def _height(self, cells: Sequence[Cell]) -> float:
        """Programs do not agree on making rows as high as their texts, so it is told."""
        most = 1
        for cell, width in zip(cells, self._widths, strict=True):
            if isinstance(cell, str) and (2 * len(cell) > width - 1 or "\n" in cell):
                parts = cell[:_SHOWN].split("\n")
                most = max(most, sum(-(-max(_wide(part), 1) // (width - 2)) for part in parts))
        return min(most, _MOST_LINES) * _LINE + 4


def _wide(text: str) -> int:
    """Return how many narrow characters a text is as wide as; a Chinese one counts two."""
    return len(text.encode("gb18030", "replace"))


def width_of(column: Column, *, is_title: bool = False) -> int:
    """Return the width that shows the column's head and what it usually holds."""
    if column.holds is Holds.NUMBER:
        return _NUMBER
    if is_title:
        return _TITLE
    usual = _UNIT if column.field and column.field.kind is FieldKind.UNIT else WIDTHS[column.look]
    return max(usual, min(2 * len(column.head) + 4, 26))


def sheet_names(titles: Sequence[str]) -> Iterator[str]:
    """Yield a name for each sheet that Excel takes: 31 characters, none of []:*?/\\, no two alike."""
    seen: set[str] = set()
    for title in titles:
        clean = "".join("－" if c in "[]:*?/\\" else c for c in title).strip("'")[:28] or "台账"
        name, again = clean, 2
        while name.lower() in seen:
            name, again = f"{clean}{again}", again + 1
        seen.add(name.lower())
        yield name
