"""One command drops the demonstration, and only that: what people added is counted first, history stays guarded."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from installation import Installation


@pytest.fixture
def whole(demonstrated: Installation, copied: Any, tmp_path: Path) -> Iterator[Installation]:
    with copied(demonstrated, tmp_path / "data") as placed:
        yield placed


@pytest.fixture
def small(installation: Installation) -> Installation:
    """A demonstration of a few findings, which is the same to whoever throws it away."""
    installation.data.mkdir()
    _script(installation, _BUILD)
    return installation


def _script(installation: Installation, text: str) -> str:
    """Run a few lines against the installation, as somebody with the database's own password could."""
    import subprocess
    import sys

    ran = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()\n" + text],
        env={**installation.environment, "DJANGO_SETTINGS_MODULE": "bihuan.web.settings"},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


_BUILD = """
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from bihuan.demo import build
from bihuan.web.secret import make_secret_key
call_command("migrate", verbosity=0)
build(now=timezone.now(), limit=40)
make_secret_key(settings.BIHUAN_DATA)
"""
_COUNTS = """
from django.apps import apps
print({m._meta.label: m._base_manager.count() for m in apps.get_models() if m._base_manager.count()})
"""
_TRIGGERS = """
from django.db import connection
with connection.cursor() as c:
    if connection.vendor == "sqlite":
        c.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    else:
        c.execute("SELECT tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname")
    print(c.fetchall())
"""


@pytest.mark.long
@pytest.mark.either_engine
def test_the_demonstration_goes_and_an_empty_ledger_stays(whole: Installation) -> None:
    assert _thrown_away(whole) > 300


@pytest.mark.postgresql
def test_its_tables_are_emptied_and_guarded_again_on_postgresql_too(small: Installation) -> None:
    assert _thrown_away(small) > 40


def _thrown_away(installation: Installation) -> int:
    """Throw the demonstration away; return how many matters it had."""
    before = _script(installation, _TRIGGERS)
    assert any((installation.data / "evidence").rglob("*"))
    assert installation.run("demo", "drop", stdin="no\n").returncode == 2
    _script(
        installation, "from bihuan.directory.models import Account; Account.objects.create(account='real', name='真人')"
    )
    refused = installation.run("demo", "drop", "--yes")
    assert refused.returncode == 3 and "真人" in refused.stderr and "1" in refused.stderr
    matters = len(json.loads(installation.run("list", "--json").stdout)["matters"])
    dropped = installation.run("demo", "drop", "--yes", "--losing", "1")
    assert dropped.returncode == 0, dropped.stderr
    assert "clerk" in dropped.stdout
    left = _script(installation, _COUNTS)
    assert "'directory.Account': 1" in left and "'directory.Post': 1" in left and "ledger" not in left
    assert _script(installation, _TRIGGERS) == before, "history is guarded as it was"
    assert not (installation.data / "evidence").exists()
    assert installation.run("verify").returncode == 0
    again = installation.run("demo", "drop", "--yes")
    assert again.returncode == 3, "a ledger of one's own is no demonstration"
    return matters
