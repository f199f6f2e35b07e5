from typing import Any

import pytest

from city import City, build_city


@pytest.fixture
def city(db: Any) -> City:
    return build_city()
