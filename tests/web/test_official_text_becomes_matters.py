"""A text is brought, its sentences are ticked, and each becomes a matter by the ordinary form, with its source."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bihuan.ledger.fold import load_state
from bihuan.ledger.models import Matter, Refused
from bihuan.ledger.store import path_of
from bihuan.ledger.verify import verify
from city import City

AUDIT = "audit_rectification"
TEXT = (
    "会议纪要\n\n2026年9月16日\n\n　　会议议定：\n"
    "　　（一）由澄湖市住房和城乡建设局牵头，市财政局配合，12月底前完成审计整改清单所列管网改造1.2万户。\n"
    "　　（二）由市财政局尽快完善审计整改台账。\n"
)
FORM = {"once": "a1"}


def _bring(client: Client, **sent: Any) -> str:
    answer = client.post(reverse("texts"), sent)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return urlsplit(answer["Location"]).path


def _tick(client: Client, address: str, places: list[str]) -> str:
    answer = client.post(address, {"pick": places} | {f"mechanism-{place}": AUDIT for place in places})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def _places(client: Client, address: str) -> list[str]:
    return re.findall(r'name="pick" value="([\d-]+)"', client.get(address).content.decode())


def _typed(page: str) -> dict[str, Any]:
    """Return what the form of `page` would send as it stands, for the fields of one line or several."""
    values = dict(re.findall(r'<input class="form-control[^"]*"[^>]* name="(f-[a-z_]+)" value="([^"]*)"', page))
    values |= dict(re.findall(r'<textarea[^>]* name="(f-[a-z_]+)"[^>]*>([^<]*)</textarea>', page))
    values["f-assisting_units"] = re.findall(r'name="f-assisting_units" value="([^"]+)"', page)
    return values


@pytest.fixture(autouse=True)
def nothing_waits(settings: Any, tmp_path: Any) -> None:
    settings.BIHUAN_WAITING = tmp_path


@pytest.fixture
def clerk(signed_in: Any) -> Client:
    return signed_in("clerk")


def test_ticked_sentences_become_matters_with_their_source(city: City, clerk: Client) -> None:
    address = _bring(clerk, file=SimpleUploadedFile("纪要.txt", TEXT.encode("gbk")))
    first, second = _places(clerk, address)
    form = _tick(clerk, address, [first, second])
    page = clerk.get(form).content.decode()
    typed = _typed(page)
    assert typed["f-responsible_unit"] == "澄湖市住房和城乡建设局"
    assert typed["f-assisting_units"] == ["澄湖市财政局"]
    assert "12月底前完成审计整改清单" in typed["f-title"]
    done = clerk.post(form, typed | FORM)
    assert done.status_code == 302, done.content.decode()
    assert parse_qs(urlsplit(done["Location"]).query)["queue"] == [f"{second}.{AUDIT}"]

    matter = Matter.objects.get()
    state = load_state(matter.state)
    assert "来源材料" in clerk.get(reverse("matter", args=[matter.number])).content.decode()
    assert dict(state.source)["原文句"].startswith("（一）由澄湖市住房和城乡建设局牵头")
    (proof,) = state.evidence
    assert proof.origin and proof.name == "纪要.txt"
    assert path_of(matter.pk, proof.sha256).read_bytes() == TEXT.encode("gbk")
    assert list(verify(matter.pk, files=True)) == []
    assert "已登记" in clerk.get(address).content.decode()
    assert _places(clerk, address) == [second]


def test_one_sentence_becomes_one_matter_whoever_brings_the_text(city: City, clerk: Client) -> None:
    address = _bring(clerk, text=TEXT)
    (first, *_) = _places(clerk, address)
    form = _tick(clerk, address, [first])
    typed = _typed(clerk.get(form).content.decode())
    assert clerk.post(form, typed | {"once": "a1"}).status_code == 302
    again = clerk.post(form, typed | {"once": "b2"})
    assert again.status_code == 422
    assert "该原文句已登记为事项" in again.content.decode()
    assert Matter.objects.count() == 1


def test_the_paper_a_matter_comes_from_does_not_prove_it_done(city: City, clerk: Client) -> None:
    address = _bring(clerk, text=TEXT)
    form = _tick(clerk, address, _places(clerk, address)[:1])
    clerk.post(form, _typed(clerk.get(form).content.decode()) | FORM)
    (proof,) = load_state(Matter.objects.get().state).evidence
    assert proof.origin
    assert "clerk" not in load_state(Matter.objects.get().state).doers


def test_nothing_is_registered_before_its_form_is_sent_and_a_bad_form_keeps_what_was_typed(
    city: City, clerk: Client
) -> None:
    address = _bring(clerk, text=TEXT)
    form = _tick(clerk, address, _places(clerk, address)[1:])
    page = clerk.get(form).content.decode()
    bad = clerk.post(form, _typed(page) | {"f-responsible_unit": "没有的局", "f-title": "自己写的题目"} | FORM)
    assert bad.status_code == 422
    assert "自己写的题目" in bad.content.decode()
    assert "（二）由市财政局尽快完善审计整改台账" in bad.content.decode()
    assert not Matter.objects.exists()


def test_ticking_nothing_or_no_kind_is_said(city: City, clerk: Client) -> None:
    address = _bring(clerk, text=TEXT)
    assert clerk.post(address, {}).status_code == 422
    (place, *_) = _places(clerk, address)
    assert clerk.post(address, {"pick": place, f"mechanism-{place}": "no_such"}).status_code == 422
    assert clerk.get(f"{address}register/?queue=1-2.{AUDIT}").status_code == 404
    assert clerk.get(f"{address}register/?queue={place}.no_such").status_code == 403


def test_a_text_waits_for_its_own_account_until_it_is_put_away(city: City, clerk: Client, signed_in: Any) -> None:
    address = _bring(clerk, text=TEXT)
    assert address in clerk.get(reverse("texts")).content.decode()
    for account in ("verifier", "liaison"):
        assert signed_in(account).get(address).status_code in (403, 404)
    assert clerk.post(f"{address}put-away/").status_code == 302
    assert clerk.get(address).status_code == 404
    assert address not in clerk.get(reverse("texts")).content.decode()


def test_who_may_register_nothing_is_told_so_and_it_is_noted(city: City, signed_in: Any) -> None:
    client = signed_in("inspector")
    assert client.get(reverse("texts")).status_code == 403
    assert client.post(reverse("texts"), {"text": TEXT}).status_code == 403
    assert Refused.objects.filter(account="inspector", rule="not_role").exists()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"text": " \n"}, "没有可读的文字"),
        ({"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7\n")}, "PDF"),
        ({"file": SimpleUploadedFile("a.txt", b"")}, "没有可读的文字"),
        ({"file": SimpleUploadedFile("a.exe", b"MZ" + bytes(80))}, "程序"),
    ],
)
def test_what_is_no_text_is_refused_and_not_kept(city: City, clerk: Client, sent: dict[str, Any], words: str) -> None:
    answer = clerk.post(reverse("texts"), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "仅本人可见" not in clerk.get(reverse("texts")).content.decode()


def test_the_day_of_a_text_settles_its_deadlines(city: City, clerk: Client) -> None:
    bare = TEXT.replace("2026年9月16日\n\n", "")
    address = _bring(clerk, text=bare)
    assert "文本日期不明" in clerk.get(address).content.decode()
    assert "2027-12-31" in clerk.get(f"{address}?day=2027-03-01").content.decode()
    assert clerk.get(f"{address}?day=2026-02-30").status_code == 200
