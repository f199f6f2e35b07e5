"""Who may do which action on whose matter, or enter it for its unit; at the form, the form sent, the command line."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.urls import reverse

from bihuan.ledger.models import Matter
from city import City
from rights import table
from rights.asking import Answer, Asker, Request
from rights.comparing import Tally
from rights.inputs import Input, input_of
from rights.matters import UNITS, Maker
from rights.table import Row

#: Posts that a page does not tell apart, because one person holds both: they ask on the command line. What that
#: door does for everybody else is in the table of commands.
_BY_POST = ("both_owner", "both_verifier")
#: About whose matters only the sent form is asked: the form itself follows the same rules.
_BRIEFLY = ("station", "finance")


# The rules are pure, and what one may see has tests of its own on both engines.
@pytest.mark.long
@pytest.mark.either_engine
def test_an_action_is_open_to_its_role_alone(city: City, asker: Asker, tally: Tally, tmp_path: Path) -> None:
    lines = table.of("action")
    made = _made(city, lines)

    def ask(row: Row, member: str) -> Iterator[tuple[str, Answer]]:
        matter = made[row.case, row.whose]
        action, typed = row.what.partition(".")[2], input_of(row.what, matter)
        if member in _BY_POST:
            words = ["act", matter.number, action, "--as", member, *typed.words(tmp_path)]
            yield "command", asker.command(words, account=asker.account(member), verb=action, matter=matter.pk)
            return
        yield "sent form", asker.page(member, _request(matter, action, typed))
        if row.whose not in _BRIEFLY:
            yield "form", asker.page(member, _request(matter, action))

    tally.compare(lines, ask)


@pytest.mark.either_engine
def test_work_is_entered_for_a_party_by_its_supervisor_alone(
    city: City, asker: Asker, tally: Tally, tmp_path: Path
) -> None:
    lines = table.of("for_unit", "for_stranger")
    made = _made(city, lines)

    def ask(row: Row, member: str) -> Iterator[tuple[str, Answer]]:
        matter = made[row.case, row.whose]
        action, typed = row.what.partition(".")[2], replace(input_of(row.what, matter), proof=True)
        unit = "city" if row.door == "for_stranger" else UNITS[row.whose][0]
        if member in _BY_POST:
            words = ["act", matter.number, action, "--as", member, "--for", unit, *typed.words(tmp_path)]
            yield "command", asker.command(words, account=asker.account(member), verb=action, matter=matter.pk)
            return
        yield "form", asker.page(member, _request(matter, action, unit=unit))
        yield "sent form", asker.page(member, _request(matter, action, typed, unit=unit))

    tally.compare(lines, ask)


def _made(city: City, lines: list[Row]) -> dict[tuple[str, str], Matter]:
    """Return (case, whose) → a matter brought there, for all that `lines` ask about."""
    wanted = dict.fromkeys((row.case, row.whose) for row in lines)
    return {(case, whose): Maker(city, whose).make(case) for case, whose in wanted}


def _request(matter: Matter, action: str, typed: Input | None = None, *, unit: str = "") -> Request:
    query = f"?for={unit}" if unit and typed is None else ""
    sent = typed.form(matter.version) | ({"for": unit} if unit else {}) if typed else None
    return Request(
        address=reverse("act", args=[matter.number, action]) + query,
        absent=reverse("act", args=["ZZZZ-ZZZZ", action]) + query,
        sent=sent,
        verb=action,
        matter=matter.pk,
        writes=typed is not None,
    )
