from typing import Any

import pytest

from bihuan.directory.alterations import Author
from city import City, build_city


@pytest.fixture
def city(db: Any) -> City:
    return build_city()


@pytest.fixture
def author(city: City) -> Author:
    return Author.of(city.posts["sysadmin"], city.now)
