"""Every command and option that the documentation names exists, and every one that exists is documented."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer

from bihuan.web.cli.app import app
from docs.pages import DOCS, blocks, prose, steps, written

PROGRAM = typer.main.get_command(app)
REFERENCE = DOCS / "reference" / "cli.md"
#: Options of other programs that the pages call.
_FOREIGN = {"--strict"}


def leaves(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command that does something, with the words that call it."""
    below = getattr(command, "commands", None)
    if below is None:
        yield words, command
        return
    for name, each in below.items():
        yield from leaves(each, (*words, name))


def options(command: click.Command) -> set[str]:
    return {name for param in command.params for name in param.opts if name.startswith("--")} | {"--help"}


def mentions(page: Path) -> Iterator[str]:
    """Yield what follows the word `bihuan` wherever `page` shows a call of it."""
    shown = re.findall(r"`(bihuan [^`]+)`", prose(page))
    shown += [step.command.partition("\n")[0] for step in steps(page)]
    shown += [line for block in blocks(page, "sh") for line in block.splitlines()]
    yield from (text.removeprefix("bihuan ") for text in shown if text.startswith("bihuan "))


@pytest.mark.parametrize("page", written(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    for mention in mentions(page):
        words = shlex.split(mention.replace("…", "ANY"))
        command: click.Command = PROGRAM
        while words and words[0] in (below := getattr(command, "commands", {})):
            command = below[words.pop(0)]
        assert command is not PROGRAM or words[0].startswith("--"), f"{page.name}: there is no `bihuan {mention}`"
        unknown = {word for word in words if word.startswith("--")} - options(command)
        assert not unknown, f"{page.name}: `bihuan {mention}` has no {unknown}"


@pytest.mark.parametrize("page", written(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_option_that_a_page_names_alone_exists(page: Path) -> None:
    known = set().union(*(options(command) for _, command in leaves(PROGRAM))) | options(PROGRAM) | _FOREIGN
    named = set(re.findall(r"`(--[a-z][a-z-]*)", prose(page)))
    assert named <= known


def test_every_command_and_option_is_in_the_reference() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    for words, command in leaves(PROGRAM):
        call = " ".join(("bihuan", *words))
        _, heading, section = text.partition(f"## `{call}`\n")
        assert heading, f"`{call}` has no section in {REFERENCE.name}"
        section = section.partition("\n## ")[0]
        missing = {name for name in options(command) if f"`{name}" not in section}
        assert not missing, f"`{call}`: {missing} is not documented"
