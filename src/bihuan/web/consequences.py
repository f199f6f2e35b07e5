"""What happens if nothing is done: who is to hear of it and when, by the ladder of the mechanism.

This release sends nothing by itself; the ladder says whom the supervisor is to tell, and the page says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bihuan.directory.models import Post
from bihuan.mechanism.model import Label, Ladder, Rung
from bihuan.mechanism.sentence import N_, Listed, Sentence

from .mechanism_words import when_told
from .scene import Scene


@dataclass(frozen=True, slots=True)
class Telling:
    """From `day` on, `to` are to hear of it; `people` hold those roles on this matter today."""

    day: date
    when: Sentence
    to: Listed
    people: tuple[Post, ...]
    letter: Label | None
    reached: bool


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows on one missed deadline: `due` is its last day, `next` the first telling that is still to come."""

    called: str
    due: date
    tellings: tuple[Telling, ...]

    @property
    def next(self) -> Telling | None:
        return next((each for each in self.tellings if not each.reached), None)

    @property
    def reached(self) -> Telling | None:
        """The last telling whose day has come."""
        return next((each for each in reversed(self.tellings) if each.reached), None)


def consequences(place: Scene, posts: Sequence[Post]) -> list[Consequence]:
    """Return what follows on each deadline that runs, the nearer first; `posts` are those involved in the matter."""
    state, mechanism = place.state, place.mechanism
    if not state.is_open:
        return []
    stage = mechanism.stages[state.stage]
    running = [
        (N_("If this step is late"), state.stage_due, stage.ladder),
        (N_("If the whole matter is late"), state.due, mechanism.deadline.ladder),
    ]
    found = [
        Consequence(called, due, tuple(_tellings(place, posts, mechanism.ladders[ladder], due)))
        for called, due, ladder in running
        if due and ladder
    ]
    return sorted((each for each in found if each.tellings), key=lambda each: each.due)


def _tellings(place: Scene, posts: Sequence[Post], ladder: Ladder, due: date) -> Iterator[Telling]:
    for rung in ladder.rungs:
        if rung.at > 0:
            yield _telling(place, posts, rung, due)


def _telling(place: Scene, posts: Sequence[Post], rung: Rung, due: date) -> Telling:
    mechanism, day = place.mechanism, due + timedelta(days=rung.at)
    return Telling(
        day=day,
        when=when_told(rung.at),
        to=Listed.of(mechanism.roles[key].label for key in rung.to),
        people=tuple(post for post in posts if place.roles(post) & set(rung.to)),
        letter=mechanism.letters[rung.letter].label if rung.letter else None,
        reached=day <= place.request.today,
    )
