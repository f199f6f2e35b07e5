"""A process that registers rows may be killed anywhere: the work is finished once and never twice."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from clerks_table import Table, row
from installation import Installation

_SCRIPT = """
import os, sys
from pathlib import Path
import django
django.setup()
from datetime import datetime, timezone
from django.db import connection
from bihuan.directory.models import Post
from bihuan.intake import commit as committing, entry
from bihuan.intake.bringing import import_ledger
from bihuan.intake.models import Intake, IntakeRow
from bihuan.ledger.models import Claim, Event, Matter
from bihuan.ledger.verify import verify
committing.MOST = 40
die_at, registered = int(os.environ.get("DIE_AT", 0)), entry.register_many
calls = []
def register(*asked, **more):
    made = registered(*asked, **more)
    calls.append(1)
    if len(calls) == die_at:
        os.kill(os.getpid(), 9)
    return made
entry.register_many = register
post = Post.objects.select_related("account", "unit").get(key="clerk")
def told(phase, done, total):
    print(phase, done, flush=True)
brought = import_ledger(Path(sys.argv[1]), name="台账.xlsx", mechanism="audit_rectification", post=post,
                        account="clerk", now=datetime.now(timezone.utc), progress=told)
print("made", Matter.objects.count(), Claim.objects.count(), Event.objects.count(), len(list(verify())),
      Intake.objects.count(), IntakeRow.objects.filter(status="created").count(), brought.summary["created"])
"""
_PREPARE = """
import sys
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, skip_checks=True)
sys.path.insert(0, sys.argv[1])
from city import build_city
build_city()
"""
_ROWS = 300


def _start(installation: Installation, script: str, argument: Path, **more: str) -> subprocess.Popen[str]:
    environment = {**installation.environment, "DJANGO_SETTINGS_MODULE": "bihuan.web.settings", **more}
    return subprocess.Popen(
        [sys.executable, "-c", script, str(argument)], env=environment, stdout=subprocess.PIPE, text=True
    )


@pytest.fixture
def ledger(installation: Installation, tmp_path: Path) -> Path:
    """A ledger of many rows, beside an installation that has its city."""
    installation.data.mkdir(exist_ok=True)
    assert _start(installation, _PREPARE, Path(__file__).parent.parent.parent).wait(60) == 0
    return Table(None, tmp_path).write([row(number) for number in range(_ROWS)])  # type: ignore[arg-type]


@pytest.mark.parametrize("steps", [0, 2])
def test_a_killed_import_is_finished_by_the_next_call(installation: Installation, ledger: Path, steps: int) -> None:
    first = _start(installation, _SCRIPT, ledger)
    assert first.stdout is not None
    seen = 0
    for line in first.stdout:
        seen += line.startswith("committing")
        if line.startswith("storing") if not steps else seen == steps:
            os.kill(first.pid, signal.SIGKILL)
            break
    first.wait(60)
    assert first.returncode == -signal.SIGKILL

    _finish(installation, ledger)
    again, _ = _start(installation, _SCRIPT, ledger).communicate(timeout=120)
    assert again.splitlines()[-1].split()[:4] == ["made", *[str(_ROWS)] * 3]


def test_a_kill_between_the_matters_and_their_marks_undoes_both(installation: Installation, ledger: Path) -> None:
    first = _start(installation, _SCRIPT, ledger, DIE_AT="3")
    assert first.wait(60) == -signal.SIGKILL
    _finish(installation, ledger)


def _finish(installation: Installation, ledger: Path) -> None:
    """Let the next call finish it: every row is a matter once, with one claim and one event."""
    told, _ = _start(installation, _SCRIPT, ledger).communicate(timeout=120)
    made = told.splitlines()[-1].split()
    assert made[:5] == ["made", *[str(_ROWS)] * 3, "0"], told
    assert made[6:] == [str(_ROWS)] * 2, told
