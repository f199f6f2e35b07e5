"""The table leaves nothing out: every page, action and command has its lines, for each of the cast."""

from typing import Any

import typer
from django.urls import URLPattern, get_resolver

from bihuan.directory.organisation import Organisation
from bihuan.ledger.packs import current
from bihuan.web.cli.app import app
from city import CAST, City
from rights import table
from rights.matters import UNITS

#: What is left in the table's own words: the person with two posts, and somebody who says nothing of themselves.
_PERSONS = {"both", "nobody"}
#: Commands that ask for no post: they keep the house, for whoever has the machine.
_ASK_NOBODY = {
    *("init", "serve", "check", "verify"),
    *("units import", "units list", "people import", "people list", "people password"),
    *("units rename", "units move", "units merge", "units end", "people hand-over", "people end-post"),
    *("demo drop", "registers import", "registers list", "read"),
    *("backup", "restore", "upgrade", "doctor", "service", "unlock", "search rebuild"),
}
#: Doors where the person with two posts is asked on the page, and each of the posts on the command line.
_BOTH_WAYS = {"action", "for_unit", "for_stranger"}
_RELATIONS = {"own", "other", "subordinate", "superior"}


def test_every_page_is_in_the_table() -> None:
    patterns = [route for route in get_resolver().url_patterns if isinstance(route, URLPattern)]
    assert len(patterns) == len(get_resolver().url_patterns), "an include would hide pages from this test"
    asked = {row.what for row in table.of("page", "send", "import")} | {"act"}
    assert {route.name for route in patterns} == asked


def test_every_action_is_in_the_table_for_each_unit() -> None:
    """The audit's; of every other pack each step is tried by all roles in tests/packs, before it is taken."""
    audit = [current()[key] for key in ("audit_rectification", "audit_measure")]
    declared = {f"{mechanism.key}.{action}" for mechanism in audit for action in mechanism.actions}
    for whose in ("housing", "station", "finance"):
        assert declared <= {row.what for row in table.of("action") if row.whose == whose}
    for row in table.of("action"):
        mechanism, _, action = row.what.partition(".")
        assert action in current()[mechanism].actions or action == "finish"


def test_every_command_that_acts_for_a_post_is_in_the_table() -> None:
    commands = dict(_commands(typer.main.get_command(app)))
    asking = {name for name, each in commands.items() if any("--as" in option.opts for option in each.params)}
    assert asking == {row.what for row in table.of("command")}
    assert set(commands) - asking == _ASK_NOBODY


def test_every_line_has_a_cell_for_each_of_the_cast_and_is_written_once() -> None:
    cast = {post for post, *_ in CAST} | _PERSONS
    for row in table.rows():
        assert set(row.cells) == cast, row.name
        assert all(row.cells.values()), f"expected.csv:{row.line} has an empty cell"
        silent = [row.cells[member] == table.SILENT for member in ("both", "both_owner", "both_verifier")]
        assert silent in ([False, True, True], [True, False, False]) or row.door in _BOTH_WAYS, row.name
    assert len({row.name for row in table.rows()}) == len(table.rows())
    assert all(set(members) == cast for members in table.whose().values())


def test_what_a_matter_is_to_each_of_the_cast_follows_from_the_tree(city: City) -> None:
    organisation = Organisation.on(city.now.date())
    for whose, (unit, _) in UNITS.items():
        for post, _, own, _ in CAST:
            told = table.whose()[whose][post]
            if told in _RELATIONS or told == "answered_for":
                found = _relation(organisation, city.units[own].pk, city.units[unit].pk)
                assert found == ("subordinate" if told == "answered_for" else told), f"{whose}, {post}"


def _relation(organisation: Organisation, own: int, unit: int) -> str:
    if own == unit:
        return "own"
    if unit in organisation.subtree([own]):
        return "subordinate"
    return "superior" if own in organisation.subtree([unit]) else "other"


def _commands(command: Any, before: str = "") -> Any:
    for name, each in command.commands.items():
        full = f"{before} {name}".strip()
        if hasattr(each, "commands"):
            yield from _commands(each, full)
        else:
            yield full, each
