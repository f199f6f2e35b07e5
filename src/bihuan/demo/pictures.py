"""Small pictures drawn in code, so that evidence can be looked at: a voucher with a seal, a scanned slip, a site.

A picture is rows of palette numbers, written as PNG (W3C PNG, third edition) with the standard library alone.
"""

import struct
import zlib
from collections.abc import Iterable
from functools import cache
from random import Random

PAPER, INK, FAINT, SEAL, SKY, EARTH, WALL, GREEN = range(8)
_PALETTE = bytes.fromhex("fbf9f2 23262b c9c6bb c0392b b9d3e6 a58b6a d8d2c4 6f9a62")

#: Five columns by seven rows for each letter that numbers, days and amounts need.
_LETTERS = {
    "0": "01110 10001 10011 10101 11001 10001 01110",
    "1": "00100 01100 00100 00100 00100 00100 01110",
    "2": "01110 10001 00001 00110 01000 10000 11111",
    "3": "01110 10001 00001 00110 00001 10001 01110",
    "4": "00010 00110 01010 10010 11111 00010 00010",
    "5": "11111 10000 11110 00001 00001 10001 01110",
    "6": "00110 01000 10000 11110 10001 10001 01110",
    "7": "11111 00001 00010 00100 01000 01000 01000",
    "8": "01110 10001 10001 01110 10001 10001 01110",
    "9": "01110 10001 10001 01111 00001 00010 01100",
    "-": "00000 00000 00000 11111 00000 00000 00000",
    ".": "00000 00000 00000 00000 00000 01100 01100",
    ",": "00000 00000 00000 00000 01100 00100 01000",
    "C": "01110 10001 10000 10000 10000 10001 01110",
    "D": "11110 10001 10001 10001 10001 10001 11110",
    "E": "11111 10000 10000 11110 10000 10000 11111",
    "G": "01110 10001 10000 10111 10001 10001 01111",
    "M": "10001 11011 10101 10101 10001 10001 10001",
    "N": "10001 11001 10101 10011 10001 10001 10001",
    "O": "01110 10001 10001 10001 10001 10001 01110",
    "Y": "10001 10001 01010 00100 00100 00100 00100",
    "Z": "11111 00001 00010 00100 01000 10000 11111",
}


class Canvas:
    """A rectangle of palette numbers to draw on."""

    def __init__(self, width: int, height: int, ground: int = PAPER) -> None:
        self.width, self.height = width, height
        self.rows = [bytearray([ground]) * width for _row in range(height)]

    def fill(self, x: int, y: int, width: int, height: int, colour: int) -> None:
        for row in self.rows[y : y + height]:
            row[x : x + width] = bytes([colour]) * min(width, self.width - x)

    def frame(self, x: int, y: int, width: int, height: int, colour: int) -> None:
        for top in (y, y + height - 2):
            self.fill(x, top, width, 2, colour)
        for left in (x, x + width - 2):
            self.fill(left, y, 2, height, colour)

    def write(self, x: int, y: int, text: str, *, size: int = 2, colour: int = INK) -> None:
        """Write `text` in the few letters there are; others are left blank."""
        for place, letter in enumerate(text):
            for line, dots in enumerate(_LETTERS.get(letter, "").split()):
                for column, dot in enumerate(dots):
                    if dot == "1":
                        self.fill(x + (place * 6 + column) * size, y + line * size, size, size, colour)

    def stamp(self, x: int, y: int) -> None:
        """Press a round red seal, its middle at (x, y)."""
        for dx, dy in _seal():
            self.rows[y + dy][x + dx] = SEAL

    def png(self) -> bytes:
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 3, 0, 0, 0)
        pixels = zlib.compress(b"".join(b"\x00" + bytes(row) for row in self.rows), 6)
        parts = ((b"IHDR", header), (b"PLTE", _PALETTE), (b"IDAT", pixels), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


@cache
def _seal(radius: int = 44) -> tuple[tuple[int, int], ...]:
    """Return the dots of a seal around its middle: a ring, and a five-pointed star in it."""
    around = range(-radius, radius + 1)
    star = _star(radius * 0.42)
    return tuple(
        (x, y)
        for x in around
        for y in around
        if (radius - 3) ** 2 <= x * x + y * y <= radius * radius or _inside(star, x, y)
    )


def _star(size: float) -> tuple[tuple[float, float], ...]:
    """Return the corners of a star with unit directions at 72 degrees, outer and inner by turns."""
    outer = ((0.0, -1.0), (0.951, -0.309), (0.588, 0.809), (-0.588, 0.809), (-0.951, -0.309))
    inner = ((0.225, -0.309), (0.363, 0.118), (0.0, 0.382), (-0.363, 0.118), (-0.225, -0.309))
    return tuple((x * size, y * size) for pair in zip(outer, inner, strict=True) for x, y in pair)


def _inside(corners: tuple[tuple[float, float], ...], x: float, y: float) -> bool:
    odd = False
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            odd = not odd
    return odd


def voucher(number: str, amount: str, day: str) -> bytes:
    """Return a bank's receipt: its number, the amount and the day, rows of small print and a seal."""
    canvas = Canvas(560, 340)
    canvas.frame(16, 16, 528, 308, INK)
    canvas.fill(190, 36, 180, 10, INK)
    canvas.write(40, 70, number)
    canvas.write(388, 70, day)
    for line in range(5):
        canvas.fill(40, 104 + line * 36, 480, 1, FAINT)
        canvas.fill(52, 117 + line * 36, 70 + line * 13 % 40, 8, FAINT)
        if line != 1:  # where the amount stands
            canvas.fill(170, 117 + line * 36, 120 + line * 37 % 90, 8, FAINT)
    canvas.write(170, 148, f"CNY {amount}", size=3)
    canvas.stamp(440, 240)
    canvas.write(40, 300, "DEMO", colour=FAINT)
    return canvas.png()


def slip(number: str, day: str, chance: Random) -> bytes:
    """Return the scan of a signed page: a heading, lines of print, a seal over the day."""
    canvas = Canvas(420, 560)
    canvas.fill(110, 48, 200, 12, INK)
    canvas.write(60, 84, number, colour=INK)
    for line in range(14):
        canvas.fill(60, 128 + line * 22, chance.randint(170, 300) if line % 5 == 4 else 300, 6, FAINT)
    canvas.write(240, 468, day)
    canvas.stamp(300, 462)
    canvas.write(60, 520, "DEMO", colour=FAINT)
    return canvas.png()


def site(number: str, day: str, chance: Random) -> bytes:
    """Return a picture of a place that was put in order, with its number and day in the corner."""
    canvas = Canvas(560, 360, SKY)
    horizon = chance.randint(170, 220)
    canvas.fill(0, horizon, 560, 360 - horizon, EARTH)
    for left in range(chance.randint(10, 40), 500, chance.randint(110, 150)):
        height = chance.randint(50, 120)
        canvas.fill(left, horizon - height, 90, height, WALL)
        for x, y in _windows(left, horizon - height, height):
            canvas.fill(x, y, 14, 16, INK)
    canvas.fill(0, horizon + 30, 560, 26, FAINT)
    for left in range(14, 540, chance.randint(40, 60)):
        canvas.fill(left, horizon + 64, 22, 30, GREEN)
    canvas.write(14, 336, f"{number} {day} DEMO", colour=PAPER)
    return canvas.png()


def _windows(left: int, top: int, height: int) -> Iterable[tuple[int, int]]:
    return (
        (left + 10 + column * 26, top + 10 + line * 28) for column in range(3) for line in range((height - 14) // 28)
    )
