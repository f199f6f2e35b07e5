"""Whatever people ask for, in whatever order: what the rules allow never breaks a promise."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bihuan.packs
from bihuan.mechanism.load import load
from bihuan.mechanism.model import Does, Mechanism
from bihuan.mechanism.prove import prove
from examples import examples
from mechanism.playing import Play, check_promises, everybody, fewest_rounds
from mechanism.strategies import closed_mechanisms

PACK = Path(bihuan.packs.__path__[0]) / "audit_rectification"
MECHANISMS = {
    name: load((PACK / name).read_text(encoding="utf-8"), name=name) for name in ("mechanism.toml", "measure.toml")
}


def _tight(mechanism: Mechanism) -> Mechanism:
    """Return `mechanism` with every limit at one round, so that play of a few steps passes it."""
    actions = {key: replace(each, limit=each.limit and 1) for key, each in mechanism.actions.items()}
    return replace(mechanism, actions=actions)


MECHANISMS |= {f"tight {name}": _tight(each) for name, each in MECHANISMS.items()}

COUNTS = st.integers(0, 4)
#: What may move the whole deadline of a matter that has one and has left its first stage.
MOVERS = {Does.GRANT_EXTENSION, Does.REVIEW, Does.REOPEN}


def play_on(mechanism: Mechanism, data: st.DataObject, steps: int) -> Play:
    """Play up to `steps` random asks, watching after each one that was allowed."""
    play = Play(mechanism, everybody(mechanism))
    play.begin()
    people, actions = sorted(play.people), sorted(mechanism.actions)
    for _ in range(steps):
        assert play.state is not None
        open_now = [key for key in actions if play.state.stage in mechanism.actions[key].stages]
        key = data.draw(st.sampled_from(open_now or actions))
        before = play.state
        account, choice, pieces = (data.draw(st.sampled_from(people)), *data.draw(st.tuples(COUNTS, st.integers(0, 1))))
        allowed = play.ask(account, key, choice=choice, pieces=pieces) is None
        if allowed and before.due and before.stage != mechanism.start and play.state.due != before.due:
            assert mechanism.actions[key].does in MOVERS, "the deadline moved unlawfully"
        assert not before.original_due or play.state.original_due == before.original_due
        check_promises(play)
        fewest_rounds(play.log, play.people)
        if data.draw(st.integers(0, 3)) == 0:
            play.today += timedelta(days=data.draw(st.integers(0, 40)))
            play.end_child(data.draw(st.sampled_from(people)))
    return play


@pytest.mark.parametrize("name", MECHANISMS)
@examples(everyday=40, whole=100)
@given(data=st.data())
def test_no_sequence_of_commands_breaks_a_promise(name: str, data: st.DataObject) -> None:
    play_on(MECHANISMS[name], data, steps=30)


@examples(everyday=40, whole=100)
@given(mechanism=closed_mechanisms(), data=st.data())
def test_no_closed_mechanism_whatever_lets_a_promise_be_broken(mechanism: Mechanism, data: st.DataObject) -> None:
    assert prove(mechanism, children={mechanism.key: mechanism}) == ()
    play_on(_tight(mechanism), data, steps=20)


@pytest.mark.parametrize("name", MECHANISMS)
@examples(everyday=40, whole=100)
@given(data=st.data())
def test_a_refused_command_leaves_no_trace(name: str, data: st.DataObject) -> None:
    mechanism = MECHANISMS[name]
    play = Play(mechanism, everybody(mechanism))
    play.begin()
    for _ in range(10):
        before = play.state
        refused = play.ask(
            data.draw(st.sampled_from(sorted(play.people))), data.draw(st.sampled_from(sorted(mechanism.actions)))
        )
        assert (refused is None) == (play.state is not before)


def test_the_pack_can_be_played_to_its_end() -> None:
    play = Play(MECHANISMS["mechanism.toml"], everybody(MECHANISMS["mechanism.toml"]))
    play.begin()
    way = [
        ("supervisor1", "dispatch"),
        ("owner1", "sign"),
        ("owner1", "claim_done"),
        ("verifier1", "recognise"),
        ("approver1", "strike_off"),
    ]
    for account, action in way:
        assert play.ask(account, action) is None, action
    check_promises(play)
    assert play.state is not None and play.state.ended == "success"
