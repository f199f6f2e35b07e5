"""A mechanism's page draws, proves and tells it, says how far it was checked, and its numbers open their lists."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from bihuan.ledger.models import Matter, MechanismText
from bihuan.ledger.packs import current, forget, texts
from bihuan.mechanism.load import load
from bihuan.web.mechanism_words import DOES, ENDS, HELD, KINDS, Telling
from bihuan.web.proof_words import PROOFS, proofs
from city import City
from tree import ROOT

ROW = re.compile(r'<tr data-matter="([^"]+)"')
BROKEN = ROOT / "tests" / "mechanism" / "broken"


@pytest.mark.either_engine
@pytest.mark.parametrize("account", ["clerk", "liaison", "inspector"])
def test_every_mechanism_is_listed_for_everybody(account: str, city: City, signed_in: Any) -> None:
    city.register()
    page = signed_in(account).get(reverse("mechanisms")).content.decode()
    assert page.count("data-mechanism=") == len(current()) and page.count("已证明闭合") == len(current())
    assert ("1 件未办结" in page) == (account != "inspector"), "counted is what the reader may see"


@pytest.mark.either_engine
@pytest.mark.parametrize("key", ["audit_rectification", "audit_measure"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_mechanism_is_told_whole(key: str, language: str, city: City, signed_in: Any) -> None:
    mechanism = current()[key]
    answer = signed_in("clerk", headers={"Accept-Language": language}).get(reverse("mechanism", args=[key]))
    page = unescape(answer.content.decode())
    shown = "en" if language == "en" else "zh"
    told = [*mechanism.stages.values(), *mechanism.actions.values(), *mechanism.roles.values()]
    told += [*mechanism.fields.values(), *mechanism.ladders.values()]
    assert [each.key for each in told if each.label.text(shown) not in page] == []
    assert all(basis.title.text(shown) in page for basis in mechanism.basis)
    assert page.count("<svg ") == 1 and mechanism.text_hash in page and "[actions." in page
    assert page.count("data-proof=") == 7


def test_how_far_the_rules_were_checked_is_said_plainly(city: City, signed_in: Any) -> None:
    page = signed_in("clerk").get(reverse("mechanism", args=["audit_rectification"])).content.decode()
    assert "规则取自二手来源，尚未与正式文本核对" in page


def test_a_proof_that_does_not_hold_says_why() -> None:
    for path in sorted(BROKEN.glob("*.toml")):
        mechanism = load(path.read_text(encoding="utf-8"), name=path.name)
        failing = [proof for proof in proofs(mechanism, {mechanism.key: mechanism}) if proof.findings]
        assert [proof.number for proof in failing] == [int(path.name[0])], path.name
        assert all(str(finding.sentence) for proof in failing for finding in proof.findings)
    assert len(PROOFS) == 7


def test_every_kind_the_core_knows_has_its_words() -> None:
    for words in (KINDS, HELD, DOES, ENDS):
        assert set(words) == set(type(next(iter(words))))


def test_every_mechanism_can_be_told_even_one_of_every_kind() -> None:
    mechanism = load((ROOT / "tests" / "mechanism" / "closed.toml").read_text(encoding="utf-8"), name="closed")
    for language in ("zh", "en"):
        telling = Telling(mechanism, language)
        assert len(telling.stages()) == len(mechanism.stages)
        assert len(telling.actions()) == len(mechanism.actions)
        assert sum(len(fields) for _, fields in telling.fields()) == len(mechanism.fields)


def test_the_open_matters_of_a_version_are_counted_and_listed(city: City, signed_in: Any) -> None:
    kept = [city.register() for _ in range(3)]
    city.struck_off()
    client = signed_in("clerk")
    page = client.get(reverse("mechanism", args=["audit_rectification"])).content.decode()
    found = re.search(r'<a href="([^"]*version=[^"]*)">(\d+)</a>', page)
    assert found and int(found[2]) == 3
    listed = ROW.findall(client.get(unescape(found[1])).content.decode())
    assert sorted(listed) == sorted(matter.number for matter in kept)


def test_a_version_that_is_no_longer_in_force_is_kept_for_its_matters(city: City, signed_in: Any) -> None:
    matter = city.register()
    text = texts()[matter.mechanism_hash].replace("days = 60", "days = 45")
    older = load(text, name="older").text_hash
    MechanismText.objects.create(
        text_hash=older, key=matter.mechanism, text=text, first_used=city.now - timedelta(days=400)
    )
    earlier = city.register()
    Matter.objects.filter(pk=earlier.pk).update(mechanism_hash=older)
    client = signed_in("clerk")
    page = client.get(reverse("mechanism", args=[matter.mechanism])).content.decode()
    assert f"version={older}" in page
    old = client.get(reverse("mechanism", args=[matter.mechanism]), {"version": older}).content.decode()
    assert "已不再施行" in old and "days = 45" in unescape(old)
    forget()


def test_what_is_no_mechanism_is_not_found(city: City, signed_in: Any) -> None:
    client = signed_in("clerk")
    assert client.get(reverse("mechanism", args=["nothing"])).status_code == 404
    assert client.get(reverse("mechanism", args=["audit_measure"]), {"version": "f" * 64}).status_code == 404
