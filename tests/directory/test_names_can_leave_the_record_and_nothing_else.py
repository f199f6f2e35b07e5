"""Names and reasons are erased from the directory's history by law; what was done, when and by whom stays whole."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from bihuan.directory import confirming, disclosed
from bihuan.directory.accounts import open_account
from bihuan.directory.alterations import Author, tell
from bihuan.directory.erasing import erasable, erase
from bihuan.directory.models import Account, Alteration, AlterationValue, Pending
from bihuan.directory.posts import give_post, hand_over_post
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import Sentence
from city import City
from triggers import without_triggers

TODAY = date(2026, 6, 10)
GROUND = "当事人依个人信息保护法第四十七条请求删除"


@pytest.fixture
def gone(city: City, author: Author) -> Account:
    """Somebody who came, was given a post for a reason, and handed it over."""
    made = open_account("ouyang", "欧阳某某", author=author, today=TODAY)
    post = give_post(
        made, city.units["finance"], title="联络员", roles=["owner"], since=TODAY, author=author, reason="接替欧阳"
    )
    next_one = city.posts["other"].account
    hand_over_post(post, next_one, since=date(2026, 6, 20), title="联络员", author=author, reason="欧阳离职")
    return made


@pytest.fixture
def erased(city: City) -> Callable[..., None]:
    def do(
        slots: list[tuple[int, str]], *, by: str = "inspector", approver: str = "security", why: str = GROUND
    ) -> None:
        erase(slots, ground=why, post=city.posts[by], approver=city.posts[approver], now=city.now, today=TODAY)

    return do


def _slots(account: Account) -> list[tuple[int, str]]:
    return [(each.alteration_id, each.slot) for each in erasable(person=account)]


def _everything() -> str:
    """Return all that the tables of the record hold, as text."""
    with connection.cursor() as cursor:
        found = []
        for table in ("directory_alteration", "directory_alterationvalue"):
            cursor.execute(f"SELECT * FROM {table}")
            found += cursor.fetchall()
    return repr(found)


def test_no_name_and_no_reason_stands_in_the_row_that_cannot_change(gone: Account) -> None:
    rows = list(Alteration.objects.order_by("id"))
    assert not any(word in repr([row.body for row in rows]) for word in ("欧阳", "ouyang", "接替", "离职"))
    told = [str(each.sentence) + str(each.reason) for each in tell(rows)]
    assert "欧阳某某" in told[0] and "接替欧阳" in told[1] and "欧阳离职" in told[-1]
    assert list(disclosed.broken()) == []


def test_what_is_erased_is_gone_from_every_table_and_the_record_says_so(gone: Account, erased: Any) -> None:
    before = Alteration.objects.count()
    slots = [*_slots(gone), *_slots(Account.objects.get(account="other"))]
    erased(slots)
    assert not any(word in _everything() for word in ("欧阳", "接替", "离职"))
    assert list(disclosed.broken()) == [], "what was erased by law is not broken"
    told = tell(Alteration.objects.order_by("id"))
    assert "(erased)" in str(told[0].sentence) and str(told[1].reason) == "(erased)"
    assert [str(sentence) for sentence in told[0].erased] == [
        f"Erased by law on 2026-06-10, approved by security. Ground: {GROUND}"
    ]
    says_so = Alteration.objects.filter(kind=disclosed.ERASED)
    assert Alteration.objects.count() == before + says_so.count() == before + len({entry for entry, _ in slots})
    assert {row.account for row in says_so} == {"inspector"}


def test_erasing_needs_the_auditor_another_person_a_ground_and_something_there(
    gone: Account, erased: Any, city: City
) -> None:
    slots = _slots(gone)
    for rule, asked in {
        "not_keeper": {"by": "security", "approver": "inspector"},
        "not_approved": {"approver": "sysadmin"},
        "missing_reason": {"why": " "},
    }.items():
        with pytest.raises(Refusal) as refused:
            erased(slots, **asked)
        assert refused.value.rule == rule
    with pytest.raises(Refusal) as itself:
        erased(slots, by="inspector", approver="inspector")
    assert itself.value.rule == "not_approved"
    for nothing in ([], [(slots[0][0], "title")], [(10**9, "name")], [slots[0], (slots[0][0], "nothing")]):
        with pytest.raises(Refusal) as absent:
            erased(nothing)
        assert absent.value.rule == "nothing_there"
    Account.objects.filter(account="security").update(is_active=False)
    city.posts["security"].account.refresh_from_db()
    with pytest.raises(Refusal) as closed:
        erased(slots)
    assert closed.value.rule == "not_approved"
    assert _slots(gone) == slots and not Alteration.objects.filter(kind=disclosed.ERASED).exists()


def test_the_databases_let_a_value_go_and_refuse_to_change_it(gone: Account) -> None:
    value = AlterationValue.objects.filter(slot="name").get()
    again = AlterationValue(alteration_id=value.alteration_id, slot=value.slot, salt=value.salt, value="别人")
    for rewrite in (
        lambda: AlterationValue.objects.update(value="别人"),
        lambda: AlterationValue.objects.bulk_create([again]),
        lambda: Alteration.objects.update(body={}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rewrite()
    if connection.vendor == "sqlite":
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT OR REPLACE INTO directory_alterationvalue SELECT * FROM directory_alterationvalue")
    assert AlterationValue.objects.filter(pk=value.pk).delete()[0] == 1


def test_a_value_that_was_changed_or_taken_away_behind_the_record_is_found(gone: Account, erased: Any) -> None:
    (entry, slot), (other, taken), *_ = [each for each in _slots(gone) if each[1] != "reason"]
    erased([(other, taken)])
    with without_triggers():
        AlterationValue.objects.filter(alteration=entry, slot=slot).update(value="张三")
    assert [(at, wrong.values["slot"]) for at, wrong in disclosed.broken()] == [(entry, slot)]
    AlterationValue.objects.filter(alteration=entry, slot=slot).delete()
    [(at, wrong)] = disclosed.broken()
    assert at == entry and wrong == Sentence("the value at “%(slot)s” is gone and was not erased", {"slot": slot})


def test_what_was_asked_for_waits_for_another_person_and_is_erased_once(gone: Account, city: City) -> None:
    when: dict[str, Any] = {"now": city.now, "today": TODAY}
    slots = [slot for entry, slot in _slots(gone) if entry == Alteration.objects.order_by("id")[0].pk]
    body = {"entry": Alteration.objects.order_by("id")[0].pk, "slots": slots, "ground": GROUND}
    asked = confirming.ask(confirming.ERASURE, body, post=city.posts["inspector"], **when)
    assert "ouyang" in _everything() or "欧阳某某" in _everything()
    for who in ("inspector", "sysadmin"):
        with pytest.raises(Refusal) as refused:
            confirming.confirm_erasure(asked, post=city.posts[who], **when)
        assert refused.value.rule == "not_approved"
    confirming.confirm_erasure(asked, post=city.posts["security"], **when)
    assert not Pending.objects.exists() and "(erased)" in str(tell(Alteration.objects.order_by("id"))[0].sentence)
    with pytest.raises(Refusal) as twice:
        confirming.confirm_erasure(asked, post=city.posts["security"], **when)
    assert twice.value.rule == "settled"


def test_what_is_declined_waits_with_its_reason_until_whoever_asked_puts_it_away(gone: Account, city: City) -> None:
    when: dict[str, Any] = {"now": city.now, "today": TODAY}
    body = {"entry": Alteration.objects.order_by("id")[0].pk, "slots": ["name"], "ground": GROUND}
    asked = confirming.ask(confirming.ERASURE, body, post=city.posts["inspector"], **when)
    with pytest.raises(Refusal) as silent:
        confirming.decline(asked, reason=" ", post=city.posts["security"], **when)
    assert silent.value.rule == "missing_reason"
    confirming.decline(asked, reason="仍在保存期内", post=city.posts["security"], **when)
    kept = Pending.objects.get()
    assert kept.answer == "仍在保存期内" and "欧阳某某" in _everything()
    with pytest.raises(Refusal):
        confirming.put_away(kept, account=city.posts["security"].account)
    confirming.put_away(kept, account=city.posts["inspector"].account)
    assert not Pending.objects.exists()
    kinds = list(Alteration.objects.order_by("id").values_list("kind", flat=True))[-2:]
    assert kinds == ["erasure_asked", "erasure_declined"]


def test_what_is_declined_does_not_wait_for_somebody_who_has_left(gone: Account, city: City) -> None:
    when: dict[str, Any] = {"now": city.now, "today": TODAY}
    body = {"text": "欧阳某某", "count": 1}
    asked = confirming.ask(confirming.PEOPLE, body, post=city.posts["sysadmin"], **when)
    Account.objects.filter(account="sysadmin").update(is_active=False)
    confirming.decline(asked, reason="提出人已离任", post=city.posts["security"], **when)
    assert not Pending.objects.exists()
    assert tell(Alteration.objects.order_by("-id")[:1])[0].reason == "提出人已离任"
