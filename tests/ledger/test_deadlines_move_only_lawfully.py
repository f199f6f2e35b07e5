"""The whole deadline comes from a day or a class; after dispatch only an extension moves it."""

from datetime import date

import pytest

from bihuan.mechanism.refusal import Refusal
from city import City, state_of


def test_the_term_of_a_class_counts_from_delivery_else_from_registration(city: City) -> None:
    assert city.register(delivered_on="2026-06-01").due == date(2026, 7, 31)
    assert city.register().due == date(2026, 8, 9)
    assert city.register(rectify_type="phased").due == date(2027, 6, 10)
    assert city.register(rectify_type=None).due is None
    assert city.register(due="2026-09-30").due == date(2026, 9, 30)


def test_no_stage_is_without_a_day(city: City) -> None:
    assert city.register(rectify_type=None).stage_due == date(2026, 6, 17)


def test_the_class_named_at_dispatch_sets_the_deadline(city: City) -> None:
    matter = city.register(rectify_type=None)
    with pytest.raises(Refusal) as refused:
        city.act(matter, "dispatch", "clerk")
    assert refused.value.field == "rectify_type"
    assert city.act(matter, "dispatch", "clerk", values={"rectify_type": "phased"}).due == date(2027, 6, 10)


def test_an_extension_is_asked_in_time_and_granted_by_somebody_else(city: City) -> None:
    matter = city.rectifying()
    asked = {"extended_to": "2026-10-31", "next_step": "重新招标"}
    city.act(matter, "ask_extension", "liaison", reason="招标流标", values=asked)
    assert state_of(matter).due == date(2026, 8, 9)
    granted = city.act(matter, "grant_extension", "approver")
    assert (granted.due, granted.original_due) == (date(2026, 10, 31), date(2026, 8, 9))
    assert state_of(matter).extensions == 1


@pytest.mark.parametrize(
    ("until", "days", "rule"),
    [
        ("2026-08-09", 0, "extension_length"),
        ("2027-06-01", 0, "extension_length"),
        ("2026-09-30", 61, "extension_late"),
    ],
)
def test_an_extension_that_is_too_short_too_long_or_too_late_is_refused(
    city: City, until: str, days: int, rule: str
) -> None:
    matter = city.rectifying()
    city.later(days=days)
    with pytest.raises(Refusal) as refused:
        city.act(matter, "ask_extension", "liaison", reason="……", values={"extended_to": until, "next_step": "……"})
    assert refused.value.rule == rule


def test_an_extension_may_still_be_asked_on_the_last_day(city: City) -> None:
    matter = city.rectifying()
    city.later(days=60)
    city.act(matter, "ask_extension", "liaison", reason="……", values={"extended_to": "2026-09-30", "next_step": "……"})
    city.later(days=3)
    assert city.act(matter, "grant_extension", "approver").due == date(2026, 9, 30)


def test_extensions_are_limited_in_number(city: City) -> None:
    matter = city.rectifying()
    for day in ("2026-09-30", "2026-10-31"):
        city.act(matter, "ask_extension", "liaison", reason="……", values={"extended_to": day, "next_step": "……"})
        city.act(matter, "grant_extension", "approver")
    with pytest.raises(Refusal) as refused:
        city.act(
            matter, "ask_extension", "liaison", reason="……", values={"extended_to": "2026-11-30", "next_step": "……"}
        )
    assert refused.value.rule == "extension_limit"


def test_a_deadline_that_was_dispatched_is_not_overwritten(city: City) -> None:
    matter = city.register()
    city.act(matter, "dispatch", "clerk")
    city.act(matter, "return", "liaison", reason="不属本单位职责")
    with pytest.raises(Refusal) as refused:
        city.act(matter, "dispatch", "clerk", values={"due": "2026-09-30"})
    assert refused.value.rule == "deadline_fixed"
    assert city.act(matter, "dispatch", "clerk").due == date(2026, 8, 9)
    city.act(matter, "sign", "liaison")
    with pytest.raises(Refusal) as refused:
        city.act(matter, "amend", "clerk", reason="……", values={"due": "2027-01-01"})
    assert refused.value.rule == "field_not_allowed"


def test_reports_on_work_restart_the_review_clock_of_the_stage_but_never_the_deadline(city: City) -> None:
    matter = city.rectifying()
    assert matter.stage_due == date(2026, 9, 10)
    city.later(days=30)
    reported = city.act(matter, "report_progress", "liaison", values={"progress": "已完成一半"})
    assert (reported.stage_due, reported.due) == (date(2026, 10, 10), date(2026, 8, 9))


def test_continuing_work_is_looked_at_by_the_verifier_who_sets_the_next_look(city: City) -> None:
    matter = city.register(rectify_type="continuous")
    city.act(matter, "dispatch", "clerk")
    city.act(matter, "sign", "liaison")
    city.act(matter, "submit_plan", "liaison", values={"measures": "逐年消化"})
    city.act(matter, "accept_plan", "clerk")
    assert matter.due == date(2027, 6, 10)
    city.later(days=300)
    looked = city.act(matter, "review_continuing", "verifier", values={"opinion": "按计划推进"})
    assert (looked.due, looked.original_due) == (date(2028, 4, 6), date(2027, 6, 10))


def test_an_extension_that_was_asked_for_before_the_end_is_not_granted_after_a_reopening(city: City) -> None:
    matter = city.rectifying()
    asked = {"extended_to": "2026-09-30", "next_step": "……"}
    city.act(matter, "ask_extension", "liaison", reason="……", values=asked)
    city.claim(matter)
    city.recognise(matter)
    city.act(matter, "strike_off", "approver")
    city.act(matter, "reopen", "clerk", reason="反弹", values={"due": "2027-06-30"})
    with pytest.raises(Refusal) as refused:
        city.act(matter, "grant_extension", "approver")
    assert (refused.value.rule, state_of(matter).due) == ("nothing_asked", date(2027, 6, 30))
