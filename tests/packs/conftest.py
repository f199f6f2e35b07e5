"""The demonstration's people, units and registers, without its matters: whoever may act in a pack is there."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from bihuan.demo.cast import assemble
from bihuan.demo.rehearsal import bring_registers
from bihuan.demo.walking import Walker
from bihuan.directory.calendars import load_calendar

TODAY = date(2026, 11, 25)
FIRST = date(2025, 3, 3)
#: What is raised on the way goes on for as long as it takes.
LONG_AFTER = date(2029, 12, 31)


@pytest.fixture(scope="module")
def people(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        assemble(TODAY, FIRST)
        bring_registers()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def walker(people: None) -> Iterator[Walker]:
    """Somebody for every role, and nothing left behind by the test."""
    with transaction.atomic():
        yield Walker(load_calendar(), ZoneInfo("Asia/Shanghai"), TODAY)
        transaction.set_rollback(True)
