"""Who may bring ledgers in, and see and settle what was brought in by their own office or by another."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bihuan.intake.models import Intake, IntakeRow, Status
from bihuan.intake.tray import discard
from city import City
from clerks_table import Table, row
from rights import table
from rights.asking import Answer, Asker, Request
from rights.comparing import Tally
from rights.table import Row

#: Whose import → the post that brought it in.
BRINGS = {"of_audit": "clerk", "of_finance": "finance_clerk"}
_NOT_THERE = "019ab000-0000-7000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class Brought:
    """What an office has brought in: one file only read, one taken back easily, one with a row of each kind."""

    open: Intake
    untouched: Intake
    rows: Mapping[str, IntakeRow]


@pytest.fixture
def desk(city: City, tmp_path: Path) -> Table:
    return Table(city, tmp_path)


@pytest.fixture
def brought(desk: Table) -> dict[str, Brought]:
    return {whose: _brought(desk, whose, post) for whose, post in BRINGS.items()}


def _brought(desk: Table, whose: str, post: str) -> Brought:
    desk.bring([row(f"{whose}-1")], by=post)
    edited = row(f"{whose}-1", progress="已全部收回")
    rows = [edited, row(f"{whose}-2", unit="没有的局"), row(f"{whose}-3", unit="没有的局")]
    intake = desk.bring(rows, by=post).intake
    untouched = desk.bring([row(f"{whose}-4")], by=post).intake
    assert intake and untouched
    waiting = list(intake.rows.filter(status=Status.WAITING).order_by("pk"))
    discard(waiting[1], "与第2行重复", **desk.acting(post))
    kinds = {"differing": intake.rows.get(status=Status.DIFFERING), "waiting": waiting[0], "discarded": waiting[1]}
    return Brought(desk.open([row(f"{whose}-5")], by=post), untouched, kinds)


# Who may is decided by the same rules on either engine; what an import does has tests of its own on both.
@pytest.mark.either_engine
def test_imports_are_for_whoever_registers_and_stay_in_their_office(
    desk: Table, brought: dict[str, Brought], asker: Asker, tally: Tally
) -> None:
    content = desk.write([row("new-1")]).read_bytes()

    def ask(line: Row, member: str) -> Iterator[tuple[str, Answer]]:
        if line.case == "listed":
            yield "list", _listed(asker, line, member, brought[line.whose])
        elif line.whose:
            yield "page", asker.page(member, _REQUESTS[line.what, line.case](brought[line.whose]))
        else:
            yield "page", asker.page(member, Request(reverse(line.what), _upload(content) if line.case else None))

    tally.compare(table.of("import"), ask)


def _listed(asker: Asker, line: Row, member: str, brought: Brought) -> Answer:
    """Look whether the list leads to what the office has brought in."""
    answer = asker.page(member, Request(reverse(line.what)))
    one = reverse("import_row", args=[brought.rows["waiting"].pk])
    wanted = one if line.what == "tray" else reverse("intake", args=[brought.open.pk])
    there = answer.outcome == "yes" and wanted in answer.page.content.decode()
    return answer if there or answer.outcome != "yes" else answer.as_outcome("hidden")


def _upload(content: bytes) -> dict[str, Any]:
    return {"mechanism": "audit_rectification", "file": SimpleUploadedFile("台账.xlsx", content)}


def _intake(name: str, which: str = "open", sent: Mapping[str, Any] | None = None, *, writes: bool = False) -> Any:
    """Return how to ask for the page `name` of the office's import `which`."""

    def request(brought: Brought) -> Request:
        address = reverse(name, args=[getattr(brought, which).pk])
        return Request(address, sent, absent=reverse(name, args=[_NOT_THERE]), writes=writes)

    return request


def _row(kind: str, sent: Mapping[str, Any] | None = None, *, writes: bool = False) -> Any:
    """Return how to ask for the page of the office's row of this kind."""

    def request(brought: Brought) -> Request:
        address = reverse("import_row", args=[brought.rows[kind].pk])
        return Request(address, sent, absent=reverse("import_row", args=[999_999]), writes=writes)

    return request


_SETTLED = {"do": "settle", "value-responsible_unit": "housing", "value-due": "2026-09-30"}
_REQUESTS: dict[tuple[str, str], Callable[[Brought], Request]] = {
    ("intake", ""): _intake("intake"),
    ("intake_columns", "save"): _intake("intake_columns", sent={"do": "save", "name": "年报格式"}),
    ("intake_columns", "read"): _intake("intake_columns", sent={"do": "read", "column-reason": "备注"}),
    ("intake_commit", ""): _intake("intake_commit", sent={}, writes=True),
    ("intake_abandon", ""): _intake("intake_abandon", sent={}),
    ("intake_withdraw", ""): _intake("intake_withdraw", "untouched", sent={"reason": "选错了文件"}, writes=True),
    ("import_row", ""): _row("waiting"),
    ("import_row", "settle"): _row("waiting", _SETTLED, writes=True),
    ("import_row", "discard"): _row("waiting", {"do": "discard", "reason": "重复"}),
    ("import_row", "restore"): _row("discarded", {"do": "restore"}),
    ("import_row", "accept"): _row("differing", {"do": "accept", "name": "progress", "reason": "补报"}, writes=True),
    ("import_row", "keep"): _row("differing", {"do": "keep"}),
}
