"""A register is filled from a file, by keys, all or nothing."""

from pathlib import Path

import pytest

from bihuan.directory.models import Entry, Register
from bihuan.directory.register_files import import_entries
from bihuan.directory.tables import BadFile, read_tables

FILE = "编号,名称,备注,有效期至\nQ1,甲公司,高新,2027-12-31\nQ2,乙公司,,\n"


def _bring(folder: Path, text: str) -> tuple[int, int, int]:
    path = folder / "名录.csv"
    path.write_text(text, encoding="utf-8")
    made = import_entries(read_tables(path), register="enterprise", name_zh="企业", name_en="Enterprises")
    return made.created, made.changed, made.unchanged


@pytest.mark.django_db
def test_entries_are_made_once_and_changed_by_key(tmp_path: Path) -> None:
    assert _bring(tmp_path, FILE) == (2, 0, 0)
    assert _bring(tmp_path, FILE) == (0, 0, 2)
    assert _bring(tmp_path, FILE.replace("乙公司", "丙公司")) == (0, 1, 1)
    assert Register.objects.get().name_zh == "企业"
    assert list(Entry.objects.order_by("key").values_list("key", "name")) == [("Q1", "甲公司"), ("Q2", "丙公司")]


@pytest.mark.django_db
@pytest.mark.parametrize("line", ["Q1,丁公司,,", "Q3,,,", "Q4,戊公司,,明年"])
def test_a_bad_line_takes_nothing_in_and_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(BadFile) as bad:
        _bring(tmp_path, FILE + line + "\n")
    assert any(problem.row == 4 for problem in bad.value.problems)
    assert not Register.objects.exists()
