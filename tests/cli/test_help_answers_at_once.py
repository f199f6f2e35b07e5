"""Help needs no ledger, no Django and no time, and speaks the reader's language."""

import subprocess
import sys

import pytest

from installation import Installation

SECONDS = 0.4


@pytest.fixture
def nowhere(tmp_path) -> Installation:
    return Installation(data=tmp_path / "data")


def test_help_is_chinese_and_english_on_request(nowhere: Installation) -> None:
    chinese = nowhere.run("--help").stdout
    english = Installation(data=nowhere.data, extra={"BIHUAN_LANGUAGE": "en"}).run("--help").stdout
    assert "用法：bihuan" in chinese and "Usage" not in chinese
    assert "Usage: bihuan" in english and english.isascii()
    assert nowhere.run().stdout == chinese, "no word at all asks for help too"


def test_help_loads_neither_django_nor_the_ledger() -> None:
    script = (
        "import sys; from bihuan.web.cli import main; main(['act', '--help']); "
        "print([name for name in sys.modules if name.split('.')[0] in ('django', 'rich', 'python_calamine')])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_help_costs_little(nowhere: Installation) -> None:
    # Processor time, not the clock on the wall: the machine has other things to do as well.
    script = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL); "
        "used = resource.getrusage(resource.RUSAGE_CHILDREN); print(used.ru_utime + used.ru_stime)"
    )
    command = [sys.executable, "-c", script, str(sys.executable), "-m", "bihuan.web.cli", "--help"]
    costs = [float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) for _ in range(3)]
    assert min(costs) <= SECONDS


def test_what_is_misspelt_is_said_in_one_line(nowhere: Installation) -> None:
    for words in (
        ["nosuch"],
        ["act"],
        ["list", "--bogus"],
        ["import", "x.csv"],
        ["act", "1", "sign", "--version", "x"],
    ):
        ran = nowhere.run(*words)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert len(ran.stderr.splitlines()) == 1
        assert "Traceback" not in ran.stderr and "--help" in ran.stderr


def test_a_command_without_a_ledger_says_how_to_make_one(nowhere: Installation) -> None:
    for words in (["list"], ["verify"], ["units", "list"], ["serve"]):
        ran = nowhere.run(*words)
        assert ran.returncode == 2
        assert "bihuan init" in ran.stderr and len(ran.stderr.splitlines()) == 1
    assert not nowhere.data.exists(), "looking must not make anything"


def test_a_wrong_setting_is_named(nowhere: Installation) -> None:
    wrong = Installation(data=nowhere.data, extra={"BIHUAN_PORT": "many"}).run("list")
    assert wrong.returncode == 2
    assert "BIHUAN_PORT" in wrong.stderr and "many" in wrong.stderr
