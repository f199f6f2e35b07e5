"""Whoever acted held the post, on a working day; nobody verified their own work; the chains hold."""

from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

from bihuan.demo.material import findings, particular
from bihuan.directory.calendars import load_calendar
from bihuan.directory.models import Post
from bihuan.ledger.days import local_day
from bihuan.ledger.history import Told, history
from bihuan.ledger.models import Event, Evidence, Matter
from bihuan.ledger.verify import verify

BY_UNIT = {
    "sign",
    "return",
    "submit_plan",
    "report_progress",
    "ask_extension",
    "claim_done",
    "propose_impossible",
    "report",
}
RESULTS = ("paid_in", "returned", "budget_cut", "disbursed", "adjusted")


def _histories() -> dict[Matter, list[Told]]:
    return {matter: history(matter.pk) for matter in Matter.objects.select_related("responsible")}


def test_the_chains_hold_and_every_file_is_there(sample_city: datetime) -> None:
    assert Event.objects.count() > 200
    assert list(verify(files=True)) == []


def test_every_event_is_by_somebody_in_a_post_of_that_day(sample_city: datetime) -> None:
    posts = {post.key: post for post in Post.objects.select_related("account")}
    for event in Event.objects.all():
        post, day = posts[event.post], local_day(datetime.fromisoformat(event.at))
        assert post.account.account == event.account
        assert post.held_on(day), (event.post, day)


def test_things_happen_in_order_in_office_hours_of_working_days(sample_city: datetime) -> None:
    calendar, today = load_calendar(), local_day(sample_city)
    for matter, events in _histories().items():
        moments = [event.at.astimezone(ZoneInfo("Asia/Shanghai")) for event in events]
        assert moments == sorted(moments), matter.finding_no
        assert all(calendar.is_working(at.date()) and at.date() < today for at in moments), matter.finding_no
        assert all(9 <= at.hour < 18 for at in moments), matter.finding_no
        assert all(event.at == event.recorded_at for event in events)


def test_nobody_verified_their_own_work(sample_city: datetime) -> None:
    looks = 0
    histories = _histories()
    doers: dict[object, set[str]] = defaultdict(set)
    for matter, events in histories.items():
        worked = {event.account for event in events if event.body.get("does") == "work"}
        doers[matter.pk] |= worked
        doers[matter.parent_id] |= worked
    for matter, events in histories.items():
        for event in events:
            if event.body.get("does") in ("verify", "reject"):
                looks += 1
                assert event.account not in doers[matter.pk], (matter.finding_no, event.version)
    assert looks > 10


def test_a_unit_without_a_liaison_speaks_through_the_clerk_and_a_scan(sample_city: datetime) -> None:
    liaisons = {post.unit.key for post in Post.objects.select_related("unit") if "owner" in post.roles and post.unit}
    spoken = {"for themselves": 0, "through the clerk": 0}
    for matter, events in _histories().items():
        for event in events:
            if event.body.get("action") in BY_UNIT:
                unit = matter.responsible.key
                assert event.body.get("behalf") == (None if unit in liaisons else unit)
                assert unit in liaisons or event.body["evidence"]
                spoken["for themselves" if unit in liaisons else "through the clerk"] += 1
    assert min(spoken.values()) > 10


def test_no_more_is_put_right_than_was_found(sample_city: datetime) -> None:
    claims = 0
    for matter, events in _histories().items():
        for event in events:
            given = event.body.get("set") or {}
            put_right = sum(given.get(way) or 0 for way in RESULTS)
            if put_right:
                claims += 1
                assert put_right <= matter.amount, matter.finding_no
    assert claims > 3


def test_the_same_paper_is_not_given_in_two_matters(sample_city: datetime) -> None:
    hashes = list(Evidence.objects.values_list("sha256", flat=True))
    assert len(hashes) == len(set(hashes)) > 50
    assert {"image/png", "application/pdf"} <= set(Evidence.objects.values_list("media_type", flat=True))


def test_what_turned_a_story_is_said_of_that_finding_alone(sample_city: datetime) -> None:
    turned = {"reopened": "reopen", "transferred": "transfer", "returned_unit": "return", "extended": "ask_extension"}
    turned |= {"not_feasible": "propose_impossible", "extension_asked": "ask_extension"}
    told = {finding.finding_no: finding for finding in findings() if finding.story in turned}
    found = Matter.objects.filter(finding_no__in=told)
    assert found.count() > 10
    for matter in found:
        finding = told[matter.finding_no]
        action = turned[finding.story]
        reasons = [event.body["reason"] for event in history(matter.pk) if event.body.get("action") == action]
        assert reasons == [particular(finding, action)]
