"""Pages that a stranger wrote, with what a person reads in them, and the small city they speak of."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bihuan.intake.text import Reading, read_text

FOLDER = Path(__file__).parent / "strangers"


@dataclass(frozen=True, slots=True)
class Page:
    """A text of the day `day`, and what should be read in it."""

    name: str
    text: str
    day: date
    expected: Mapping[str, Any]


def pages() -> list[Page]:
    found = []
    for path in sorted(FOLDER.glob("*.expected.json")):
        name = path.name.removesuffix(".expected.json")
        text, day = ((FOLDER / f"{name}.{kind}").read_text(encoding="utf-8") for kind in ("txt", "date"))
        expected = json.loads(path.read_text(encoding="utf-8"))
        found.append(Page(name, text, date.fromisoformat(day.strip()), expected))
    return found


def weekdays(start: date, count: int) -> date:
    """Return the n-th day after `start` that is no weekend."""
    day = start
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


@pytest.fixture(scope="session")
def names() -> dict[str, str]:
    """Every name of a unit with its key, which here is its full name."""
    units = json.loads((FOLDER / "directory.json").read_text(encoding="utf-8"))
    return {name: unit for unit, short in units.items() for name in (unit, *short)}


@pytest.fixture(params=pages(), ids=lambda page: page.name)
def page(request: pytest.FixtureRequest) -> Page:
    return request.param


@pytest.fixture
def reading(page: Page, names: dict[str, str]) -> Reading:
    return read_text(page.text, names=names, day=page.day, count_working_days=weekdays)
