"""The workbooks to fill in: a header, a note at each column, and lists to choose from."""

import io

import xlsxwriter

from bihuan.directory.organisation import Organisation

from ..reach_words import role_labels
from ..speaking import say
from .bringing import UNITS, Kind

#: What belongs into a column, as a note at its head. Workbooks are in Chinese, as the ledgers are.
_NOTES = {
    "单位名称": "单位全称，同一上级之下不得重名。必填。",
    "简称": "多个简称用“|”隔开，导入台账时按简称也能认出。",
    "级别": "1为最高一级，其下为2，依此类推；不填则按上级单位推算。",
    "上级单位": "上级单位全称，可以写在本表后面的行；最高一级不填。",
    "账号": "登录用，不超过80个字符，不含空格和“/”“|”。一个账号对应一个人。必填。",
    "姓名": "必填。",
    "单位": "单位全称或不会混淆的简称，须已在单位表中。必填。",
    "岗位": "岗位名称，如：审计整改联络员。必填。",
    "角色": "从下拉列表选；多个角色用“、”隔开。可选角色见“角色”表。必填。",
    "任职起": "如2026-06-30；不填为今天。",
    "任职止": "不填为长期。",
    "分管": "分管领导填写：分管单位全称，多个用“|”隔开。",
}


def workbook(kind: Kind, organisation: Organisation) -> bytes:
    """Return the workbook as bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    head = book.add_format({"bold": True, "bg_color": "#E8F0FD", "border": 1})
    text = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet(kind.file.removesuffix(".xlsx"))
    for place, name in enumerate(kind.heads):
        sheet.set_column(place, place, 34 if name in ("单位名称", "上级单位", "单位", "角色", "分管") else 16, text)
        sheet.write_string(0, place, name, head)
        sheet.write_comment(0, place, _NOTES[name], {"x_scale": 2})
    sheet.freeze_panes(1, 0)
    if kind is not UNITS:
        roles = [say(label) for label in role_labels().values()]
        _choose(book, sheet, kind.heads.index("角色"), "角色", roles)
        _choose(book, sheet, kind.heads.index("单位"), "单位清单", [unit.name for unit in organisation.units])
    book.close()
    return out.getvalue()


def _choose(
    book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, column: int, name: str, choices: list[str]
) -> None:
    """Give a column a list to choose from, which stands on a sheet of its own; other texts may be typed too."""
    if not choices:
        return
    other = book.add_worksheet(name)
    other.set_column(0, 0, 40)
    other.write_column(0, 0, choices)
    source = f"='{name}'!$A$1:$A${len(choices)}"
    sheet.data_validation(1, column, 9999, column, {"validate": "list", "source": source, "error_type": "information"})
