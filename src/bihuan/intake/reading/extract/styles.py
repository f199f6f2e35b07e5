"""Number formats that change what a clerk sees: 007, 2026年6月, 120万元. Only those are told apart.

A month typed into a cell becomes the first day of that month, shown without a day; what the clerk wrote is the month.
"""

import html
import re

_FORMAT = re.compile(rb'<(?:\w+:)?numFmt\s[^<>]*?numFmtId="(\d+)"[^<>]*?formatCode="([^"]*)"')
_CELL_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.S)
_FORMAT_OF = re.compile(rb'<(?:\w+:)?xf\s[^<>]*?numFmtId="(\d+)"')
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_MONTHS = {17, 27, 36, 50, 52, 57}
"""Built-in formats that show a month (in Chinese workbooks from 27 on)."""
_UNIT = re.compile(r"亿元|万元|千元|元")


def find_styles(text: bytes) -> dict[int, str]:
    """Return style number → `zeros:3`, `month` or `unit:万元` where one applies, of a workbook's styles part."""
    codes = {int(key): html.unescape(code.decode("utf-8", "replace")) for key, code in _FORMAT.findall(text)}
    section = _CELL_FORMATS.search(text)
    if not section:
        return {}
    kinds = (_kind(int(key), codes.get(int(key), "")) for key in _FORMAT_OF.findall(section.group()))
    return {style: kind for style, kind in enumerate(kinds) if kind}


def _kind(key: int, code: str) -> str:
    if not code and key in _MONTHS:
        return "month"
    shown = code.split(";")[0]
    bare = _LITERAL.sub("", shown).lower()
    if re.fullmatch(r"0{2,}", shown.strip()):
        return f"zeros:{len(shown.strip())}"
    if "y" in bare and "m" in bare and not re.search(r"[dhs0#]", bare):
        return "month"
    unit = _UNIT.search(shown)
    if unit and re.search(r"[0#]", bare):
        scaled = "!" in shown or r"\." in shown or bare.rstrip().endswith(",")
        return f"unit:{'元' if scaled else unit.group()}"
    return ""
