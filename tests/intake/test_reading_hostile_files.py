"""A hostile or broken file is refused in one short sentence, in bounded time and memory, and leaves nothing behind."""

import json
import os
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import msoffcrypto
import openpyxl
import pytest
import xlwt
from msoffcrypto.format.ooxml import OOXMLFile

import bihuan
from bihuan.intake.reading import Limits, Refusal

SECONDS, MEGABYTES = 35, 1000
READ = """
import json, sys, threading, time
from datetime import date
from pathlib import Path
from bihuan.intake.reading import Layout, Refusal, UnitIndex, read_ledger

def peak(pid):
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

def watch():
    while True:
        for list_of in Path("/proc/self/task").glob("*/children"):
            for pid in list_of.read_text().split():
                child[0] = max(child[0], peak(pid))
        time.sleep(0.005)

child, said, start = [0], None, time.monotonic()
layout = Layout.load(Path(sys.argv[2]))
threading.Thread(target=watch, daemon=True).start()
try:
    read_ledger(Path(sys.argv[1]), units=UnitIndex([]), layout=layout, reference_day=date(2026, 1, 1))
except Refusal as refusal:
    said = str(refusal)
print(json.dumps({"said": said, "seconds": time.monotonic() - start, "megabytes": peak("self") + child[0]}))
"""
ROWS = [["序号", "问题描述", "责任单位", "整改时限"], ["1", "多计工程款", "市住建局", "2026-06-30"]]


def plain(path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(path)
    return path


def rewrite(path: Path, change: Callable[[str, bytes], bytes], *, extra: dict[str, bytes] | None = None) -> Path:
    with zipfile.ZipFile(path) as old:
        parts = {name: change(name, old.read(name)) for name in old.namelist()} | (extra or {})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return path


def in_sheet(change: Callable[[bytes], bytes]) -> Callable[[str, bytes], bytes]:
    return lambda name, data: change(data) if name == "xl/worksheets/sheet1.xml" else data


def empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def blanks(path: Path) -> Path:
    path.write_bytes(b" \r\n \r\n")
    return path


def huge(path: Path) -> Path:
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(200 << 20)
    return path


def truncated(path: Path) -> Path:
    path.write_bytes(plain(path).read_bytes()[:2500])
    return path


def flipped(path: Path) -> Path:
    data = bytearray(plain(path).read_bytes())
    at = data.index(b"xl/worksheets/sheet1.xml") + 60
    data[at : at + 8] = b"\xff" * 8
    path.write_bytes(bytes(data))
    return path


def encrypted(path: Path) -> Path:
    clear = plain(path.with_name("clear.xlsx"))
    with clear.open("rb") as source, path.open("wb") as target:
        OOXMLFile(source).encrypt("secret", target)
    clear.unlink()
    with path.open("rb") as file:
        assert msoffcrypto.OfficeFile(file).is_encrypted()
    return path


def encrypted_xls(path: Path) -> Path:
    book = xlwt.Workbook()
    book.add_sheet("台账").write(0, 0, "序号")
    book.save(str(path))
    data = path.read_bytes()
    at = data.index(struct.pack("<HH", 0xE1, 2))  # the record after the workbook's beginning becomes FILEPASS
    path.write_bytes(data[:at] + struct.pack("<HH", 0x2F, 2) + data[at + 4 :])
    return path


def bomb(path: Path) -> Path:
    return rewrite(plain(path), in_sheet(lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b" " * (600 << 20))))


def bomb_of_cells(path: Path) -> Path:
    row = b"<row>" + b"<c><v>1</v></c>" * 1000 + b"</row>"
    return rewrite(plain(path), in_sheet(lambda xml: xml.replace(b"</sheetData>", row * 24_000 + b"</sheetData>")))


def lying_bomb(path: Path) -> Path:
    """A part that declares 1 kB and inflates to 3 GB."""
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    # After a full flush a piece stands by itself, so the same one can follow itself as often as one likes.
    piece = engine.compress(b"\x20" * (1 << 24)) + engine.flush(zlib.Z_FULL_FLUSH)
    body = piece * 192 + engine.flush()
    with zipfile.ZipFile(plain(path), "a") as archive:
        archive.writestr("xl/media/a.xml", b"x")
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("xl/media/a.xml")
    name = b"xl/media/a.xml"
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, 0, len(body), 1024, len(name), 0) + name + body
    start = data.index(b"PK\x01\x02")
    directory = bytearray(data[start:-22])
    entry = directory.index(b"PK\x01\x02", directory.rindex(b"PK\x01\x02"))
    struct.pack_into("<H", directory, entry + 10, 8)
    struct.pack_into("<III", directory, entry + 16, 0, len(body), 1024)
    end = bytearray(data[-22:])
    struct.pack_into("<II", end, 12, len(directory), info.header_offset + len(local))
    path.write_bytes(data[: info.header_offset] + local + bytes(directory) + bytes(end))
    return path


