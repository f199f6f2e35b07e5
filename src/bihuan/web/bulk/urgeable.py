"""Whether the viewer may urge somebody about a matter, with which of their posts, and which unit that is."""

from bihuan.directory.models import Post
from bihuan.ledger.facts import standing
from bihuan.mechanism.model import Held
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.urge import urge

from ..scene import Scene


def owing(place: Scene) -> str:
    """Return the key of the unit that the matter waits for; empty where it waits for none."""
    owner = place.mechanism.stages[place.state.stage].owner
    if place.state.ended or owner is None or place.mechanism.roles[owner].held is not Held.UNIT:
        return ""
    units = place.state.parties.get(owner, ())
    responsible = str(place.state.values.get(place.mechanism.index.responsible))
    return responsible if responsible in units else next(iter(units), "")


def may_urge(place: Scene) -> bool:
    return urging_post(place, owing(place)) is not None


def urging_post(place: Scene, unit: str) -> Post | None:
    """Return the viewer's post that may urge `unit` about the matter."""
    answers = _answers(place, unit)
    return next((post for post, refusal in answers if refusal is None), None)


def best_post(place: Scene, unit: str) -> Post:
    """Return the post to urge with; where none may, the one whose refusal says most."""
    return urging_post(place, unit) or _told_most(place, unit)[0]


def urging_refusal(place: Scene, unit: str) -> Refusal | None:
    """Return why the viewer urges nobody about the matter; None if one of their posts may."""
    return None if urging_post(place, unit) else _told_most(place, unit)[1]


def _told_most(place: Scene, unit: str) -> tuple[Post, Refusal | None]:
    """That one holds no role with some post is the least that can be said."""
    return min(_answers(place, unit), key=lambda answer: bool(answer[1] and answer[1].rule == "not_role"))


def _answers(place: Scene, unit: str) -> list[tuple[Post, Refusal | None]]:
    return [(post, _checked(place, post, unit)) for post in place.request.viewer.posts]


def _checked(place: Scene, post: Post, unit: str) -> Refusal | None:
    today, calendar = place.request.today, place.request.calendar
    facts = standing(post, place.mechanism, place.state, place.organisation, today=today, calendar=calendar)
    try:
        urge(place.mechanism, place.state, facts, unit=unit, text="…")
    except Refusal as refusal:
        return refusal
    return None
