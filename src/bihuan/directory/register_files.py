"""The entries of a register from a file: key, name, and whatever else the file says of each. All or nothing.

An entry that is there already is known by its key. Entries that the file does not name stay as they are.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction

from bihuan.mechanism.sentence import N_

from .models import Entry, Register
from .tables import BadFile, Line, Problem, Rows, lines
from .unit_files import ALWAYS, Written

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "key": ("编号", "代码", "统一社会信用代码", "标识"),
    "name": ("名称", "全称", "企业名称", "学校名称", "姓名"),
    "note": ("备注", "说明"),
    "until": ("止", "失效日期", "有效期至"),
}


def import_entries(sheets: Iterable[Rows], *, register: str, name_zh: str, name_en: str) -> Written:
    """Bring a register, made if need be, in line with a file. Raises `BadFile`, and then nothing has changed."""
    found = lines(sheets, COLUMNS, ("key", "name"))
    problems = [problem for line in found for problem in _wrong(line)] + list(_twice(found))
    if not found:
        raise BadFile.because(N_("The file names no entry below its header."))
    if problems:
        raise BadFile(sorted(problems, key=lambda problem: problem.row))
    with transaction.atomic():
        names = {"name_zh": name_zh or register, "name_en": name_en or register}
        into, _ = Register.objects.get_or_create(key=register, defaults=names)
        return _write(into, found)


def _wrong(line: Line) -> Iterable[Problem]:
    for column, limit in (("key", 80), ("name", 200)):
        text = line.cells[column]
        if not text:
            yield line.problem(column, N_("the cell is empty; every entry has a key and a name."))
        elif len(text) > limit:
            yield line.problem(column, N_("the text is longer than %(limit)d characters."), limit=limit)
    if (until := line.cells.get("until", "")) and _day(until) is None:
        yield line.problem("until", N_("“%(text)s” is no day; write it as 2026-06-30."), text=until[:40])


def _twice(found: Iterable[Line]) -> Iterable[Problem]:
    counted = Counter(line.cells["key"] for line in found)
    for line in found:
        if line.cells["key"] and counted[line.cells["key"]] > 1:
            yield line.problem("key", N_("the key “%(key)s” stands in several rows."), key=line.cells["key"][:80])


def _write(register: Register, found: Iterable[Line]) -> Written:
    there = {entry.key: entry for entry in register.entries.all()}
    created = changed = unchanged = 0
    for line in found:
        wanted = {"name": line.cells["name"], "values": _values(line), "until": _day(line.cells.get("until", ""))}
        entry = there.get(line.cells["key"])
        if entry is None:
            Entry.objects.create(register=register, key=line.cells["key"], since=ALWAYS, **wanted)
            created += 1
        elif any(getattr(entry, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(entry, name, value)
            entry.save(update_fields=list(wanted))
            changed += 1
        else:
            unchanged += 1
    return Written(created, changed, unchanged)


def _values(line: Line) -> dict[str, str]:
    return {"note": line.cells["note"]} if line.cells.get("note") else {}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