def giant_attribute(path: Path) -> Path:
    huge = b'<sheetData x="%0*d"' % (300 << 20, 0)
    return rewrite(plain(path), in_sheet(lambda xml: xml.replace(b"<sheetData", huge)))


def string_bomb(path: Path) -> Path:
    """One long shared string that a hundred thousand cells refer to."""
    text = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
        + "债".encode() * 32_000
        + b"</t></si></sst>"
    )
    cells = b'<row><c t="s"><v>0</v></c></row>' * 100_000
    types = (
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'spreadsheetml.sharedStrings+xml"/></Types>'
    )
    link = (
        b'<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" '
        b'Target="/xl/sharedStrings.xml" Id="rId99"/></Relationships>'
    )

    def change(name: str, data: bytes) -> bytes:
        if name == "[Content_Types].xml":
            return data.replace(b"</Types>", types)
        if name == "xl/_rels/workbook.xml.rels":
            return data.replace(b"</Relationships>", link)
        return data.replace(b"</sheetData>", cells + b"</sheetData>") if name == "xl/worksheets/sheet1.xml" else data

    return rewrite(plain(path), change, extra={"xl/sharedStrings.xml": text})


def sparse(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "序号", "x"
    book.save(path)
    return path


def sparse_beside_a_ledger(path: Path) -> Path:
    book = openpyxl.load_workbook(plain(path))
    book.active["XFD1048576"] = "x"
    book.save(path)
    return path


def sparse_without_references(path: Path) -> Path:
    return rewrite(
        plain(path),
        in_sheet(
            lambda xml: xml.replace(
                b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" ><v>1</v></c></row></sheetData>'
            ).replace(b"<c r", b"<c  r")
        ),
    )


def sparse_xls(path: Path) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("台账")
    sheet.write(0, 0, "序号")
    sheet.write(65535, 255, "x")
    book.save(str(path))
    return path


def dtd(path: Path) -> Path:
    return rewrite(plain(path), in_sheet(lambda xml: b'<!DOCTYPE a [<!ENTITY b "c">]>' + xml))


def external_entity(path: Path) -> Path:
    return rewrite(
        plain(path),
        in_sheet(
            lambda xml: (
                b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + xml.replace("多计工程款".encode(), b"&b;")
            )
        ),
    )


def dtd_in_workbook_part(path: Path) -> Path:
    lol = (
        b'<!DOCTYPE a [<!ENTITY x0 "ha">'
        + b"".join(b'<!ENTITY x%d "%s">' % (n, b"&x%d;" % (n - 1) * 10) for n in range(1, 10))
        + b"]>"
    )
    return rewrite(
        plain(path),
        lambda name, data: lol + data.replace(b'name="Sheet"', b'name="&x9;"') if name == "xl/workbook.xml" else data,
    )


def dtd_in_utf16(path: Path) -> Path:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16")
    return rewrite(plain(path), lambda name, data: data, extra={"docProps/x.xml": text})


def nul_bytes(path: Path) -> Path:
    path.write_bytes("序号,问题描述,责任单位,整改时限\r\n1,多计\x00工程款,市住建局,2026-06-30\r\n".encode())
    return path


def only_nul_bytes(path: Path) -> Path:
    path.write_bytes(bytes(5000))
    return path


def noise(path: Path) -> Path:
    path.write_bytes(os.urandom(50_000))
    return path


def no_ledger(path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in (["单位", "个数"], ["市住建局", 3], ["市财政局", 5]):
        book.active.append(row)
    book.save(path)
    return path


def no_ledger_csv(path: Path) -> Path:
    path.write_text("姓名,电话\n某人,1\n", encoding="gb18030")
    return path


def blank_workbook(path: Path) -> Path:
    openpyxl.Workbook().save(path)
    return path


def header_alone(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(ROWS[0])
    book.save(path)
    return path


def other_archive(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")
    return path


def open_quote(path: Path) -> Path:
    path.write_text(
        '序号,问题描述,责任单位,整改时限\n1,"多计工程款,市住建局,2026-06-30\n2,b,市住建局,2026-06-30\n',
        encoding="utf-8",
    )
    return path


def web_page(path: Path) -> Path:
    path.write_text("<html><table><tr><td>序号</td></tr></table></html>", encoding="gb18030")
    return path


def broken_xls(path: Path) -> Path:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16le") + os.urandom(4000))
    return path


def looping_xls(path: Path) -> Path:
    """An OLE file whose allocation table leads every chain back to its first sector."""
    data = bytearray(sparse_xls(path).read_bytes()[: 1 << 20])
    sector = 512 + struct.unpack_from("<I", data, 76)[0] * 512
    for at in range(sector, min(sector + 512, len(data) - 4), 4):
        struct.pack_into("<I", data, at, 0)
    path.write_bytes(bytes(data))
    return path


CASES = [
    (empty, "x.xlsx", "empty"),
    (blanks, "x.csv", "empty"),
    (huge, "x.xlsx", "200 MB"),
    (truncated, "x.xlsx", "damaged"),
    (flipped, "x.xlsx", "damaged"),
    (encrypted, "x.xlsx", "password"),
    (encrypted_xls, "x.xls", "password"),
    (bomb, "x.xlsx", "unpack"),
    (bomb_of_cells, "x.xlsx", "unpack|memory|cells"),
    (lying_bomb, "x.xlsx", "unpack"),
    (giant_attribute, "x.xlsx", "memory"),
    (string_bomb, "x.xlsx", "memory"),
    (sparse, "x.xlsx", "row 1048576"),
    (sparse_beside_a_ledger, "x.xlsx", "row 1048576"),
    (sparse_without_references, "x.xlsx", "row 1048576"),
    (sparse_xls, "x.xls", "memory"),
    (dtd, "x.xlsx", "entity"),
    (external_entity, "x.xlsx", "entity"),
    (dtd_in_workbook_part, "x.xlsx", "entity"),
    (dtd_in_utf16, "x.xlsx", "entity"),
    (nul_bytes, "x.csv", "NUL"),
    (only_nul_bytes, "x.csv", "NUL"),
    (noise, "x.xls", "NUL|UTF-8|control"),
    (no_ledger, "x.xlsx", "no ledger"),
    (no_ledger_csv, "x.csv", "no ledger"),
    (blank_workbook, "x.xlsx", "no ledger"),
    (header_alone, "x.xlsx", "no row below"),
    (other_archive, "x.xlsx", "no Excel workbook"),
    (open_quote, "x.csv", "record"),
    (web_page, "x.xls", "web page"),
    (broken_xls, "x.xls", "damaged|memory"),
    (looping_xls, "x.xls", "damaged|memory"),
]


@pytest.mark.parametrize(("build", "name", "says"), CASES, ids=[case[0].__name__ for case in CASES])
def test_it_is_refused_in_one_sentence_and_within_its_limits(build, name, says, tmp_path, monkeypatch):
    path = build(tmp_path / name)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    layout = Path(bihuan.__file__).parent / "packs" / "audit_rectification" / "intake.toml"
    environment = os.environ | {"PYTHONPATH": str(Path(bihuan.__file__).parent.parent)}
    command = [sys.executable, "-c", READ, str(path), str(layout)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0 and not done.stderr, done.stderr
    result = json.loads(done.stdout)
    print(f"{build.__name__}: {result['seconds']:.1f} s, {result['megabytes']:.0f} MB: {result['said']}")
    assert result["said"] and re.search(says, result["said"])
    assert len(result["said"]) <= 400 and "\n" not in result["said"]
    assert result["seconds"] < SECONDS and result["megabytes"] < MEGABYTES
    assert not list((tmp_path / "temporary").iterdir())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["temporary", path.name]


def test_reading_stops_at_its_limits_and_tells_how_far_it_came(tmp_path, read):
    path = plain(tmp_path / "x.xlsx")
    with pytest.raises(Refusal, match="time"):
        read(path, limits=Limits(wall_seconds=0))
    with pytest.raises(Refusal, match="more than 1 rows"):
        read(path, limits=Limits(rows=1))
    with pytest.raises(Refusal, match="more than 3 cells"):
        read(path, limits=Limits(filled=3))
    book, told = openpyxl.load_workbook(path), []
    for number in range(5_000):
        book.active.append([number, "多计工程款", "市住建局", "2026-06-30"])
    book.save(path)
    assert read(path, progress=lambda done, total: told.append((done, total))).summary["ready"] == 5_001
    assert told == [(2_000, 5_002), (4_000, 5_002)]
