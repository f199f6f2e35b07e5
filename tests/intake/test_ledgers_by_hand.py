"""Whole messy ledgers are read exactly as a person who looked at them wrote down.

Each folder of `ledgers/` holds `units.csv` (name,short_names separated by |,level,parent), one `ledger.*`, and
`expected.json`: {"reference_day", "sheet"?, "mapping_given"?, "sheets": [as `--json` prints them]}, or
{"refused": true}.
What is given is compared: keys of `mapping` and of `values` (assisting units as a set), `problem_fields` as a set; a
sheet called null (a CSV) is compared without its name. Skipped rows may be listed that nobody wrote down, others not.
"""

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bihuan.intake.reading import Layout, Refusal, UnitIndex, UnitName, read_ledger

LEDGERS = Path(__file__).parent / "ledgers"
FOLDERS = sorted(path.parent for path in LEDGERS.glob("*/expected.json"))


def read_units(path: Path) -> UnitIndex:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return UnitIndex(
        UnitName(
            key=row["name"],
            name=row["name"],
            short_names=tuple(filter(None, (row.get("short_names") or "").split("|"))),
            level=int(row["level"]),
            parent=row.get("parent") or None,
        )
        for row in rows
    )


def compare(expected: dict[str, Any], actual: dict[str, Any]) -> Iterator[str]:
    """Give every difference, in words."""
    if expected.get("header_rows", actual["header_rows"]) != actual["header_rows"]:
        yield f"header_rows: {actual['header_rows']} instead of {expected['header_rows']}"
    for key, label in expected.get("mapping", {}).items():
        if actual["mapping"].get(key) != label:
            yield f"mapping {key}: {actual['mapping'].get(key)!r} instead of {label!r}"
    rows = {row["row"]: row for row in actual["rows"]}
    wanted = {row["row"]: row for row in expected["rows"]}
    for number in sorted(rows.keys() | wanted.keys()):
        if number not in rows:
            yield f"row {number} is not listed"
        elif number not in wanted:
            if rows[number]["status"] != "skipped":
                yield f"row {number} is {rows[number]['status']}, and nobody expected it"
        else:
            yield from compare_row(wanted[number], rows[number])


def compare_row(expected: dict[str, Any], actual: dict[str, Any]) -> Iterator[str]:
    where = f"row {expected['row']}"
    if expected["status"] != actual["status"]:
        yield f"{where} is {actual['status']} instead of {expected['status']}: {actual['problems']}"
    if expected["status"] == "skipped":
        return
    for key, value in expected.get("values", {}).items():
        found = actual["values"].get(key)
        if key == "assisting_units" and value and found:
            found, value = sorted(found), sorted(value)
        if key not in actual["values"] or found != value:
            yield f"{where} {key}: {found!r} instead of {value!r}"
    if "problem_fields" not in expected and "problems" not in expected:
        return
    fields = {problem["field"] for problem in actual["problems"]}
    wanted = set(expected.get("problem_fields", [problem["field"] for problem in expected.get("problems", [])]))
    if fields != wanted:
        yield f"{where} has problems with {sorted(fields)} instead of {sorted(wanted)}: {actual['problems']}"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_ledger_is_read_as_a_person_reads_it(folder: Path, layout: Layout) -> None:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    (path,) = folder.glob("ledger.*")

    def read() -> dict[str, Any]:
        return read_ledger(
            path,
            units=read_units(folder / "units.csv"),
            layout=layout,
            reference_day=date.fromisoformat(expected.get("reference_day", "2026-01-01")),
            sheet=expected.get("sheet"),
            mapping=expected.get("mapping_given"),
        ).to_json()

    if expected.get("refused"):
        with pytest.raises(Refusal):
            read()
        return
    sheets = {sheet["sheet"]: sheet for sheet in read()["sheets"]}
    if len(expected["sheets"]) == len(sheets) == 1:
        pairs = [(expected["sheets"][0], next(iter(sheets.values())))]
    else:
        assert list(sheets) == [sheet["sheet"] for sheet in expected["sheets"]]
        pairs = [(sheet, sheets[sheet["sheet"]]) for sheet in expected["sheets"]]
    differences = [f"{want['sheet']}: {text}" for want, have in pairs for text in compare(want, have)]
    assert not differences, "\n".join(differences)
