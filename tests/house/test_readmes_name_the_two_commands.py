"""Somebody with a fresh machine finds the way in, in either language."""

import re

import pytest

from tree import ROOT

APT_LINE = "sudo apt-get install -y python3 python3-venv make"


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_a_readme_names_the_two_commands_and_the_apt_line(name: str) -> None:
    text = (ROOT / name).read_text()
    assert re.search(r"^make run\b", text, re.MULTILINE)
    assert re.search(r"^make test\b", text, re.MULTILINE)
    assert APT_LINE in text


def test_the_makefile_names_the_same_apt_line() -> None:
    assert APT_LINE in (ROOT / "Makefile").read_text()
    assert APT_LINE in (ROOT / "tools" / "venv.sh").read_text()
