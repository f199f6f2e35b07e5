"""The city goes into an empty ledger or not at all, and is the same whenever it is made for the same moment."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext

from bihuan.demo import build
from bihuan.directory.models import Account
from bihuan.ledger.history import history
from bihuan.ledger.models import Event, Matter
from bihuan.mechanism.refusal import Refusal

#: Parts of an event that carry ids made by chance.
BY_CHANCE = ("number", "matter", "child", "parent")


def test_a_second_city_is_refused_with_a_sentence(sample_city: datetime) -> None:
    before = Event.objects.count()
    with pytest.raises(Refusal) as refused:
        build(now=sample_city, limit=1)
    assert refused.value.rule == "ledger_in_use"
    assert "empty ledger" in str(refused.value)
    with translation.override("zh-hans"):
        assert refused.value.sentence.render(gettext, "zh-hans").startswith("演示城市只能建在空台账上")
    assert Event.objects.count() == before


def test_a_ledger_with_people_is_not_opened_to_a_public_password(db: Any) -> None:
    account = Account.objects.create(account="clerk", name="真人", password="kept")
    with pytest.raises(Refusal):
        build(now=datetime.fromisoformat("2026-11-25T10:00+08:00"), limit=1)
    account.refresh_from_db()
    assert (account.name, account.password) == ("真人", "kept")
    assert not Matter.objects.exists()


def test_progress_is_told_finding_by_finding(db: Any) -> None:
    told: list[tuple[int, int]] = []
    build(now=datetime.fromisoformat("2026-11-25T10:00+08:00"), limit=3, progress=lambda *step: told.append(step))
    assert told == [(1, 3), (2, 3), (3, 3)]


def _fingerprint() -> str:
    told = [
        [event.at.isoformat(), event.account, event.post, {k: v for k, v in event.body.items() if k not in BY_CHANCE}]
        for matter in Matter.objects.order_by("finding_no", "title", "pk")
        for event in history(matter.pk)
    ]
    assert told
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def test_the_same_moment_makes_the_same_city(db: Any, build_for_a_while: Callable[..., Any]) -> None:
    prints = []
    for _time in range(2):
        with build_for_a_while(limit=17):
            prints.append(_fingerprint())
    assert prints[0] == prints[1]
    with build_for_a_while(datetime.fromisoformat("2026-11-26T10:00+08:00"), limit=17):
        assert _fingerprint() != prints[0]
