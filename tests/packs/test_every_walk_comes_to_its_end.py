"""Every pack's walks, by the right people, come to their ends; before each step what is forbidden is refused."""

import uuid
from datetime import timedelta

import pytest
from django.utils.translation import override

from bihuan.demo.rehearsal import stages_after
from bihuan.demo.walking import Days, Place, Walker, length, raising
from bihuan.demo.walks import Step, Walk, below, every_walk, packs, subjects, walks
from bihuan.ledger.models import Matter
from bihuan.ledger.packs import current
from bihuan.ledger.verify import verify
from bihuan.web.speaking import say

from .conftest import LONG_AFTER, TODAY
from .forbidden import attempts, refused

pytestmark = pytest.mark.django_db

WHOLE = [(pack, walk) for pack in packs() for walk in walks(pack).values() if not walk.part]
FIRST = {pack: walk for pack, walk in reversed(WHOLE)}
#: Every day each pack's first walk is taken; the others are for the long run.
TAKEN = [
    pytest.param(pack, walk, id=f"{pack}-{walk.key}", marks=() if FIRST[pack] is walk else pytest.mark.slow)
    for pack, walk in WHOLE
]


@pytest.mark.parametrize(("pack", "walk"), TAKEN)
def test_a_walk_comes_to_its_end_and_nothing_forbidden_is_done_on_the_way(
    walker: Walker, pack: str, walk: Walk
) -> None:
    about = [subject for subject in subjects(pack) if subject.mechanism == walk.mechanism]
    first = walker.calendar.add_working_days(TODAY, -length(walk) - 3)
    matter = walker.begin(walk, about[0] if about else None, first)
    _walked(walker, walk, matter, Days(walker.calendar, first, TODAY))
    for each in Matter.objects.all():
        assert not list(verify(each.pk)), each.number


def _walked(walker: Walker, walk: Walk, matter: uuid.UUID, days: Days) -> None:
    for number, step in enumerate(walk.steps, start=1):
        day = days.after(step.gap)
        told = f"{walk.key} step {number} ({step.do} by {step.by})"
        _try_what_is_forbidden(walker, matter, step, day, told)
        opened = walker.take(matter, step, day)
        assert not opened or step.opens, f"{told} opened matters without saying how they go on"
        for place, each in enumerate(opened):
            own = Days(days.calendar, days.day, LONG_AFTER) if raising(walk, step) else days
            _walked(walker, below(walk, step, place), each, own)
        state = Place.of(matter).state
        assert state.stage in stages_after(current()[walk.mechanism], walk, number), told
    assert state.stage == walk.end, walk.key
    assert current()[walk.mechanism].stages[walk.end].end, f"{walk.key}: {walk.end} is no end"


def _try_what_is_forbidden(walker: Walker, matter: uuid.UUID, step: Step, day, told: str) -> None:
    place, at = Place.of(matter), walker.moment(day)
    for attempt in attempts(walker, place, step, day, at):
        refusal = refused(attempt)
        assert refusal is not None, f"{told}: {attempt.what} was done"
        assert refusal.rule in attempt.rules, (
            f"{told}: {attempt.what} was refused by {refusal.rule}: {refusal.sentence}"
        )
        for language in ("zh-hans", "en"):
            with override(language):
                assert len(say(refusal.sentence)) > 5, told
    assert Place.of(matter).state == place.state, f"{told}: something forbidden left a trace"
    assert walker.moment(day) - at < timedelta(days=1)


@pytest.mark.parametrize("pack", packs())
def test_the_walks_of_a_pack_do_every_action_and_come_to_every_end(pack: str) -> None:
    for key in dict.fromkeys(walk.mechanism for walk in walks(pack).values()):
        mechanism = current()[key]
        mine = [walk for walk in every_walk() if walk.mechanism == key]
        done = {step.do for walk in mine for step in walk.steps}
        assert mechanism.actions.keys() - done == set(), f"{key}: no walk does these"
        ended = {walk.end for walk in mine}
        assert {end.key for end in mechanism.ends} - ended == set(), f"{key}: no walk ends there"


@pytest.mark.parametrize("pack", packs())
def test_every_pack_has_walks_for_all_its_mechanisms_and_enough_to_tell_of(pack: str) -> None:
    assert {walk.mechanism for walk in walks(pack).values()} >= {subject.mechanism for subject in subjects(pack)}
    assert len(subjects(pack)) >= 30
