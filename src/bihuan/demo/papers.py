"""Documents written in code: a PDF page of Chinese text, and a plain text note.

The page names the Chinese font and leaves it to the reader's machine (ISO 32000-1, 9.7.5: a predefined CMap
with a font that is not embedded), so a page is two kilobytes.
"""

from collections.abc import Iterator, Sequence

_WIDE, _TOP, _LEFT, _LINE, _CHARACTERS = 595, 842, 72, 26, 32
_NOTICE = "演示材料：单位、人员和内容均为虚构"

_FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[5 0 R]>>",
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000/W[1 95 500]/FontDescriptor 6 0 R>>",
    b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
    b"/Ascent 880/Descent -120/CapHeight 880/StemV 93>>",
)


def page(title: str, paragraphs: Sequence[str], *, signed: str, day: str) -> bytes:
    """Return a PDF of one page: a title, paragraphs, who signed on which day, and a red seal over it."""
    lines = [line for paragraph in paragraphs for line in _wrapped("　　" + paragraph)]
    end = _TOP - 150 - _LINE * (len(lines) + 3)
    drawn = [
        _text(round(_LEFT + 225 - _width(title) * 10), _TOP - 100, 20, title),
        *(_text(_LEFT, _TOP - 150 - _LINE * place, 14, line) for place, line in enumerate(lines)),
        _text(round(_WIDE - _LEFT - _width(signed) * 14), end, 14, signed),
        _text(round(_WIDE - _LEFT - _width(day) * 14), end - _LINE, 14, day),
        _text(_LEFT, 48, 9, _NOTICE),
        _ring(_WIDE - _LEFT - 90, end - 10, 48),
    ]
    content = b"\n".join(drawn)
    return _file(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 4 0 R>>>>/Contents 7 0 R>>",
        *_FONT,
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
    )


def note(title: str, lines: Sequence[str]) -> bytes:
    """Return a plain text in UTF-8."""
    return "\r\n".join((title, "", *lines, "", _NOTICE, "")).encode()


def _width(text: str) -> float:
    """Return how many Chinese characters wide `text` is; the letters and digits of ASCII are half as wide."""
    return sum(0.5 if letter.isascii() else 1 for letter in text)


def _wrapped(text: str) -> Iterator[str]:
    line = ""
    for letter in text:
        if _width(line + letter) > _CHARACTERS:
            yield line
            line = ""
        line += letter
    yield line


def _text(x: int, y: int, size: int, text: str) -> bytes:
    return b"BT /F %d Tf %d %d Td <%s> Tj ET" % (size, x, y, text.encode("utf-16-be").hex().encode())


def _ring(x: int, y: int, radius: int) -> bytes:
    """Return a red circle of four curves; 0.5523 of the radius is where their handles lie."""
    reach = round(radius * 0.5523)
    curves = (
        (x + radius, y + reach, x + reach, y + radius, x, y + radius),
        (x - reach, y + radius, x - radius, y + reach, x - radius, y),
        (x - radius, y - reach, x - reach, y - radius, x, y - radius),
        (x + reach, y - radius, x + radius, y - reach, x + radius, y),
    )
    drawn = b" ".join(b"%d %d %d %d %d %d c" % curve for curve in curves)
    return b"q 0.75 0.22 0.17 RG 3 w %d %d m %s S Q" % (x + radius, y, drawn)


def _file(*objects: bytes) -> bytes:
    """Return the objects, numbered from 1, as a PDF with its table of places."""
    made, places = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count, start = len(objects) + 1, len(made)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % count
    return made + head + table + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, start)
