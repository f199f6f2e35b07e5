"""One action on many matters: chosen, filled in once, seen, done; each matter is decided by itself."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bihuan.ledger.history import history
from bihuan.ledger.models import Matter, Refused
from bihuan.web.bulk import chosen
from city import City, state_of

ACT = "/bulk/act/"


def parts(page: str) -> dict[str, list[str]]:
    """Return what the page's form would send again: its hidden fields."""
    found: dict[str, list[str]] = {}
    for name, text in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page):
        found.setdefault(name, []).append(unescape(text))
    for name, text in re.findall(r'<textarea hidden name="([^"]+)">\n(.*?)</textarea>', page, re.DOTALL):
        found.setdefault(name, []).append(unescape(text))
    found.pop("csrfmiddlewaretoken", None)
    return {name: texts for name, texts in found.items() if name not in ("next",)}


def send(client: Client, **fields: Any) -> str:
    answer = client.post(ACT, fields)
    assert answer.status_code in (200, 422), answer.status_code
    return unescape(answer.content.decode())


def over(*matters: Matter) -> str:
    return " ".join(f"{row.number}.{row.version}" for row in Matter.objects.filter(pk__in=[m.pk for m in matters]))


def line(page: str, matter: Matter) -> str:
    return next(each for each in page.split("<tr ") if f'data-matter="{matter.number}"' in each)


def test_only_what_somebody_could_do_is_offered_with_how_many(city: City, signed_in: Any) -> None:
    first, second = city.register(), city.register("finance")
    third = city.act(city.register(), "dispatch", "clerk")
    page = send(signed_in("clerk"), m=[first.number, second.number, third.number])
    offered = dict(re.findall(r'name="do" value="([^"]+)">[^<]*</button>\s*<span class="quiet">[^·]*· ([^<]+)<', page))
    assert offered["audit_rectification.dispatch"].startswith("3项中有2项")
    assert offered["audit_rectification.amend"].startswith("3项中有3项")
    assert "audit_rectification.recognise" not in offered
    assert offered["audit_rectification.sign@housing"].startswith("3项中有1项")
    assert "audit_rectification.sign" not in offered


def test_a_filter_chooses_what_its_list_holds(city: City, signed_in: Any) -> None:
    city.register(), city.register("finance")
    page = signed_in("clerk").get(ACT, {"unit": "finance"}).content.decode()
    assert "已选择1项" in page
    assert "已选择2项" in signed_in("clerk").get(ACT, {"state": "open"}).content.decode()
    assert signed_in("clerk").get(ACT, {"unit": "nowhere"}).status_code == 422


def test_it_is_seen_before_it_is_done_and_each_gets_an_event_of_its_own(city: City, signed_in: Any) -> None:
    matters = [city.register(title=f"第{n}个问题", rectify_type=None) for n in range(3)]
    late = city.act(city.register(), "dispatch", "clerk")
    client = signed_in("clerk")
    do, typed = "audit_rectification.set_terms", {"f-rectify_type": "phased", "f-due": "2031-06-30"}
    form = client.get(ACT, {"m": [m.number for m in (*matters, late)], "do": do}).content.decode()
    assert 'name="f-due"' in form
    seen = send(client, **parts(form), step="seen", **typed)
    assert "将办理3项" in seen and all(state_of(m).version == 1 for m in matters)
    assert "期限只能由责任单位在到期前申请延期" in line(seen, late)
    done = send(client, **parts(seen), step="done")
    assert "已办理3项" in done and "未办理1项" in done
    for matter in matters:
        told = history(matter.pk)
        assert (len(told), told[-1].body["action"], told[-1].account) == (2, "set_terms", "clerk")
        assert state_of(matter).due.isoformat() == "2031-06-30"
    assert Refused.objects.filter(asked="set_terms", rule="wrong_stage", matter=late.pk).count() == 1


def test_a_form_sent_twice_does_nothing_twice(city: City, signed_in: Any) -> None:
    matters = [city.register(), city.register("finance")]
    client, fields = signed_in("clerk"), {"over": over(*matters), "do": "audit_rectification.dispatch"}
    assert "已办理2项" in send(client, **fields, step="done")
    again = send(client, **fields, step="done")
    assert "已办理0项" in again and "2项先前已办理" in again
    assert [len(history(m.pk)) for m in matters] == [2, 2]


def test_what_changed_meanwhile_is_refused_in_words_and_the_rest_done(city: City, signed_in: Any) -> None:
    changed, still = city.register(), city.register("finance")
    client = signed_in("clerk")
    fields = {"over": over(changed, still), "do": "audit_rectification.dispatch", "f-standard": "账已调平"}
    city.act(changed, "amend", "clerk", values={"description": "另一人改的"}, reason="更正")
    done = send(client, **fields, step="done")
    assert "已办理1项" in done and "已有他人办理" in line(done, changed)
    assert (state_of(changed).stage, state_of(still).stage) == ("registered", "dispatched")
    again = send(client, **parts(done), step="again")
    assert "将办理1项" in again and "账已调平" in again, "what was typed is still there"
    send(client, **parts(again), step="done")
    assert state_of(changed).values["standard"] == "账已调平"


