import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from bihuan.web.cli import main
from bihuan.web.secret import make_secret_key
from city import City, build_city


@dataclass(frozen=True)
class Said:
    """What a command ended with and wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def city(db: Any) -> City:
    """The cast in a ledger of today: the command line knows no other day."""
    make_secret_key(settings.BIHUAN_DATA)
    built = build_city()
    built.now = timezone.now()
    return built


@pytest.fixture
def bihuan(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run a command in this process: `bihuan("list", "--json")`."""

    def run(*words: object) -> Said:
        capsys.readouterr()
        code = main([str(word) for word in words])
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return run
