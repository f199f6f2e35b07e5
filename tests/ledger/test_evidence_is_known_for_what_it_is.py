"""Stored evidence has the type that its bytes show, and a program is refused whatever it is called."""

import io
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from bihuan.ledger.store import keep
from bihuan.mechanism.refusal import Refusal

_OFFICE = "application/vnd.openxmlformats-officedocument."


@pytest.fixture(autouse=True)
def evidence(settings: Any, tmp_path: Path) -> Path:
    settings.BIHUAN_EVIDENCE = tmp_path / "evidence"
    return tmp_path / "evidence"


def _packed(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return made.getvalue()


def _kind(name: str, content: bytes) -> str:
    return keep(uuid.uuid4(), name, [content]).media_type


def test_office_documents_are_told_apart_by_their_parts() -> None:
    made = io.BytesIO()
    with Workbook(made) as book:
        book.add_worksheet().write(0, 0, "一")
    assert _kind("表.xlsx", made.getvalue()) == _OFFICE + "spreadsheetml.sheet"
    types = "[Content_Types].xml"
    assert _kind("a", _packed(types, "word/document.xml")) == _OFFICE + "wordprocessingml.document"
    assert _kind("a", _packed("ppt/presentation.xml", types)) == _OFFICE + "presentationml.presentation"
    assert _kind("a.zip", _packed("xl/no.xml")) == "application/zip"


@pytest.mark.parametrize("name", ["a.exe", "说明.PDF.exe", "a.msi", "a.bat", "a.js", "a.vbs", "a.lnk", "a.exe ."])
def test_what_a_computer_runs_is_refused_by_its_ending(name: str) -> None:
    with pytest.raises(Refusal, match="a scan, a photograph"):
        keep(uuid.uuid4(), name, [b"x"])


def test_what_a_computer_runs_is_refused_by_its_bytes_and_leaves_nothing(evidence: Path) -> None:
    for head in (b"MZ\x90\0\x03\0", b"\x7fELF\x02", b"L\0\0\0\x01\x14\x02\0"):
        with pytest.raises(Refusal) as refused:
            keep(uuid.uuid4(), "发票.pdf", [head + b"\0" * 100])
        assert refused.value.rule == "program"
    assert not [path for path in evidence.rglob("*") if path.is_file()]
    assert keep(uuid.uuid4(), "MZ.txt", ["MZ 街道情况说明".encode()]).size > 0
