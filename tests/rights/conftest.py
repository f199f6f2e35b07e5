"""The cast of today before every door, and one line at the end that says how much was compared."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from bihuan.web.secret import make_secret_key
from city import City, build_city
from rights.asking import Asker
from rights.comparing import Tally
from rights.matters import extend_cast


@pytest.fixture(scope="module")
def tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    counted = Tally()
    yield counted
    # On stderr: where tests run in several processes, only that of a worker reaches the terminal.
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print(f"\n{request.path.stem}: {counted.told()}", file=sys.stderr, flush=True)


@pytest.fixture
def city(db: Any, tmp_path: Path, settings: Any) -> City:
    settings.BIHUAN_EVIDENCE = tmp_path / "evidence"
    settings.BIHUAN_INTAKE = tmp_path / "intake"
    make_secret_key(django_settings.BIHUAN_DATA)
    built = build_city()
    built.now = timezone.now()
    extend_cast(built)
    return built


@pytest.fixture
def asker(city: City) -> Asker:
    return Asker(city)
