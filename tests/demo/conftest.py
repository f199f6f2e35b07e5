from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from bihuan.demo import build

#: A Wednesday with ordinary weeks before it.
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@contextmanager
def built(now: datetime = NOW, limit: int | None = None) -> Iterator[None]:
    """Make the city for as long as the block runs."""
    with transaction.atomic():
        build(now=now, limit=limit)
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def build_for_a_while() -> Callable[..., Any]:
    return built


@pytest.fixture(scope="module")
def sample_city(django_db_setup: None, django_db_blocker: Any) -> Iterator[datetime]:
    """A city of forty findings that show every story, made once for the tests that only look at it."""
    with django_db_blocker.unblock(), built(limit=40):
        yield NOW
