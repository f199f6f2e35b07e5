"""One finding, four people, from registration to a strike-off that somebody else decided."""

from datetime import date, timedelta

import pytest

from bihuan.directory.models import Unit
from bihuan.ledger.execute import execute
from bihuan.ledger.history import history
from bihuan.ledger.models import Event, Refused
from bihuan.ledger.orders import Order
from bihuan.ledger.store import keep
from bihuan.ledger.verify import verify
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.state import Command
from city import City, state_of


def test_four_people_take_a_finding_to_a_verified_closure(city: City) -> None:
    matter = city.struck_off(delivered_on="2026-06-01")
    state = state_of(matter)
    assert (matter.stage, matter.ended, matter.ended_on) == ("struck_off", "success", date(2026, 6, 10))
    assert (state.assertion, state.recognition) == ("done", "approved")
    accounts = Event.objects.filter(matter=matter).order_by("version").values_list("account", flat=True)
    assert list(accounts) == ["clerk", "clerk", "liaison", "liaison", "verifier", "approver"]
    assert list(verify()) == []


def test_the_doer_may_not_verify_even_with_a_verifiers_post(city: City) -> None:
    matter = city.rectifying()
    city.claim(matter, by="both_owner")
    with pytest.raises(Refusal) as refused:
        city.recognise(matter, by="both_verifier")
    assert refused.value.rule == "did_the_work"
    assert Refused.objects.filter(matter=matter.pk, rule="did_the_work", account="both").count() == 1
    assert city.recognise(matter, by="verifier").stage == "approving"


def test_a_role_one_does_not_hold_is_refused_and_says_who_holds_it(city: City) -> None:
    matter = city.claimed()
    with pytest.raises(Refusal) as refused:
        city.recognise(matter, by="liaison")
    assert refused.value.rule == "not_role"
    assert "Verifier of the audit team" in str(refused.value)


def test_another_units_liaison_does_not_even_see_the_matter(city: City) -> None:
    matter = city.rectifying()
    with pytest.raises(Refusal) as refused:
        city.act(matter, "report_progress", "other", values={"progress": "……"})
    assert refused.value.rule == "not_visible"


def test_an_assisting_unit_sees_but_does_not_own(city: City) -> None:
    matter = city.rectifying(assisting_units=["finance"])
    with pytest.raises(Refusal) as refused:
        city.act(matter, "report_progress", "other", values={"progress": "……"})
    assert refused.value.rule == "not_role"


def test_verification_ends_with_the_work_that_follows_it(city: City) -> None:
    matter = city.claimed()
    city.recognise(matter)
    city.act(matter, "refuse_strike_off", "approver", reason="缺少入账凭证")
    with pytest.raises(Refusal) as refused:
        city.act(matter, "strike_off", "approver")
    assert refused.value.rule == "wrong_stage"
    assert state_of(matter).recognition == "not_recognised"


def test_rework_is_counted_and_goes_up_when_its_rounds_are_used(city: City) -> None:
    matter = city.rectifying()
    for _ in range(3):
        city.claim(matter)
        city.act(matter, "send_back", "verifier", reason="证据不足")
    city.claim(matter)
    with pytest.raises(Refusal) as refused:
        city.act(matter, "send_back", "verifier", reason="证据不足")
    assert refused.value.rule == "limit_reached"
    assert city.act(matter, "send_back", "leader", reason="限期重报").stage == "rectifying"


def test_a_finding_is_reopened_under_its_number_with_a_new_day(city: City) -> None:
    matter = city.struck_off()
    city.later(days=200)
    with pytest.raises(Refusal) as refused:
        city.act(matter, "reopen", "clerk", reason="回头看发现反弹")
    assert refused.value.rule == "missing_field"
    number, original = matter.number, matter.original_due
    reopened = city.act(matter, "reopen", "clerk", reason="回头看发现反弹", values={"due": "2027-03-31"})
    assert (reopened.number, reopened.original_due) == (number, original)
    assert (reopened.stage, reopened.ended, reopened.due) == ("rectifying", "", date(2027, 3, 31))
    assert state_of(matter).recognition == ""


def test_a_reopened_finding_gets_a_day_that_has_not_passed(city: City) -> None:
    matter = city.struck_off()
    city.later(days=200)
    with pytest.raises(Refusal) as refused:
        city.act(matter, "reopen", "clerk", reason="反弹", values={"due": "2026-07-01"})
    assert refused.value.rule == "day_passed"


