"""Who reads only one of the two READMEs misses nothing: same sections, same commands, same accounts, same pictures."""

import re
from pathlib import Path

import pytest

from bihuan.demo import PASSWORD, accounts
from docs.pages import DOCS, READMES, blocks, prose

_ENGLISH, _CHINESE = READMES
TRANSLATED = [path.relative_to(DOCS / "zh") for path in sorted((DOCS / "zh").rglob("*.md"))]


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def headings(page: Path) -> list[int]:
    """Return the levels of the headings, in order."""
    return [len(marks) for marks in re.findall(r"^(#+) ", prose(page), re.MULTILINE)]


def items(page: Path) -> int:
    return len(re.findall(r"^(?:[-*]|\d+\.) ", prose(page), re.MULTILINE))


def test_the_sections_are_the_same() -> None:
    assert headings(_ENGLISH) == headings(_CHINESE)
    assert len(headings(_ENGLISH)) > 8


def test_the_commands_are_the_same() -> None:
    assert blocks(_ENGLISH, "sh", "console") == blocks(_CHINESE, "sh", "console")


def test_the_pictures_are_the_same() -> None:
    pictures = re.findall(r"\((docs/images/[^)]+)\)", read(_ENGLISH))
    assert pictures
    assert pictures == re.findall(r"\((docs/images/[^)]+)\)", read(_CHINESE))


@pytest.mark.parametrize("page", READMES, ids=lambda path: path.name)
def test_the_accounts_to_try_are_those_of_the_demonstration(page: Path) -> None:
    assert f"`{PASSWORD}`" in read(page)
    told = re.findall(r"^\| `(\w+)` \|", read(page), re.MULTILINE)
    assert told == [trial.account for trial in accounts()]


def test_the_lists_are_as_long_in_both() -> None:
    assert items(_ENGLISH) == items(_CHINESE)


@pytest.mark.parametrize("page", TRANSLATED, ids=str)
def test_a_chinese_page_shows_the_commands_of_the_english_one(page: Path) -> None:
    def commands(path: Path) -> list[str]:
        # The command line speaks Chinese unless it is told otherwise.
        shown = [line for block in blocks(path, "console") for line in block.splitlines() if line.startswith("$ ")]
        return [line for line in shown if "BIHUAN_LANGUAGE" not in line]

    assert commands(DOCS / "zh" / page) == commands(DOCS / page)
    assert blocks(DOCS / "zh" / page, "toml") == blocks(DOCS / page, "toml")