def test_a_refusal_says_who_can(city: City, signed_in: Any) -> None:
    ready, waiting = city.claimed(), city.recognise(city.claimed())
    fields = {"over": over(ready, waiting), "do": "audit_rectification.strike_off"}
    seen = send(signed_in("approver"), **fields, step="seen")
    assert "将办理1项" in seen and "待审定" in line(seen, ready)
    seen = send(signed_in("verifier"), **fields, step="seen")
    assert "将办理0项" in seen and "approver（澄湖市审计局 · approver）" in line(seen, waiting)
    assert 'value="done"' not in seen


def test_files_are_kept_for_each_matter_and_never_lost(city: City, signed_in: Any) -> None:
    matters = [city.act(city.register(), "dispatch", "clerk") for _ in range(2)]
    client = signed_in("clerk")
    fields = {"over": over(*matters), "do": "audit_rectification.sign@housing"}
    assert "至少" in send(client, **fields, step="seen")
    scan = SimpleUploadedFile("签收单.pdf", b"%PDF-1.4 scanned")
    seen = send(client, **fields, step="seen", evidence=scan)
    assert "签收单.pdf" in seen and "将办理2项" in seen
    assert "已办理2项" in send(client, **parts(seen), step="done")
    for matter in matters:
        state = state_of(matter)
        assert [proof.name for proof in state.evidence] == ["签收单.pdf"]
        assert history(matter.pk)[-1].body["behalf"] == "housing"
        client.get(reverse("evidence", args=[matter.number, state.evidence[0].sha256]))
        got = client.get(reverse("evidence", args=[matter.number, state.evidence[0].sha256]))
        assert b"".join(got.streaming_content) == b"%PDF-1.4 scanned"


def test_files_are_there_for_those_that_were_refused_at_first(city: City, signed_in: Any) -> None:
    first, second = (city.act(city.register(), "dispatch", "clerk") for _ in range(2))
    client = signed_in("clerk")
    fields = {"over": over(first, second), "do": "audit_rectification.sign@housing"}
    seen = send(client, **fields, step="seen", evidence=SimpleUploadedFile("签收单.pdf", b"%PDF-1.4 scanned"))
    record = {"talked_on": "2026-06-09", "talked_with": "leader", "content": "已沟通"}
    city.act(second, "log_communication", "verifier", record=record)
    told = send(client, **parts(seen), step="done")
    assert "已办理1项" in told and state_of(first).evidence and not state_of(second).evidence
    again = send(client, **parts(told), step="again")
    assert "签收单.pdf" in again and "将办理1项" in again
    assert "已办理1项" in send(client, **parts(again), step="done")
    assert [proof.name for proof in state_of(second).evidence] == ["签收单.pdf"]


def test_a_program_is_refused_before_anything_is_done(city: City, signed_in: Any) -> None:
    matter = city.act(city.register(), "dispatch", "clerk")
    fields = {"over": over(matter), "do": "audit_rectification.sign@housing", "step": "seen"}
    page = send(signed_in("clerk"), **fields, evidence=SimpleUploadedFile("签收单.exe", b"MZ\0\0"))
    assert "签收单.exe" in page and "程序" in page and state_of(matter).stage == "dispatched"


def test_a_fault_keeps_what_was_typed(city: City, signed_in: Any) -> None:
    matter = city.register()
    typed = {"f-due": "6月31日", "f-standard": "账已调平"}
    page = send(signed_in("clerk"), over=over(matter), do="audit_rectification.set_terms", step="seen", **typed)
    assert "账已调平</textarea>" in page and "6月31日" in page and state_of(matter).version == 1
    page = send(signed_in("clerk"), over=over(matter), do="audit_rectification.set_terms", step="seen")
    assert "至少填写一项" in page


def test_a_session_that_ran_out_does_nothing_unseen(city: City, signed_in: Any) -> None:
    matter = city.register()
    fields = {"over": over(matter), "do": "audit_rectification.dispatch", "step": "done", "resume": "1"}
    page = send(signed_in("clerk"), **fields)
    assert "将办理1项" in page and state_of(matter).version == 1


def test_more_than_the_limit_is_refused_with_a_sentence(city: City, signed_in: Any, monkeypatch: Any) -> None:
    assert chosen.LIMIT == 500
    for _ in range(3):
        city.register()
    monkeypatch.setattr(chosen.choose, "__kwdefaults__", {"limit": 2})
    answer = signed_in("clerk").get(ACT, {"state": "open"})
    assert answer.status_code == 422 and "一次最多办理2项" in answer.content.decode()


def test_what_one_may_not_open_is_left_out_and_said(city: City, signed_in: Any) -> None:
    own, hidden = city.register(), city.register("finance")
    page = send(signed_in("liaison"), m=[own.number, hidden.number, "ZZZZ-ZZZZ"])
    assert hidden.number not in page and "有2项不在您可以查看的范围" in page
    assert signed_in("liaison").post(ACT, {"m": [hidden.number]}).status_code == 404
    assert signed_in("liaison").post(ACT, {"m": [""]}).status_code == 422, "an empty name does not mean everything"


@pytest.mark.parametrize("do", ["nothing", "audit_rectification.nothing", "a\x00b", "audit_rectification.add_measure"])
def test_an_unknown_action_is_no_action(do: str, city: City, signed_in: Any) -> None:
    assert "没有这项操作" in send(signed_in("clerk"), m=[city.register().number], do=do)
