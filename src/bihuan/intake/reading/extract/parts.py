"""Looking through a workbook's zip before any reader trusts it.

Declared sizes may lie, so every part is inflated here in small pieces and counted. What is worth knowing of a sheet's
XML is gathered on the way: its extent, and the cells that the reader cannot render (see `SheetScan`).
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from bihuan.intake.reading.extract.scan import SheetScan
from bihuan.intake.reading.refusal import DAMAGED, ENCRYPTED, Limits, refuse
from bihuan.mechanism.sentence import N_

_CHUNK = 1 << 18
_LOCAL = struct.Struct("<4s5H3I2H")
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)|<\x00!\x00[DE]\x00|\x00<\x00!\x00[DE]", re.I)
_XML = (".xml", ".rels", ".vml")


class Parts:
    """The parts of a workbook's zip, inflated under limits. Raises `Refusal` as soon as one is broken."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._limits = limits
        self._left = limits.inflated_size
        self._path = path
        with zipfile.ZipFile(path) as archive:
            self._infos = {info.filename: info for info in archive.infolist()}
            infos = archive.infolist()
        if len(infos) > limits.parts:
            raise refuse(
                N_(
                    "The file packs %(parts)s files in one, and a workbook has %(limit)s at most; save the ledger "
                    "sheet alone, without pictures, as a new .xlsx file and try again."
                ),
                parts=len(infos),
                limit=limits.parts,
            )
        if sum(info.file_size for info in infos) > limits.inflated_size:
            raise self._too_large()
        if len(self._infos) != len(infos):
            raise refuse(DAMAGED)
        if any(info.flag_bits & 1 for info in infos):
            raise refuse(ENCRYPTED)

    def names(self) -> list[str]:
        """The names of all parts."""
        return list(self._infos)

    def text(self, name: str) -> bytes:
        """Return a small part whole, b'' when there is none."""
        return b"".join(self._inflate(self._infos[name])) if name in self._infos else b""

    def look_through(self, scans: dict[str, SheetScan]) -> None:
        """Inflate every part once: count it, refuse a document type in its XML, feed sheets to their scans."""
        for name, info in self._infos.items():
            is_xml, scan, tail = name.lower().endswith(_XML), scans.get(name), b""
            for piece in self._inflate(info):
                if is_xml and _declares(tail + piece):
                    raise refuse(
                        N_(
                            "The file holds a document type or entity declaration, which no ledger needs; open it in "
                            "Excel or WPS, save it as a new .xlsx file and try again."
                        )
                    )
                tail = piece[-32:]
                if scan:
                    scan.feed(piece)
                    self._check_filled(scans)
            if scan:
                scan.close()
                self._check_filled(scans)

    def _check_filled(self, scans: dict[str, SheetScan]) -> None:
        if sum(scan.filled for scan in scans.values()) > self._limits.filled:
            raise refuse(
                N_("The file holds more than %(cells)s cells; split it and import the parts."),
                cells=self._limits.filled,
            )

    def _inflate(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        checksum = size = 0
        with self._path.open("rb") as file:
            self._seek(file, info)
            for piece in _pieces(file, info):
                size += len(piece)
                self._left -= len(piece)
                if self._left < 0:
                    raise self._too_large()
                checksum = zlib.crc32(piece, checksum)
                yield piece
        if size != info.file_size or checksum != info.CRC:
            raise refuse(DAMAGED)

    def _seek(self, file: BinaryIO, info: zipfile.ZipInfo) -> None:
        file.seek(info.header_offset)
        header = file.read(_LOCAL.size)
        if len(header) != _LOCAL.size or not header.startswith(b"PK\x03\x04"):
            raise refuse(DAMAGED)
        *_, name_length, extra_length = _LOCAL.unpack(header)
        file.seek(name_length + extra_length, 1)

    def _too_large(self) -> Exception:
        return refuse(
            N_(
                "The file would unpack to more than %(size)s MB, which no ledger needs; save the ledger sheet alone, "
                "without "
                "pictures, as a new .xlsx file and try again."
            ),
            size=self._limits.inflated_size >> 20,
        )


def _declares(text: bytes) -> bool:
    return (b"<!" in text or b"\x00!" in text) and _DECLARATION.search(text) is not None


def _pieces(file: BinaryIO, info: zipfile.ZipInfo) -> Iterator[bytes]:
    if info.compress_type == zipfile.ZIP_STORED:
        left = info.compress_size
        while left and (piece := file.read(min(_CHUNK, left))):
            left -= len(piece)
            yield piece
        return
    if info.compress_type != zipfile.ZIP_DEFLATED:
        raise refuse(DAMAGED)
    engine = zlib.decompressobj(-15)
    while not engine.eof:
        fresh = engine.unconsumed_tail or file.read(_CHUNK)
        if not fresh:
            raise refuse(DAMAGED)
        piece = engine.decompress(fresh, _CHUNK)
        if piece:
            yield piece
