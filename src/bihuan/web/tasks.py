"""What waits for somebody, matter by matter, with the one step that is asked: the cards of the desk."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import prefetch_related_objects

from bihuan.ledger.facts import standing
from bihuan.ledger.fold import is_used_up, load_state
from bihuan.ledger.models import Matter
from bihuan.ledger.next_steps import refusal_of
from bihuan.ledger.packs import pinned
from bihuan.mechanism.model import Action, Does, Mechanism, Stage
from bihuan.mechanism.permit import openings, roles_now
from bihuan.mechanism.sentence import N_, Listed, Sentence
from bihuan.mechanism.state import State

from .asked import is_aside, is_due
from .extending import extension_offer
from .lateness import Clock, Lateness
from .rows import Row, rows
from .viewer import ViewerRequest

_LEFT = N_(
    "“%(action)s” has been done as often as the rules allow. Decide whether it is done once more; "
    "if not, the matter stays with: %(owner)s."
)
#: What the nearest day of a matter is called.
WHOLE, STAGE, REPORT = N_("Deadline"), N_("This step"), N_("Next report")


@dataclass(frozen=True, slots=True)
class Task:
    """A matter that waits: `step` is the one asked, `more` what else may be done in its place; `day` is the nearest.

    `step` is None where the viewer's own posts may do nothing that leads on; the page of the matter says who can.
    `left` says what the viewer is to decide since the rounds of a step are used up.
    """

    row: Row
    step: Action | None
    more: tuple[Action, ...]
    day: date | None
    called: str
    late: Lateness | None
    left: Sentence | None


def tasks(request: ViewerRequest, matters: Iterable[Matter]) -> list[Task]:
    """Return `matters` as cards, in their order. One query, whatever their number."""
    prefetch_related_objects([request.viewer.account], "posts__unit")
    clock = Clock.on(request.today, request.calendar)
    return [_task(request, row, clock) for row in rows(matters, clock)]


def nearest(matter: Matter) -> date:
    """Return the first day by which something is asked on the matter; far off where there is none."""
    return min((day for day in (matter.stage_due, matter.due) if day), default=date.max)


def _task(request: ViewerRequest, row: Row, clock: Clock) -> Task:
    matter, mechanism = row.matter, pinned(row.matter.mechanism_hash)
    state = load_state(matter.state)
    stage = mechanism.stages[state.stage]
    by_stage = matter.stage_due is not None and (matter.due is None or matter.stage_due <= matter.due)
    day = matter.stage_due if by_stage else matter.due
    called = (REPORT if stage.review else STAGE) if by_stage else WHOLE
    steps = list(_open_to(request, mechanism, state))
    straight = [each for each in steps if is_due(stage, each, roles_now(each, state)) and not is_aside(each)]
    left = [each for each in steps if is_used_up(each, state)]
    # Where continuing work is reported on, the nearer of the two days says whether a report or the end is asked.
    straight.sort(key=lambda each: bool(stage.review) and bool(each.to) == by_stage)
    asked = [*straight, *(each for each in left if each not in straight)]
    more = [*asked[1:], *(each for each in steps if _may_ask_more_time(each, mechanism, state, request.today))]
    return Task(
        row, asked[0] if asked else None, tuple(more), day, called, clock.of(day), _left(left, stage, mechanism)
    )


def _left(actions: Sequence[Action], stage: Stage, mechanism: Mechanism) -> Sentence | None:
    """Return what is to be decided by whoever has `actions` left to them."""
    if not actions or stage.owner is None:
        return None
    labels = Listed.of(action.label for action in actions)
    return Sentence(_LEFT, {"action": labels, "owner": mechanism.roles[stage.owner].label})


def _open_to(request: ViewerRequest, mechanism: Mechanism, state: State) -> Iterator[Action]:
    """Yield what one of the viewer's posts may do on the matter now."""
    organisation, today = request.viewer.organisation, request.today
    facts = {
        post: standing(post, mechanism, state, organisation, today=today, calendar=request.calendar)
        for post in request.viewer.posts
    }
    for action in openings(mechanism, state):
        if any(refusal_of(mechanism, action, state, post, known) is None for post, known in facts.items()):
            yield action


def _may_ask_more_time(action: Action, mechanism: Mechanism, state: State, today: date) -> bool:
    if action.does is not Does.ASK_EXTENSION:
        return False
    offer = extension_offer(mechanism, state, today)
    return offer is not None and offer.open
