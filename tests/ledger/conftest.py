import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from bihuan.ledger.packs import forget
from city import City, build_city


@pytest.fixture
def city(db: Any) -> City:
    return build_city()


@pytest.fixture
def grants() -> Iterator[str]:
    """Put the mechanism of `grants/` in force, as a city's own; return its key."""
    folder = Path(settings.BIHUAN_DATA) / "packs" / "grants"
    shutil.copytree(Path(__file__).parent / "grants", folder)
    forget()
    yield "grant"
    shutil.rmtree(folder.parent)
    forget()
