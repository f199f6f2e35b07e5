from pathlib import Path
from typing import Any

import pytest

from city import build_city
from clerks_table import Table


@pytest.fixture
def table(db: Any, tmp_path: Path, settings: Any) -> Table:
    settings.BIHUAN_INTAKE = tmp_path / "intake"
    return Table(build_city(), tmp_path)


@pytest.fixture
def racing_table(transactional_db: Any, tmp_path: Path, settings: Any) -> Table:
    settings.BIHUAN_INTAKE = tmp_path / "intake"
    return Table(build_city(), tmp_path)
