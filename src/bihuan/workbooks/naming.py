"""Names of files that every system takes, Windows first: no reserved signs, no reserved names, not too long."""

import re
from collections.abc import Iterable
from datetime import date

_LONGEST = 120  # bytes of the part that is not the day; a name may have 255
_WIDE = str.maketrans({
    "<": "＜", ">": "＞", ":": "：", '"': "＂", "/": "／", "\\": "＼", "|": "｜", "?": "？", "*": "＊", ".": "．",
})  # fmt: skip
_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])", re.I)


def safe(text: str) -> str:
    """Return `text` as part of a file's name."""
    name = _UNSEEN.sub(" ", text).strip().translate(_WIDE)
    name = name.encode()[:_LONGEST].decode(errors="ignore").strip() or "未命名"
    return f"{name}＿" if _DEVICE.fullmatch(name) else name


def workbook_names(units: Iterable[tuple[str, str]], mechanism: str, day: date) -> dict[str, str]:
    """Return unit key → name of its workbook, of (key, name) of each; no two are alike, whatever their case."""
    made: dict[str, str] = {}
    seen: set[str] = set()
    for key, unit in units:
        name = f"{safe(unit)}_{safe(mechanism)}_{day.isoformat()}.xlsx"
        if name.lower() in seen:
            name = f"{safe(unit)}〔{safe(key)}〕_{safe(mechanism)}_{day.isoformat()}.xlsx"
        seen.add(name.lower())
        made[key] = name
    return made


def archive_name(mechanism: str, day: date) -> str:
    """Return the name of the zip that holds all workbooks of a day."""
    return f"拆分_{safe(mechanism)}_{day.isoformat()}.zip"
