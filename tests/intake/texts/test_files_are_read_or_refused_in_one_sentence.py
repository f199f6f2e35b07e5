"""A text comes from .txt in the usual encodings or from .docx; anything else is refused in one clear sentence."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bihuan.intake.reading import Refusal
from bihuan.intake.text import refusals
from bihuan.intake.text.files import check, read_file

TEXT = "会议决定，由市住建局牵头，年底前完成改造。\n第二段。"
_XMLNS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def docx(path: Path, body: str, *, name: str = "word/document.xml", declaration: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, f"{declaration}<w:document {_XMLNS} {_MC}><w:body>{body}</w:body></w:document>")
    return path


def paragraph(*runs: str) -> str:
    return (
        f"<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>{''.join(f'<w:r><w:t>{run}</w:t></w:r>' for run in runs)}</w:p>"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_plain_text_is_read_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "notice.txt"
    path.write_bytes(TEXT.encode(encoding))
    assert read_file(path) == TEXT


def test_a_docx_gives_its_paragraphs_in_order_and_each_once(tmp_path: Path) -> None:
    table = f"<w:tbl><w:tr><w:tc>{paragraph('任务')}</w:tc><w:tc>{paragraph('单位')}</w:tc></w:tr></w:tbl>"
    box = "<mc:AlternateContent><mc:Choice><w:txbxContent>{0}</w:txbxContent></mc:Choice>{1}</mc:AlternateContent>"
    boxed = box.format(paragraph("框内"), f"<mc:Fallback>{paragraph('框内')}</mc:Fallback>")
    changed = "<w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>新</w:t></w:r></w:ins></w:p>"
    broken = "<w:p><w:r><w:t>上</w:t><w:br/><w:t>下</w:t><w:tab/><w:t>格</w:t></w:r></w:p>"
    body = paragraph("会议", "决定：") + table + f"<w:p><w:r>{boxed}</w:r></w:p>" + changed + broken
    told = read_file(docx(tmp_path / "minutes.docx", body))
    assert told.split("\n") == ["会议决定：", "任务", "单位", "", "框内", "新", "上", "下\t格"]


def _file(name: str, content: bytes) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return write


def _bomb(folder: Path) -> Path:
    """A document that unpacks to more than any text needs."""
    path = folder / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w") as part:
        part.write(f"<w:document {_XMLNS}><w:body>".encode())
        for _ in range(130):
            part.write(b"<w:p><w:r><w:t>" + b"a" * (1 << 20) + b"</w:t></w:r></w:p>")
    return path


_ENTITY = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
REFUSED: list[tuple[str, Callable[[Path], Path], str]] = [
    ("missing", lambda folder: folder / "none.txt", refusals.UNREADABLE),
    ("folder", lambda folder: folder, refusals.NO_FILE),
    ("empty", _file("a.txt", b""), refusals.NOTHING),
    ("blank", _file("a.txt", "　\n\n ".encode()), refusals.NOTHING),
    ("pdf", _file("a.pdf", b"%PDF-1.7\n"), refusals.PDF),
    ("pdf called .txt", _file("a.txt", b"%PDF-1.7\n"), refusals.PDF),
    ("png", _file("a.png", b"\x89PNG\r\n\x1a\n"), refusals.PICTURE),
    ("jpg", _file("a.jpg", b"\xff\xd8\xff\xe0"), refusals.PICTURE),
    ("doc", _file("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)), refusals.OLD_WORD),
    ("html", _file("a.txt", b"<html><body>"), refusals.MARKUP),
    ("rtf", _file("a.docx", b"{\\rtf1"), refusals.MARKUP),
    ("not text", _file("a.txt", b"\xff\xff\x00\x81"), refusals.NO_TEXT),
    ("controls", _file("a.txt", "甲\x00乙".encode()), refusals.CONTROLS),
    ("too long", _file("a.txt", "会".encode() * (refusals.LONGEST + 1)), refusals.TOO_LONG),
    ("too large", _file("a.txt", b"a" * (refusals.LIMITS.file_size + 1)), refusals.TOO_LARGE),
    ("workbook", lambda folder: docx(folder / "a.docx", "", name="xl/workbook.xml"), refusals.WORKBOOK),
    ("other zip", lambda folder: docx(folder / "a.docx", "", name="OFD.xml"), refusals.NO_DOCUMENT),
    ("broken zip", _file("a.docx", b"PK\x03\x04" + bytes(50)), refusals.DAMAGED),
    ("broken xml", lambda folder: docx(folder / "a.docx", "<w:p>"), refusals.DAMAGED),
    ("entities", lambda folder: docx(folder / "a.docx", "&b;", declaration=_ENTITY), refusals.DAMAGED),
    ("bomb", _bomb, refusals.TOO_MUCH),
    (
        "long docx",
        lambda f: docx(f / "a.docx", paragraph("会" * refusals.LONGEST) + paragraph("议")),
        refusals.TOO_LONG,
    ),
]


@pytest.mark.parametrize(("make", "pattern"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_cannot_be_read_is_refused_in_one_sentence(
    tmp_path: Path, make: Callable[[Path], Path], pattern: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        read_file(make(tmp_path))
    assert refusal.value.sentence.pattern == pattern
    assert "\n" not in str(refusal.value)


def test_a_document_nested_a_hundred_thousand_deep_costs_its_process_and_no_more(tmp_path: Path) -> None:
    deep = "<w:sdt>" * 100_000 + paragraph("底") + "</w:sdt>" * 100_000
    try:
        assert read_file(docx(tmp_path / "deep.docx", deep)) == "底"
    except Refusal as refusal:
        assert refusal.sentence.pattern in (refusals.TOO_MUCH, refusals.DAMAGED)


def test_pasted_text_is_held_to_the_same_limits() -> None:
    assert check(TEXT) == TEXT
    for text, pattern in ((" \n", refusals.NOTHING), ("甲\x1b乙", refusals.CONTROLS)):
        with pytest.raises(Refusal) as refusal:
            check(text)
        assert refusal.value.sentence.pattern == pattern