def test_the_verifiers_words_are_the_verifiers_own_and_made_anew_each_round(city: City) -> None:
    for field in ("opinion", "criterion", "result"):
        with pytest.raises(Refusal) as refused:
            city.register(**{field: "money_settled"})
        assert refused.value.rule == "field_not_allowed"
    matter = city.claimed()
    city.recognise(matter)
    city.act(matter, "refuse_strike_off", "approver", reason="缺少入账凭证")
    city.claim(matter)
    with pytest.raises(Refusal) as refused:
        city.act(matter, "recognise", "verifier")
    assert (refused.value.rule, refused.value.field) == ("missing_field", "criterion")
    assert city.recognise(matter).stage == "approving"


def test_the_owner_writes_nothing_of_the_verifiers_into_a_measure(city: City) -> None:
    matter = city.rectifying()
    values = {"title": "收回资金", "opinion": "核查通过"}
    with pytest.raises(Refusal) as refused:
        city.act(matter, "add_measure", "liaison", values=values)
    assert refused.value.rule == "field_not_allowed"


def test_nobody_with_a_post_in_the_unit_that_works_verifies_it_whoever_entered_the_work(city: City) -> None:
    matter = city.rectifying()
    city.act(
        matter, "claim_done", "clerk", behalf="housing", proofs=1, values={"result": "已上缴", "cause": "预算不细"}
    )
    with pytest.raises(Refusal) as refused:
        city.recognise(matter, by="both_verifier")
    assert refused.value.rule == "own_unit"
    assert city.recognise(matter, by="verifier").stage == "approving"


def test_an_act_needs_a_post_that_is_held_and_the_account_of_its_holder(city: City) -> None:
    matter = city.claimed()
    city.posts["verifier"].until = city.now.date() - timedelta(days=1)
    with pytest.raises(Refusal) as refused:
        city.recognise(matter)
    assert refused.value.rule == "not_held"
    verifier = city.posts["both_verifier"]
    command = Command("send_back", "somebody", reason="证据不足")
    with pytest.raises(Refusal) as refused:
        execute(Order(matter.pk, command, verifier), now=city.now)
    assert refused.value.rule == "not_yours"


def test_work_that_the_ledgers_own_account_enters_is_the_work_of_the_posts_holder(city: City) -> None:
    matter = city.rectifying()
    clerk = city.posts["clerk"]
    proof = keep(matter.pk, "扫描件.txt", [b"scan"])
    values = {"result": "已上缴", "cause": "预算不细"}
    command = Command("claim_done", "system", values=values, evidence=(proof,), behalf="housing")
    execute(Order(matter.pk, command, clerk), now=city.now)
    assert (history(matter.pk)[-1].account, state_of(matter).doers) == ("system", {"clerk"})


def test_nothing_is_ownerless(city: City) -> None:
    with pytest.raises(Refusal) as refused:
        city.register(responsible_unit=None)
    assert (refused.value.rule, refused.value.field) == ("missing_field", "responsible_unit")
    with pytest.raises(Refusal) as refused:
        city.register(responsible_unit="nowhere")
    assert refused.value.rule == "unknown_unit"


@pytest.mark.parametrize("by", ["liaison", "leader", "sysadmin", "verifier"])
def test_only_a_supervisor_registers(city: City, by: str) -> None:
    with pytest.raises(Refusal) as refused:
        city.register(by=by)
    assert refused.value.rule == "not_role"


def test_work_entered_for_a_unit_names_both_and_carries_the_scan(city: City) -> None:
    matter = city.register()
    city.act(matter, "dispatch", "clerk")
    with pytest.raises(Refusal) as refused:
        city.act(matter, "sign", "clerk", behalf="housing")
    assert refused.value.rule == "missing_scan"
    city.act(matter, "sign", "clerk", behalf="housing", proofs=1)
    told = history(matter.pk)[-1]
    assert (told.account, told.body["behalf"]) == ("clerk", "housing")
    for by, unit in (("clerk", "finance"), ("verifier", "housing"), ("leader", "housing")):
        with pytest.raises(Refusal) as refused:
            city.act(matter, "report_progress", by, behalf=unit, proofs=1, values={"progress": "……"})
        assert refused.value.rule == "not_role"


def test_a_unit_that_was_dissolved_still_owns_what_it_owned(city: City) -> None:
    matter = city.rectifying()
    Unit.objects.filter(key="housing").update(until=city.now.date())
    city.later(days=1)
    logged = {"talked_on": "2026-06-11", "talked_with": "department", "content": "由谁接手"}
    assert city.act(matter, "log_communication", "clerk", record=logged).responsible.key == "housing"
    assert list(verify()) == []
