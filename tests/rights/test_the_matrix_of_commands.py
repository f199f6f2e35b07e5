"""Who is answered what on the command line, by the post after `--as`; and by the ledger, where no command asks it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import openpyxl
import pytest

from bihuan.directory.alterations import Author, note
from bihuan.directory.models import AlterationValue
from bihuan.ledger.execute import link, withdraw_matter
from bihuan.ledger.models import Matter
from bihuan.ledger.redact import redactable
from city import City
from clerks_table import Table, row
from rights import table
from rights.asking import Answer, Asker
from rights.comparing import Tally
from rights.inputs import input_of, proof_file
from rights.matters import UNITS, Maker, part_of
from rights.table import Row

AUDIT = "audit_rectification"


@dataclass(frozen=True, slots=True)
class Desk:
    """Every kind of matter as registered, some dispatched; housing's is linked with finance's, and has a part there."""

    city: City
    folder: Path
    of: dict[str, Matter]
    dispatched: dict[str, Matter]
    linked: Matter
    part: Matter
    file: Path


@pytest.fixture
def desk(city: City, tmp_path: Path) -> Desk:
    of = {whose: Maker(city, whose).make("registered") for whose in UNITS}
    dispatched = {whose: Maker(city, whose).make("dispatched") for whose in ("housing", "station", "finance")}
    part = part_of(city, dispatched["housing"], title="财政专户逐笔清理", responsible_unit="finance")
    linked = city.register("finance", title="财政专户结余未清理")
    link(dispatched["housing"].pk, linked.pk, note="", post=city.posts["clerk"], account="clerk", now=city.now)
    author, person = Author.of(city.posts["sysadmin"], city.now), city.posts["liaison"].account
    note(author, "account_opened", since=city.now.date(), person=person, reason="复职")
    return Desk(city, tmp_path, of, dispatched, linked, part, Table(city, tmp_path).write([row("new-1")]))


# Who may is decided by the same rules on either engine; what a command then does has tests of its own on both.
@pytest.mark.long
@pytest.mark.either_engine
def test_a_command_answers_as_the_table_says(desk: Desk, asker: Asker, tally: Tally) -> None:
    def ask(line: Row, member: str) -> Iterator[tuple[str, Answer]]:
        yield "command", _COMMANDS[line.what](asker, desk, line, member)

    tally.compare(table.of("command"), ask)


def test_a_matter_is_withdrawn_only_by_whoever_may_register_it(desk: Desk, asker: Asker, tally: Tally) -> None:
    def ask(line: Row, member: str) -> Iterator[tuple[str, Answer]]:
        matter, post = desk.of[line.whose].pk, desk.city.posts[member]
        account = post.account.account

        def withdraw() -> None:
            withdraw_matter(matter, reason="重复登记", post=post, account=account, now=desk.city.now)

        yield "ledger", asker.call(withdraw, account=account, verb="withdraw", matter=matter)

    tally.compare(table.of("call"), ask)


def _as(member: str) -> list[str]:
    return [] if member == "nobody" else ["--as", member]


def _account(asker: Asker, member: str) -> str:
    """Without `--as` the ledger itself is on record."""
    return asker.account(member) or "system"


def _import(asker: Asker, desk: Desk, line: Row, member: str) -> Answer:
    words = ["import", desk.file, "--mechanism", AUDIT, *_as(member), *(["--dry-run"] if line.case else [])]
    return asker.command(words, account=_account(asker, member), verb="import")


def _list(asker: Asker, desk: Desk, line: Row, member: str) -> Answer:
    answer = asker.command(["list", *_as(member)], account=_account(asker, member), verb="list")
    numbers = [each["number"] for each in answer.page["matters"]] if answer.page else []
    return answer if desk.of[line.whose].number in numbers else answer.as_outcome("hidden")


def _export(asker: Asker, desk: Desk, line: Row, member: str) -> Answer:
    out = Path(mkdtemp(dir=desk.folder)) / "out.xlsx"
    answer = asker.command(["export", "--out", out, *_as(member)], account=_account(asker, member), verb="export")
    if answer.outcome != "yes":
        return answer
    numbers = [each[0] for sheet in openpyxl.load_workbook(out) for each in sheet.iter_rows(values_only=True)]
    return answer if desk.of[line.whose].number in numbers else answer.as_outcome("hidden")


def _split(asker: Asker, desk: Desk, line: Row, member: str) -> Answer:
    words = ["split", "--mechanism", AUDIT, "--out", mkdtemp(dir=desk.folder), *_as(member)]
    return asker.command(words, account=_account(asker, member), verb="split")


def _show(asker: Asker, desk: Desk, line: Row, member: str) -> Answer:
    named = {"as_linked": desk.linked, "as_part": desk.part}.get(line.case)
    matter = desk.dispatched[line.whose] if named else desk.of[line.whose]
    answer = asker.command(
        ["show", matter.number, *_as(member)], account=_account(asker, member), verb="show", matter=matter.pk
    )
    if named and answer.outcome == "yes" and not _mentions(answer.page, named):
        return answer.as_outcome("hidden")
    return answer


def _mentions(told: Any, matter: Matter) -> bool:
    return any(word in repr(told) for word in (matter.number, matter.title))


def _act(asker: Asker, desk: Desk, line: Row, member: str) -> Answer:
    if line.case in ("sign_for_it", "sign_for_a_stranger"):
        action, unit = "sign", "city" if line.case == "sign_for_a_stranger" else UNITS[line.whose][0]
        words = ["--for", unit, "--evidence", str(proof_file(desk.folder))]
    else:
        action, words = line.case, []
    matter = (desk.dispatched if action == "sign" else desk.of)[line.whose]
    words = words or input_of(f"{AUDIT}.{action}", matter).words(desk.folder)
    asked = ["act", matter.number, action, *words, *_as(member)]
    return asker.command(asked, account=_account(asker, member), verb=action, matter=matter.pk)


def _redact(asker: Asker, desk: Desk, line: Row, member: str) -> Answer:
    matter = desk.of[line.whose]
    if line.case == "list":
        words = ["redact", matter.number, "--list", *_as(member)]
        return asker.command(words, account=_account(asker, member), verb="redact", matter=matter.pk)
    by, approver = (member, "approver") if line.case == "asked" else ("clerk", member)
    version, slot = redactable(matter.pk)[0]
    words = ["redact", matter.number, "--slot", f"{version}:{slot}", "--ground", "当事人依法要求删除"]
    words += ["--as", by, "--approver", approver]
    return asker.command(words, account=asker.account(by), verb="redact", matter=matter.pk)


def _redact_record(asker: Asker, desk: Desk, line: Row, member: str) -> Answer:
    if line.case == "list":
        words = ["people", "redact", "--list", *_as(member)]
        return asker.command(words, account=_account(asker, member), verb="people redact")
    by, approver = (member, "security") if line.case == "asked" else ("inspector", member)
    entry = AlterationValue.objects.get(slot="reason").alteration_id
    words = ["people", "redact", "--slot", f"{entry}:reason", "--ground", "当事人依法要求删除"]
    words += ["--as", by, "--approver", approver]
    return asker.command(words, account=asker.account(by), verb="people redact")


def _merge(asker: Asker, desk: Desk, line: Row, member: str) -> Answer:
    file = desk.folder / "回表.csv"
    file.write_text(f"事项编号,整改进展\n{desk.of['housing'].number},已收回\n", encoding="utf-8")
    words = ["merge", file, *_as(member), *(["--dry-run"] if line.case else [])]
    return asker.command(words, account=_account(asker, member), verb="merge")


def _evidence(asker: Asker, desk: Desk, line: Row, member: str) -> Answer:
    folder = desk.folder / "佐证"
    folder.mkdir(exist_ok=True)
    (folder / f"{desk.of['housing'].number} 凭证.txt").write_text("凭证", encoding="utf-8")
    words = ["evidence", folder, *_as(member), *(["--dry-run"] if line.case else [])]
    return asker.command(words, account=_account(asker, member), verb="evidence")


_COMMANDS: dict[str, Callable[[Asker, Desk, Row, str], Answer]] = {
    "import": _import,
    "export": _export,
    "split": _split,
    "merge": _merge,
    "evidence": _evidence,
    "list": _list,
    "show": _show,
    "act": _act,
    "redact": _redact,
    "people redact": _redact_record,
}
