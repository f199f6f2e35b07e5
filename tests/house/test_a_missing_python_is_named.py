"""On a bare machine `make install` says in one sentence what is missing, and how to get it."""

import subprocess
from pathlib import Path

import pytest

from tree import ROOT

APT_LINE = "sudo apt-get install -y python3 python3-venv make"
FAKES = {
    "no venv module": ('case "$2" in *ensurepip*) exit 1;; esac', APT_LINE),
    "too old": ('case "$1" in -V) echo Python 3.9.2; exit;; esac; exit 1', "Python 3.11 or newer is needed"),
}


def _install(python: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = ["bash", str(ROOT / "tools" / "venv.sh"), python, str(folder / ".venv")]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.parametrize("case", FAKES)
def test_what_is_missing_is_named(case: str, tmp_path: Path) -> None:
    script, sentence = FAKES[case]
    fake = tmp_path / "python3"
    fake.write_text(f"#!/bin/sh\n{script}\n")
    fake.chmod(0o755)
    result = _install(str(fake), tmp_path)
    assert result.returncode == 1
    assert sentence in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_an_absent_python_is_named(tmp_path: Path) -> None:
    result = _install("python3.99", tmp_path)
    assert result.returncode == 1
    assert result.stderr.splitlines() == [f"make install: python3.99 was not found; install it with: {APT_LINE}"]
