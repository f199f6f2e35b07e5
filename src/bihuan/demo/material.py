"""What the demonstration is told from: the invented units, people, projects, findings and texts in `data/`."""

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from random import Random

_TERM = re.compile(r"起(\d+)(日|年)")
#: Terms of rules that name no number of days (立行立改, 长期坚持).
_NAMED_TERMS = {"立行立改": 60, "长期坚持": 1825}
_UNIT_DAYS = {"日": 1, "年": 365}


@dataclass(frozen=True, slots=True)
class Project:
    """An audit whose report reached the unit `delivered` days before today."""

    title: str
    report_no: str
    delivered: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding and how far it has come. `lateness` is its due day in days from today, negative when past.

    `amount` is fen; `turn` counts the findings with the same story, so that they can differ from each other.
    """

    project: Project
    finding_no: str
    audited_unit: str
    category: str
    title: str
    description: str
    amount: int | None
    rectify_type: str
    measures: str
    responsible_unit: str
    assisting_units: tuple[str, ...]
    responsible_person: str
    due_rule: str
    story: str
    lateness: int
    turn: int

    @property
    def group(self) -> str:
        return self.category.partition("/")[0]

    @property
    def term(self) -> int:
        """The days that its rule gives, counted from the delivery of the report."""
        if found := _TERM.search(self.due_rule):
            return int(found[1]) * _UNIT_DAYS[found[2]]
        return _NAMED_TERMS[self.due_rule]

    @property
    def extended_by(self) -> int:
        """The days by which an extension moved the due day; 0 where none was granted."""
        return self.lateness - (self.term - self.project.delivered)

    def chance(self, part: str) -> Random:
        """Return the finding's own source of chance for one part of its story, the same at every build."""
        return Random(f"{self.finding_no}/{part}")

    def project_chance(self, day: date) -> Random:
        """Return the source of chance that all findings of the project share on one day."""
        return Random(f"{self.project.report_no}/{day}")


def table(name: str) -> str:
    """Return the text of `data/<name>.csv`."""
    return files(__package__).joinpath("data", f"{name}.csv").read_text(encoding="utf-8")


def rows(name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(table(name), newline=""))


@cache
def findings() -> tuple[Finding, ...]:
    """Return every finding, in the order of the file."""
    projects = {
        row["project"]: Project(row["project"], row["report_no"], int(row["delivered_days_ago"]))
        for row in rows("projects")
    }
    seen: Counter[str] = Counter()
    made = []
    for row in rows("findings"):
        made.append(_finding(row, projects[row["project"]], seen[row["story"]]))
        seen[row["story"]] += 1
    return tuple(made)


def sample(limit: int | None) -> tuple[Finding, ...]:
    """Return `limit` findings that show every story, the first of each before the second of any; None is all."""
    if limit is None:
        return findings()
    chosen = sorted(findings(), key=lambda finding: finding.turn)[:limit]
    return tuple(finding for finding in findings() if finding in chosen)


def _finding(row: Mapping[str, str], project: Project, turn: int) -> Finding:
    as_written = ("finding_no", "audited_unit", "category", "title", "description", "rectify_type", "measures")
    more = ("responsible_unit", "responsible_person", "due_rule", "story")
    return Finding(
        project=project,
        amount=_fen(row["amount"]),
        assisting_units=tuple(filter(None, row["assisting_units"].split("|"))),
        lateness=int(row["lateness"]),
        turn=turn,
        **{key: row[key] for key in (*as_written, *more)},
    )


def _fen(text: str) -> int | None:
    if not text:
        return None
    yuan, _, cents = text.partition(".")
    return int(yuan) * 100 + int(cents.ljust(2, "0") or 0)


@cache
def _texts() -> Mapping[str, tuple[tuple[str, str], ...]]:
    made: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in rows("texts"):
        made[row["kind"]].append((row["rectify_group"], row["text"]))
    return {kind: tuple(each) for kind, each in made.items()}


@cache
def _particular() -> Mapping[tuple[str, str], str]:
    return {(row["finding_no"], row["action"]): row["text"] for row in rows("particular")}


def particular(finding: Finding, action: str) -> str:
    """Return what was said at `action` of this one finding."""
    return _particular()[finding.finding_no, action]


def texts(kind: str, finding: Finding) -> list[str]:
    """Return the texts of `kind` for findings of this kind, which count double, and for any."""
    known = _texts()[kind]
    return [each for group, each in (*known, *known) if group == finding.group] + [
        each for group, each in known if not group
    ]
