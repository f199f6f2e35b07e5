"""What could be done with the chosen matters: each action that at least one of them offers to the viewer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bihuan.directory.models import Post
from bihuan.mechanism.model import Action, Field, Label, Mechanism
from bihuan.mechanism.permit import openings

from ..scene import Scene
from ..showing import unit_name


@dataclass(slots=True)
class Offer:
    """One action, in one's own name or entered for the unit `behalf`, and how many of the matters would take it.

    `key` names it in an address: mechanism.action, with @unit where it is entered for one.
    """

    key: str
    mechanism: Mechanism
    action: Action
    behalf: str | None
    unit: str
    possible: int = 0

    @property
    def title(self) -> Label:
        return self.mechanism.title


@dataclass(frozen=True, slots=True)
class Offers:
    """What the viewer may do in their own name, and what they may enter for units, by the unit's name."""

    own: tuple[Offer, ...]
    entered: dict[str, tuple[Offer, ...]]


def offers(places: Iterable[Scene]) -> Offers:
    """Return the offers, those that most of the matters take first."""
    found: dict[str, Offer] = {}
    for place in places:
        for offer in _of(place):
            found.setdefault(offer.key, offer).possible += 1
    ranked = sorted(found.values(), key=lambda offer: -offer.possible)
    units = sorted({offer.unit for offer in ranked if offer.behalf})
    return Offers(
        own=tuple(offer for offer in ranked if not offer.behalf),
        entered={unit: tuple(each for each in ranked if each.behalf and each.unit == unit) for unit in units},
    )


def find(places: Iterable[Scene], key: str) -> Offer | None:
    """Return the offer that `key` names, as the first of `places` that knows its action has it."""
    name, _, behalf = key.replace("\x00", "").partition("@")
    mechanism, _, action = name.partition(".")
    for place in places:
        known = place.mechanism.actions.get(action)
        if place.mechanism.key == mechanism and known is not None and not known.opens:
            return _offer(place, known, behalf or None)
    return None


def same_form(offer: Offer, place: Scene) -> bool:
    """Whether the matter's mechanism has the action with the very form that is being filled in."""
    theirs = place.mechanism.actions.get(offer.action.key)
    if place.mechanism.key != offer.mechanism.key or theirs is None:
        return False
    return place.mechanism is offer.mechanism or _form(place.mechanism, theirs) == _form(offer.mechanism, offer.action)


def able(place: Scene, action: Action, behalf: str | None) -> Post | None:
    """Return the viewer's post that may do `action` on the matter now."""
    posts = place.request.viewer.posts
    return next((post for post in posts if place.refusal(action, post, behalf) is None), None)


def _of(place: Scene) -> Iterator[Offer]:
    units = dict.fromkeys(unit for units in place.state.parties.values() for unit in units)
    for action in openings(place.mechanism, place.state):
        if action.opens:  # each is another matter with a form of its own
            continue
        if able(place, action, None):
            yield _offer(place, action, None)
            continue
        yield from (_offer(place, action, unit) for unit in units if able(place, action, unit))


def _offer(place: Scene, action: Action, behalf: str | None) -> Offer:
    key = f"{place.mechanism.key}.{action.key}" + (f"@{behalf}" if behalf else "")
    name = unit_name(behalf, place.organisation) if behalf else ""
    return Offer(key, place.mechanism, action, behalf, name)


def _form(mechanism: Mechanism, action: Action) -> tuple[tuple[Field, ...], ...]:
    group = mechanism.records.get(action.record or "")
    sets = tuple(mechanism.fields[key] for key in action.sets if key in mechanism.fields)
    return sets, group.fields if group else ()
