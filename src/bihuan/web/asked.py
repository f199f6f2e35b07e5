"""What is asked of somebody now on a matter, and of whom else: the top of its page."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bihuan.directory.models import Post
from bihuan.ledger.fold import is_used_up
from bihuan.ledger.next_steps import Step, current_posts, next_steps
from bihuan.mechanism.model import Action, Does, Label, Mechanism, Stage
from bihuan.mechanism.sentence import N_, Listed, Named, Sentence

from .extending import extension_offer
from .scene import Scene, holding
from .showing import unit_name


@dataclass(frozen=True, slots=True)
class Asked:
    """An action that is open now. `mine` are the viewer's posts that may do it, `others` those of other people.

    `entering` are the posts that may enter it for a unit, `units` the keys of those the viewer may enter it for.
    `due` marks the steps that the stage waits for, `aside` those that lead off the straight way and want a reason.
    Before the day `possible_from` nobody may do it: then all who may on that day are among the `others`.
    """

    action: Action
    mine: tuple[Post, ...]
    others: tuple[Post, ...]
    entering: tuple[Post, ...]
    units: tuple[str, ...]
    roles: Named
    needs: tuple[Sentence, ...]
    due: bool
    aside: bool
    possible_from: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ForUnit:
    """What the viewer may enter for one unit, beside what they may do in their own name."""

    key: str
    name: str
    steps: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Now:
    """`mine` is asked of the viewer, `also` they may do besides; `others` is for somebody else.

    `entering` is what the viewer may enter for units. `waits_for` is the role that the stage belongs to, with
    the posts that hold it; `absent` are the names of its units where nobody does, and `enterers` the posts
    that enter for those.
    """

    mine: tuple[Asked, ...]
    also: tuple[Asked, ...]
    others: tuple[Asked, ...]
    entering: tuple[ForUnit, ...]
    waits_for: Label | None
    waits_posts: tuple[Post, ...]
    absent: Named
    enterers: tuple[Post, ...]

    @property
    def waiting(self) -> list[Asked]:
        """What the stage waits for and a period has to run out for first."""
        return [each for each in self.others if each.possible_from and each.due]

    @property
    def with_post(self) -> Post | None:
        """The one post that all of the viewer's steps are done with; None where they differ."""
        posts = {each.mine[0] for each in (*self.mine, *self.also)}
        return posts.pop() if len(posts) == 1 else None


def involved(place: Scene) -> list[Post]:
    """Return everybody's posts that are anything to the matter."""
    return list(holding(current_posts(place.request.today), place))


def now(place: Scene, posts: Sequence[Post] | None = None) -> Now:
    """Return who may do what now, of `posts` (those `involved`, looked for where not given: two queries)."""
    posts = involved(place) if posts is None else posts
    steps = next_steps(
        place.mechanism,
        place.state,
        posts=posts,
        organisation=place.organisation,
        today=place.request.today,
        calendar=place.request.calendar,
    )
    asked = [_asked(place, step) for step in steps]
    owner = place.mechanism.stages[place.state.stage].owner
    role = place.mechanism.roles[owner] if owner else None
    holders = tuple(post for post in posts if role and role.key in place.roles(post))
    there = {post.unit.key for post in holders if post.unit}
    absent = [unit for unit in place.state.parties.get(owner or "", ()) if unit not in there]
    return Now(
        mine=tuple(each for each in asked if each.mine and each.due),
        also=tuple(each for each in asked if each.mine and not each.due and not _is_vain(place, each.action)),
        others=tuple(each for each in asked if not each.mine),
        entering=tuple(_for_units(place, asked)),
        waits_for=role.label if role else None,
        waits_posts=holders,
        absent=Listed.of(unit_name(key, place.organisation) for key in absent),
        enterers=tuple(post for post in posts if absent and role and role.entered_by in place.roles(post)),
    )


def _for_units(place: Scene, asked: Iterable[Asked]) -> Iterator[ForUnit]:
    """Yield what the viewer may enter, by unit. What they may do in their own name they need not enter."""
    by_unit: dict[str, list[Asked]] = {}
    for each in asked:
        for unit in () if each.mine else each.units:
            by_unit.setdefault(unit, []).append(each)
    for unit, steps in by_unit.items():
        yield ForUnit(unit, unit_name(unit, place.organisation), tuple(steps))


def _asked(place: Scene, step: Step) -> Asked:
    own = set() if step.possible_from else {post.pk for post in place.request.viewer.posts}
    return Asked(
        action=step.action,
        mine=tuple(post for post in step.posts if post.pk in own),
        others=tuple(post for post in step.posts if post.pk not in own),
        entering=tuple(dict.fromkeys(post for post, _ in step.entering)),
        units=tuple(dict.fromkeys(unit for post, unit in step.entering if post.pk in own)),
        roles=Listed.of(place.mechanism.roles[key].label for key in step.roles),
        needs=tuple(needs(place.mechanism, step.action)),
        due=is_due(place.mechanism.stages[place.state.stage], step.action, step.roles)
        or is_used_up(step.action, place.state),
        aside=is_aside(step.action),
        possible_from=step.possible_from,
        until=step.until,
    )


def _is_vain(place: Scene, action: Action) -> bool:
    """Whether asking for more time would be refused: the deadline has passed, or no extension is left."""
    if action.does is not Does.ASK_EXTENSION:
        return False
    offer = extension_offer(place.mechanism, place.state, place.request.today)
    return offer is None or not offer.open


def is_due(stage: Stage, action: Action, roles: Collection[str]) -> bool:
    """Whether a matter at `stage` waits for `action`, open to `roles`.

    It does if the step is the stage owner's and leads on, or answers an asked extension.
    """
    if action.does in ("grant_extension", "refuse_extension"):
        return True
    leads_on = bool(action.to) or (stage.review is not None and action.does == "work")
    return leads_on and stage.owner in roles


def is_aside(action: Action) -> bool:
    """Whether the step leads off the straight way and wants a reason."""
    return action.reason or action.does == "reject"


def needs(mechanism: Mechanism, action: Action) -> Iterator[Sentence]:
    """Yield what the action needs, one sentence for each kind of thing."""
    if action.requires:
        fields = Listed.of(mechanism.fields[key].label for key in action.requires)
        yield Sentence(N_("Fill in: %(fields)s."), {"fields": fields})
    if action.record:
        yield Sentence(N_("Fill in an entry of “%(group)s”."), {"group": mechanism.records[action.record].label})
    if action.evidence:
        yield Sentence(N_("Attach at least %(count)d piece(s) of evidence."), {"count": action.evidence})
    if action.reason:
        yield Sentence(N_("Give a reason."))
