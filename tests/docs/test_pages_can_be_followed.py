"""Whoever types what the tutorial and the how-tos show gets what they show, on a ledger of their own.

The demonstration is followed in both languages, every day on SQLite alone: no page says anything of the engine.
A city of one's own begins in Chinese on SQLite and in English on PostgreSQL; the commands are the same (another test
sees to it).
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import engines
from docs.pages import DOCS, Step, steps
from installation import COMMAND, Installation
from tree import ROOT

IN_DEMONSTRATION = ("tutorial.md", "how-to/import-a-ledger.md", "how-to/write-a-mechanism.md")
IN_EMPTY_CITY = ("how-to/start-with-your-own-city.md",)

#: What has been done already where a test runs, and what would not end.
_NOT_RUN = ("sudo apt-get install -y python3 python3-venv make", "make install", "make run", ". .venv/bin/activate")


class Reader:
    """Somebody who types what a page shows, in a folder that looks like a clone."""

    def __init__(self, installation: Installation, *, language: str) -> None:
        self._folder = installation.data.parent
        self._environment = {
            **installation.environment,
            "PATH": f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}",
            "BIHUAN_LANGUAGE": "en" if language == "en" else "zh-hans",
        }
        self._code = 0
        for name in ("docs", "src"):
            (self._folder / name).symlink_to(ROOT / name)

    def follow(self, page: Path) -> int:
        """Type everything; return how many commands were really run."""
        shown = list(steps(page))
        for step, following in zip(shown, [*shown[1:], None], strict=True):
            output = self._type(step.command)
            assert step.fits(output), f"{page}: `{step.command}` says\n{output}\ninstead of\n{step.shown}"
            if following is None or following.command != "echo $?":
                assert self._code == 0, f"{page}: `{step.command}` ends with {self._code}:\n{output}"
        return sum(not self._passed_over(step) for step in shown)

    @staticmethod
    def _passed_over(step: Step) -> bool:
        return step.command in _NOT_RUN or step.command.startswith("bihuan serve")

    def _type(self, command: str) -> str:
        if self._passed_over(Step(command, "")):
            return ""
        if command == "echo $?":
            code, self._code = self._code, 0
            return str(code)
        if command.startswith("export "):
            name, _, value = command.removeprefix("export ").partition("=")
            self._environment[name] = value
            return ""
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )
        self._code = done.returncode
        return done.stdout


@pytest.fixture
def reader(installation: Installation) -> Iterator[Reader]:
    yield Reader(installation, language=_language())


@pytest.fixture
def visitor(demonstrated: Installation, copied: Any, tmp_path: Path) -> Iterator[Callable[[str], Reader]]:
    """Return a reader of that language who has typed `make run` before."""
    with copied(demonstrated, tmp_path / "data") as placed:
        yield lambda language: Reader(placed, language=language)


def _language() -> str:
    return "zh" if engines.chosen() == "sqlite" else "en"


def _pages(names: tuple[str, ...], language: str) -> list[Path]:
    folder = DOCS / "zh" if language == "zh" else DOCS
    return [folder / name for name in names]


@pytest.mark.long
@pytest.mark.either_engine
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_tutorial_and_the_how_tos_can_be_followed_in_the_demonstration(
    visitor: Callable[[str], Reader], language: str
) -> None:
    reader = visitor(language)
    assert all(reader.follow(page) for page in _pages(IN_DEMONSTRATION, language))


def test_a_city_of_ones_own_can_be_started(reader: Reader) -> None:
    assert all(reader.follow(page) for page in _pages(IN_EMPTY_CITY, _language()))


def test_a_page_that_promises_too_much_is_found(reader: Reader) -> None:
    assert Step("bihuan --version", "…").fits("0.1.0")
    assert not Step("bihuan --version", "Serving…").fits("0.1.0")
    assert not Step("bihuan list", "one\ntwo").fits("one\nother\ntwo")
    assert Step("bihuan list", "one\n…\ntwo").fits("one\nother\ntwo")
