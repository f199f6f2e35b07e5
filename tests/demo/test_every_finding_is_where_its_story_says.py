"""The demonstration city holds every story and every lateness that its data tell, relative to the day it is made."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bihuan.demo import PASSWORD, accounts
from bihuan.demo.material import sample
from bihuan.directory.calendars import load_calendar
from bihuan.directory.models import Account, Unit
from bihuan.directory.viewer import Viewer
from bihuan.ledger.days import local_day
from bihuan.ledger.listing import Filter, select
from bihuan.ledger.models import Matter, Refused
from bihuan.ledger.verify import verify

STAGES = {
    "registered": {"registered"},
    "returned_unit": {"registered"},
    "dispatched": {"dispatched"},
    "planning": {"planning"},
    "plan_review": {"plan_review"},
    "rectifying": {"rectifying"},
    "rectifying_progress": {"rectifying"},
    "with_measures": {"rectifying"},
    "extension_asked": {"rectifying"},
    "extended": {"rectifying"},
    "sent_back": {"rectifying"},
    "reopened": {"rectifying"},
    "checking": {"checking"},
    "approving": {"approving"},
    "struck_off": {"struck_off"},
    "transferred": {"transferred"},
    "not_feasible": {"impossible", "dropping"},
}
RETURNED = {"returned_unit", "sent_back", "reopened"}


def _check_stories(limit: int | None, today: date) -> None:
    chosen = sample(limit)
    matters = {matter.finding_no: matter for matter in Matter.objects.filter(parent=None)}
    assert matters.keys() == {finding.finding_no for finding in chosen}
    for finding in chosen:
        matter, what = matters[finding.finding_no], (finding.finding_no, finding.story)
        assert matter.stage in STAGES[finding.story], what
        assert matter.due == today + timedelta(days=finding.lateness), what
        assert (matter.asking is not None) == (finding.story == "extension_asked"), what
        assert matter.returned or finding.story not in RETURNED, what
        assert (matter.original_due == matter.due) == (finding.story != "extended"), what
        assert (matter.amount, matter.klass) == (finding.amount, finding.rectify_type), what
    late = [f for f in chosen if f.lateness < 0 and not matters[f.finding_no].ended]
    overdue = Matter.objects.filter(parent=None, ended="", due__lt=today)
    assert overdue.count() == len(late) > 0


def test_a_sample_shows_every_story(sample_city: datetime) -> None:
    assert {finding.story for finding in sample(40)} == set(STAGES)
    _check_stories(40, local_day(sample_city))
    assert not Refused.objects.exists()


def test_measures_stand_in_different_states(sample_city: datetime) -> None:
    measures = Matter.objects.filter(mechanism="audit_measure")
    assert {each.stage for each in measures} >= {"doing", "checking", "done"}
    assert all(each.due > each.registered_on for each in measures)


def _desk(account: str, wanted: Filter, today: date) -> int:
    viewer = Viewer.of(Account.objects.get(account=account), today)
    return select(viewer, wanted, today, load_calendar()).count()


def test_every_desk_has_something_on_it(sample_city: datetime) -> None:
    today = local_day(sample_city)
    to_check = Matter.objects.filter(stage="checking").count()
    assert _desk("zhenxihe", Filter(queue="verify"), today) == to_check > 2
    assert _desk("yanbaguan", Filter(queue="verify"), today) > 0
    assert _desk("clerk", Filter(mine=True), today) > 4
    assert _desk("clerk", Filter(queue="returned"), today) > 0
    assert _desk("zhuoluoshi", Filter(mine=True), today) > 0
    assert _desk("zhuoluoshi", Filter(overdue=True), today) > 0
    assert _desk("fangtongchou", Filter(overdue=True), today) > 2
    assert _desk("anshoumi", Filter(), today) == 0


def test_the_accounts_to_try_are_there_and_sign_in(sample_city: datetime) -> None:
    tried = {trial.account: trial for trial in accounts()}
    assert len(tried) == 6
    for account in Account.objects.filter(account__in=tried):
        assert account.check_password(PASSWORD)
        post = account.posts.select_related("unit").first()
        assert post is not None and post.unit is not None
        assert (account.name, post.unit.name) == (tried[account.account].name, tried[account.account].unit)
    assert Account.objects.filter(posts__key="clerk").get().account == "clerk"


@pytest.mark.slow
@pytest.mark.parametrize("now", ["2026-11-25T00:10+08:00", "2026-10-08T09:00+08:00", "2027-02-22T18:00+08:00"])
def test_the_whole_city_is_told_whatever_the_day(db: Any, build_for_a_while: Callable[..., Any], now: str) -> None:
    moment = datetime.fromisoformat(now)
    with build_for_a_while(moment):
        _check_stories(None, local_day(moment))
        assert (Unit.objects.count(), Account.objects.count(), Matter.objects.filter(parent=None).count()) == (
            42,
            12,
            300,
        )
        assert {unit.level for unit in Unit.objects.all()} == {1, 2, 3}
        closed = Matter.objects.filter(parent=None, ended="success")
        in_time = Counter(matter.ended_on <= matter.due for matter in closed)
        assert 0.7 <= in_time[True] / sum(in_time.values()) <= 0.9
        assert list(verify(files=True)) == []
