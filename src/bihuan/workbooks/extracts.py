"""What is kept of a returned workbook as evidence: for each matter its own row, and where that came from.

The workbook itself holds the rows of other matters. Kept whole, it would let whoever may open one matter read the
others, and what is erased from one would live on with another.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from django.conf import settings
from django.utils import timezone
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bihuan.intake.form.cells import ERASED
from bihuan.intake.reading import Limits
from bihuan.intake.reading import Refusal as FileRefusal
from bihuan.ledger.models import Matter
from bihuan.ledger.store import keep
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_
from bihuan.mechanism.state import Proof, State

from . import files
from .models import Answer, Proposal
from .naming import safe
from .paper import FONT
from .returned import Returned, Sheet, read_returned

_GONE = N_("The file is no longer kept, because values in it were erased by law; bring in the workbook without them.")
_SHEET, _WIDTH = "原表摘录", 22
_CELL = 32_767  # characters that a cell holds; a text file may hold more in one
_LINE = {"font_name": FONT, "font_size": 10, "valign": "top", "num_format": "@"}
_BOXED = {**_LINE, "text_wrap": True, "border": 1, "border_color": "#BFBFBF"}
_NOTE = "本文件由系统从反馈的原表中摘出，只含表头和本事项所在的行，文字与原表一致；原表不随事项保存。"


@dataclass(frozen=True, slots=True)
class Original:
    """The workbook of an answer, read again."""

    answer: Answer
    returned: Returned


def read_original(answer: Answer, mechanism: Mechanism) -> Original:
    """Read the file of `answer` as it came. Raises `Refusal` where it is no longer kept or cannot be read now."""
    path = files.path_of(answer.sha256)
    if not path.is_file():
        raise Refusal("file_gone", _GONE)
    limits = Limits(file_size=min(Limits().file_size, settings.BIHUAN_MAX_UPLOAD))
    try:
        return Original(answer, read_returned(path, {mechanism.key: mechanism}, limits))
    except FileRefusal as refusal:
        raise Refusal("file_unread", refusal.sentence.pattern, **refusal.sentence.values) from None


def extract(original: Original, matter: Matter, proposals: Sequence[Proposal], *, state: State) -> Proof:
    """Put the row of `proposals`, which are all of the matter, into its store as a workbook.

    What was erased by law from the matter is not brought back by a workbook that is older. The same row of the same
    file makes the same bytes, whoever extracts it and whenever.
    """
    name = f"反馈原表摘录 {safe(matter.finding_no or matter.number)}.xlsx"
    erased = {place.removeprefix("set.") for slot in state.redacted if (place := slot.partition(":")[2])}
    places = sorted({(each.sheet, each.row) for each in proposals})
    return keep(matter.pk, name, [_written(original, places, erased - {each.field for each in proposals})])


def _written(original: Original, places: Sequence[tuple[str, int]], erased: Collection[str]) -> bytes:
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": timezone.localtime(original.answer.brought_at).replace(tzinfo=None)})
        head = book.add_format({**_BOXED, "bold": True, "bg_color": "#DCE6F1"})
        cell, line = book.add_format(_BOXED), book.add_format(_LINE)
        sheet, at = book.add_worksheet(_SHEET), 0
        heads: list[list[str]] = []
        for name, row in places:
            came = original.returned.sheets[name]
            for each in came.heads if came.heads != heads else []:
                at = _row(sheet, at, each, head)
            at, heads = _row(sheet, at, _left(came, row, erased), cell), came.heads
        for said in _facts(original.answer, places):
            at += 1
            sheet.write_string(at, 0, said, line)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        sheet.set_landscape()
        sheet.set_paper(9)
    return file.getvalue()


def _left(came: Sheet, row: int, erased: Collection[str]) -> list[str]:
    keys = {place: column.key for place, column in came.places.items()}
    texts = enumerate(came.texts(row))
    return [ERASED if text.strip() and keys.get(place) in erased else text for place, text in texts]


def _row(sheet: Worksheet, at: int, texts: Sequence[str], look: Format) -> int:
    """Write the texts as texts, never as formulas; return the row below them."""
    deep = 1
    sheet.set_column(0, max(len(texts) - 1, 0), _WIDTH)
    for column, text in enumerate(texts):
        pieces = [text[start : start + _CELL] for start in range(0, len(text), _CELL)] or [""]
        for down, piece in enumerate(pieces):
            if piece:
                sheet.write_string(at + down, column, piece, look)
            else:
                sheet.write_blank(at + down, column, None, look)
        deep = max(deep, len(pieces))
    return at + deep


def _facts(answer: Answer, places: Sequence[tuple[str, int]]) -> Iterator[str]:
    yield _NOTE
    yield f"原表文件：{answer.name}"
    yield f"原表SHA-256：{answer.sha256}"
    yield "所在位置：" + "，".join(f"工作表“{sheet}”第{row}行" for sheet, row in places)
    yield f"填报单位：{answer.unit.name if answer.unit else '—'}"
    yield f"收回时间：{timezone.localtime(answer.brought_at):%Y-%m-%d %H:%M}"
