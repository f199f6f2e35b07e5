"""Lists are whole and filtered as asked; a matter is shown with what everybody may do next."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bihuan.ledger.days import today
from bihuan.ledger.models import Refused


def _numbers(said) -> list[str]:
    return [matter["number"] for matter in said.json["matters"]]


def test_a_row_says_all_that_scripts_ask_for(city, bihuan) -> None:
    matter = city.register(finding_no="001", amount=123_450, assisting_units=["finance"], project="预算执行审计")
    row = bihuan("list", "--json").json["matters"][0]
    due = (today() + timedelta(days=60)).isoformat()
    assert row == {
        "number": matter.number, "id": str(matter.pk), "mechanism": "audit_rectification", "finding_no": "001",
        "project": "预算执行审计", "title": "结余资金未盘活", "responsible_unit": "澄湖市住房和城乡建设局",
        "responsible_unit_key": "housing", "assisting_units": ["澄湖市财政局"], "category": None, "amount": "1234.5",
        "rectify_type": "immediate", "stage": "registered", "stage_label": "待下发", "ended": None,
        "registered_on": today().isoformat(), "ended_on": None, "due": due, "original_due": due,
        "stage_due": matter.stage_due.isoformat(), "overdue": False, "stage_overdue": False, "claimed_status": None,
        "recognition": None, "parent": None, "version": 1,
    }  # fmt: skip


def test_the_list_is_whole_and_in_the_order_of_deadlines(city, bihuan) -> None:
    days = [30, 10, 20, 10]
    made = [city.register(due=(today() + timedelta(days=n)).isoformat()) for n in days]
    without = city.register(rectify_type=None)
    expected = [made[1], made[3], made[2], made[0], without]
    assert _numbers(bihuan("list", "--json")) == [matter.number for matter in expected]
    table = bihuan("list").out.splitlines()
    assert [line.split()[0] for line in table[1:]] == [matter.number for matter in expected]


def test_a_unit_means_it_with_all_below(city, bihuan) -> None:
    ours, below, other = city.register("housing"), city.register("station"), city.register("finance")
    for name in ("housing", "澄湖市住房和城乡建设局"):
        assert set(_numbers(bihuan("list", "--unit", name, "--json"))) == {ours.number, below.number}
    assert _numbers(bihuan("list", "--unit", "station", "--json")) == [below.number]
    assert set(_numbers(bihuan("list", "--unit", "city", "--json"))) == {ours.number, below.number, other.number}
    missing = bihuan("list", "--unit", "没有局", "--json")
    assert (missing.code, missing.out) == (2, "") and "没有局" in missing.err


def test_stage_mechanism_and_lateness_narrow_the_list(city, bihuan) -> None:
    late = city.register(due=(today() - timedelta(days=1)).isoformat())
    last_day = city.register(due=today().isoformat())
    city.act(last_day, "dispatch", "clerk")
    assert _numbers(bihuan("list", "--overdue", "--json")) == [late.number]
    for stage in ("dispatched", "待签收"):
        assert _numbers(bihuan("list", "--stage", stage, "--json")) == [last_day.number]
    assert _numbers(bihuan("list", "--mechanism", "audit_measure", "--json")) == []
    for words in (["--stage", "nowhere"], ["--mechanism", "nothing"]):
        assert bihuan("list", *words, "--json").code == 2


def test_a_post_lists_what_it_may_open_and_no_more(city, bihuan) -> None:
    ours, other = city.register("housing"), city.register("finance")
    assert _numbers(bihuan("list", "--as", "liaison", "--json")) == [ours.number]
    assert _numbers(bihuan("list", "--as", "澄湖市财政局/other", "--json")) == [other.number]
    assert _numbers(bihuan("list", "--as", "sysadmin", "--json")) == []
    several = bihuan("list", "--as", "both", "--json")
    assert several.code == 2 and "both_owner" in several.err and "both_verifier" in several.err
    assert bihuan("list", "--as", "nobody").code == 2


def test_a_post_that_has_ended_can_no_longer_look(city, bihuan) -> None:
    post = city.posts["liaison"]
    post.until = today() - timedelta(days=1)
    post.save()
    said = bihuan("list", "--as", "liaison")
    assert said.code == 2 and post.until.isoformat() in said.err


def test_a_matter_is_found_by_number_id_and_unique_finding_number(city, bihuan) -> None:
    one, two, same = city.register(finding_no="01"), city.register(finding_no="7"), city.register(finding_no="7")
    for name in (one.number, one.number.lower(), one.number.replace("-", ""), str(one.pk), "01"):
        assert bihuan("show", name, "--json").json["number"] == one.number
    several = bihuan("show", "7")
    assert several.code == 2 and two.number in several.err and same.number in several.err
    assert bihuan("show", "1").code == 2, "01 is not 1"


def test_show_lists_who_may_do_what_next_and_why_you_may_not(city, bihuan) -> None:
    matter = city.claimed()
    shown = bihuan("show", matter.number, "--as", "both_owner", "--json").json
    steps = {step["action"]: step for step in shown["next"]}
    assert set(steps) == {"log_communication", "log_instruction", "recognise", "send_back"}
    assert [post["post"] for post in steps["recognise"]["posts"]] == ["verifier"]
    assert steps["recognise"]["requires"] == ["criterion", "opinion"]
    assert steps["recognise"]["refused_for_you"] and steps["log_communication"]["refused_for_you"] is None
    verifying = bihuan("show", matter.number, "--as", "verifier", "--json").json["next"]
    assert next(step for step in verifying if step["action"] == "recognise")["refused_for_you"] is None
    assert shown["axes"]["claimed_status"]["key"] == "done" and shown["axes"]["recognition"] is None
    assert shown["chain"] == "ok" and [event["version"] for event in shown["timeline"]] == [1, 2, 3, 4]
    assert shown["timeline"][3]["account"] == "liaison" and shown["evidence"][0]["name"] == "凭证0.txt"
    assert {"key": "put_right", "label": "已整改金额", "value": "120000"} in shown["computed"]


def test_what_one_may_not_open_is_not_shown_and_the_asking_is_on_record(city, bihuan) -> None:
    matter = city.register("finance")
    said = bihuan("show", matter.number, "--as", "liaison", "--json")
    assert said.code == 3 and said.json["refused"]["rule"] == "not_visible"
    assert "结余资金" not in said.out + said.err
    assert Refused.objects.get().account == "liaison"


def test_show_reads_as_a_person_reads(city, bihuan) -> None:
    matter = city.claimed()
    text = bihuan("show", matter.number, "--as", "verifier").out
    for word in ("现在可以办理", "认定已整改", "问题根源：预算编制不细", "凭证0.txt", "历史", "申请销号", "120000元"):
        assert word in text


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_message_can_be_said(city, bihuan, monkeypatch, language: str) -> None:
    from bihuan.web.cli import words

    monkeypatch.setenv("BIHUAN_LANGUAGE", language)
    for cached in (words.language, words._catalogue):
        cached.cache_clear()
    try:
        matter = city.struck_off()
        assert bihuan("show", matter.number).code == 0
        assert ("What can be done now" in bihuan("show", matter.number).out) is (language == "en")
    finally:
        monkeypatch.undo()
        for cached in (words.language, words._catalogue):
            cached.cache_clear()


def test_time_is_told_in_the_ledgers_zone(city, bihuan) -> None:
    matter = city.register()
    at = bihuan("show", matter.number, "--json").json["timeline"][0]["at"]
    assert at.endswith("+08:00") and at[:16] == timezone.localtime(city.now).isoformat()[:16]
