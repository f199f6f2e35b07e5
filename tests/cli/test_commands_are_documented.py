"""The reference names every command and option, and none that is not there."""

import re

import typer

from bihuan.web.cli.app import app
from tree import ROOT

PAGE = ROOT / "docs" / "reference" / "cli.md"
HEADING = re.compile(r"^## `bihuan ([a-z -]+)`$", re.MULTILINE)


def _commands() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}

    def walk(command, name: str) -> None:
        for key, each in getattr(command, "commands", {}).items():
            walk(each, f"{name} {key}".strip())
        if not getattr(command, "commands", None):
            options = {option for param in command.params for option in param.opts if option.startswith("--")}
            found[name] = options | {"--help"}

    walk(typer.main.get_command(app), "")
    return found


def _sections() -> dict[str, str]:
    text = PAGE.read_text(encoding="utf-8")
    parts = HEADING.split(text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_command_has_its_section_and_no_other() -> None:
    assert set(_sections()) == set(_commands())


def test_every_option_is_in_the_section_of_its_command_and_no_other() -> None:
    sections = _sections()
    for name, options in _commands().items():
        listed = set(re.findall(r"^\| `(--[a-z-]+)", sections[name], re.MULTILINE))
        assert listed == options, name
