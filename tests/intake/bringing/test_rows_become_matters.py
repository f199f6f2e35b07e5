"""A row that was understood becomes a matter with everything it says; afterwards only the ledger holds its texts."""

from typing import Any

import pytest

from bihuan.directory.organisation import Organisation
from bihuan.intake.ground import Ground
from bihuan.intake.models import IntakeRow
from bihuan.intake.registration import Landed
from bihuan.ledger.models import Claim, Matter
from bihuan.ledger.packs import current
from bihuan.ledger.verify import verify
from bihuan.mechanism.refusal import Refusal
from city import state_of
from clerks_table import Table, row, statuses


def test_a_row_becomes_a_matter_with_all_it_says(table: Table) -> None:
    brought = table.bring([row(7)])
    assert brought.summary == {"ready": 1, "waiting": 0, "skipped": 0, "created": 1, "unchanged": 0, "differing": 0}
    matter = Matter.objects.get()
    state = state_of(matter)
    assert state.values["amount"] == 120_000_50
    assert state.values["responsible_unit"] == "housing"
    assert state.values["rectify_type"] == "immediate"
    assert (matter.finding_no, matter.assertion, matter.due.isoformat()) == ("007", "in_progress", "2026-12-31")
    assert state.source == (("备注", "见底稿"),)
    assert state.supervising == "audit"
    assert Claim.objects.filter(matter=matter, space="finding").count() == 1
    assert list(verify()) == []


def test_the_texts_of_a_registered_row_lie_in_the_ledger_alone(table: Table) -> None:
    table.bring([row(1), row(2, unit="不存在的局")])
    made, waiting = IntakeRow.objects.filter(read_as__in=("ready", "waiting")).order_by("row")
    assert (made.values, made.cells, made.problems) == ("", "", "")
    assert "甲某" in waiting.cells
    for text in (made.prints, made.mark, made.salt, made.key):
        assert "甲" not in text


def test_rows_that_were_skipped_keep_nothing_after_the_commit(table: Table) -> None:
    table.bring([row(1), {"问题摘要": "填表人：乙某"}])
    assert not IntakeRow.objects.filter(cells__contains="乙某").exists()


@pytest.mark.parametrize(
    ("rule", "klass"),
    [("立行立改", "immediate"), ("分阶段推进", "phased"), ("长期坚持", "continuous"), ("持续整改", "continuous")],
)
def test_the_words_of_the_deadline_say_the_class_where_none_is_written(table: Table, rule: str, klass: str) -> None:
    table.bring([row(1, klass=None, due=rule)])
    state = state_of(Matter.objects.get())
    assert (state.values["rectify_type"], state.values["due_rule"]) == (klass, rule)
    assert state.due is not None


def test_words_of_two_classes_say_none(table: Table) -> None:
    assert table.bring([row(1, klass=None, due="立行立改并长期坚持")]).summary["created"] == 1
    assert "rectify_type" not in state_of(Matter.objects.get()).values


def test_a_class_counts_from_the_day_of_delivery_that_the_row_names(table: Table) -> None:
    columns = ("问题编号", "问题摘要", "责任单位", "整改类型", "整改期限", "送达日期")
    rows = [{**row(1, due="立行立改"), "送达日期": "2026.3.2"}, {**row(2, due="立行立改"), "送达日期": "三月某日"}]
    brought = table.bring(table.write(rows, columns=columns))
    assert statuses(brought) == ["created", "waiting"]
    matter = Matter.objects.get()
    assert state_of(matter).values["delivered_on"] == "2026-03-02"
    assert matter.due.isoformat() == "2026-05-01"
    assert "三月某日" in str(brought.sheets[0].rows[1].problems[0].message)


def _landed(values: dict[str, Any], table: Table) -> Any:
    ground = Ground(current()["audit_rectification"], Organisation.on(table.city.now.date()), table.city.now.date())
    from bihuan.intake.registration import registration

    return registration(values, ground.mechanism, ground.units, ground.landing, {"amount": "金额"})


@pytest.mark.parametrize("amount", ["0.005", "abc", "1e30", "NaN"])
def test_an_amount_that_is_no_number_of_fen_is_a_problem_and_never_rounded(table: Table, amount: str) -> None:
    problems = _landed({"amount": amount, "title": "甲"}, table)
    assert [(each.field, each.column) for each in problems] == [("amount", "金额")]
    assert amount in str(problems[0].message)


def test_amounts_become_fen_exactly(table: Table) -> None:
    for text, fen in (("1234567890123.45", 123456789012345), ("-0.01", -1), ("0", 0), ("3.10", 310)):
        landed = _landed({"amount": text}, table)
        assert isinstance(landed, Landed) and landed.values == {"amount": fen}


def test_a_row_that_a_rule_of_the_ledger_refuses_waits_with_its_sentence(table: Table) -> None:
    brought = table.bring([row(1), row(2, due="2199-01-01"), row(3)])
    assert statuses(brought) == ["created", "waiting", "created"]
    told = brought.sheets[0].rows[1]
    assert told.status == "waiting" and told.problems[0].field == "due"
    assert brought.summary["ready"] == 2 and brought.summary["waiting"] == 1


def test_only_a_post_that_may_register_brings_ledgers_in(table: Table) -> None:
    from bihuan.ledger.models import Refused

    for post in ("liaison", "verifier", "sysadmin"):
        with pytest.raises(Refusal) as refused:
            table.bring([row(1)], by=post)
        assert refused.value.rule == "not_role"
    assert Refused.objects.filter(asked="import", rule="not_role").count() == 3
    assert not IntakeRow.objects.exists() and not Matter.objects.exists()
