"""A matter may be registered with the paper it comes from: that is kept and verified, and closes nothing."""

from dataclasses import replace

import pytest
import uuid6

from bihuan.directory.calendars import load_calendar
from bihuan.directory.organisation import Organisation
from bihuan.ledger.facts import standing
from bihuan.ledger.models import Matter
from bihuan.ledger.orders import Entering
from bihuan.ledger.packs import current
from bihuan.ledger.register import register_matters
from bihuan.ledger.store import keep, path_of
from bihuan.ledger.verify import verify
from bihuan.mechanism.decide import decide
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.state import Command, Proof
from city import City, state_of

VALUES = {"title": "管网改造", "responsible_unit": "housing"}


def _registered(city: City, name: str = "纪要.docx") -> tuple[Matter, Proof]:
    key = uuid6.uuid7()
    proof = keep(key, name, ["会议议定……".encode()])
    entering = Entering(city.mechanism, VALUES, evidence=(proof,), matter=key)
    (made,) = register_matters([entering], post=city.posts["clerk"], account="clerk", now=city.now)
    assert made.pk == key
    return made, proof


def test_the_paper_is_kept_with_the_registration_and_is_nobodys_work(city: City) -> None:
    matter, proof = _registered(city)
    state = state_of(matter)
    assert state.evidence == (replace(proof, origin=True),)
    assert not state.doers
    assert matter.files.get().sha256 == proof.sha256
    assert list(verify(matter.pk, files=True)) == []


def test_a_changed_paper_is_noticed(city: City) -> None:
    matter, proof = _registered(city)
    path_of(matter.pk, proof.sha256).write_bytes(b"other words")
    assert list(verify(matter.pk, files=True))


def test_the_paper_alone_does_not_close_a_matter_and_a_proof_does(city: City) -> None:
    matter = city.claimed()
    city.recognise(matter)
    state, mechanism, post = state_of(matter), current()[city.mechanism], city.posts["approver"]
    today = city.now.date()
    facts = standing(post, mechanism, state, Organisation.on(today), today=today, calendar=load_calendar())
    command = Command("strike_off", "approver")
    assert decide(mechanism, command, state, facts).kind == "acted"
    only_paper = replace(state, evidence=tuple(replace(each, origin=True) for each in state.evidence))
    with pytest.raises(Refusal) as refused:
        decide(mechanism, command, only_paper, facts)
    assert refused.value.rule == "missing_evidence"
