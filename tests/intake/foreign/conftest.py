"""The demonstration's people, units and registers, and a way to stand some of a pack's matters among them."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from bihuan.demo.cast import assemble
from bihuan.demo.rehearsal import Stand, bring_registers, planned, rehearse
from bihuan.demo.timetable import Timetable
from bihuan.directory.calendars import load_calendar

TODAY = date(2026, 11, 25)
FIRST = date(2025, 3, 3)


@pytest.fixture(scope="module")
def people(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        assemble(TODAY, FIRST)
        bring_registers()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def office(people: None, settings: Any, tmp_path: Path) -> Iterator[None]:
    """The people with an empty ledger, and nothing left behind by the test."""
    settings.BIHUAN_INTAKE = tmp_path / "intake"
    settings.BIHUAN_EVIDENCE = tmp_path / "evidence"
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def stand() -> Callable[..., None]:
    """Let matters of a pack stand where its demonstration has them: every `step`th, so that all kinds are there."""

    def stand_some(pack: str, number: int | None) -> None:
        rehearse(chosen(planned(pack), number), Timetable(TODAY, load_calendar(), ZoneInfo("Asia/Shanghai")), _quiet)

    return stand_some


def chosen(stands: list[Stand], number: int | None) -> list[Stand]:
    """Return `number` of the stands, of every mechanism some, from the first to the last."""
    if number is None:
        return stands
    step = max(1, len(stands) // number)
    return stands[::step][:number]


def _quiet(done: int) -> None:
    pass
