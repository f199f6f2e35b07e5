"""What is asked of somebody now on a matter, and of whom else: the top of its page."""

from collections.abc import Iterator
from dataclasses import dataclass

from bihuan.directory.models import Post
from bihuan.ledger.next_steps import Step, current_posts, next_steps
from bihuan.mechanism.model import Action, Label, Mechanism
from bihuan.mechanism.sentence import N_, Listed, Named, Sentence

from .scene import Scene, holding


@dataclass(frozen=True, slots=True)
class Asked:
    """An action that is open now. `mine` are the viewer's posts that may do it, `others` those of other people.

    `due` marks the steps that the stage waits for, `aside` those that lead off the straight way and want a reason.
    """

    action: Action
    mine: tuple[Post, ...]
    others: tuple[Post, ...]
    roles: Named
    needs: tuple[Sentence, ...]
    due: bool
    aside: bool


@dataclass(frozen=True, slots=True)
class Now:
    """`mine` is asked of the viewer, `also` they may do besides; `others` is for somebody else.

    `waits_for` is the role that the stage belongs to, with the posts of other people that hold it.
    """

    mine: tuple[Asked, ...]
    also: tuple[Asked, ...]
    others: tuple[Asked, ...]
    waits_for: Label | None
    waits_posts: tuple[Post, ...]

    @property
    def with_post(self) -> Post | None:
        """The one post that all of the viewer's steps are done with; None where they differ."""
        posts = {each.mine[0] for each in (*self.mine, *self.also)}
        return posts.pop() if len(posts) == 1 else None


def now(place: Scene) -> Now:
    """Return who may do what now. Two queries, whatever the number of posts."""
    posts = list(holding(current_posts(place.request.today), place))
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
    return Now(
        mine=tuple(each for each in asked if each.mine and each.due),
        also=tuple(each for each in asked if each.mine and not each.due),
        others=tuple(each for each in asked if not each.mine),
        waits_for=role.label if role else None,
        waits_posts=tuple(post for post in posts if role and role.key in place.roles(post)),
    )


def _asked(place: Scene, step: Step) -> Asked:
    own = {post.pk for post in place.request.viewer.posts}
    owner = place.mechanism.stages[place.state.stage].owner
    return Asked(
        action=step.action,
        mine=tuple(post for post in step.posts if post.pk in own),
        others=tuple(post for post in step.posts if post.pk not in own),
        roles=Listed.of(place.mechanism.roles[key].label for key in step.roles),
        needs=tuple(needs(place.mechanism, step.action)),
        due=_is_due(place, step, owner),
        aside=step.action.reason or step.action.does == "reject",
    )


def _is_due(place: Scene, step: Step, owner: str | None) -> bool:
    """Whether the matter waits for this step: it is its stage owner's and leads on, or answers an asked extension."""
    if step.action.does in ("grant_extension", "refuse_extension"):
        return True
    reviewed = place.mechanism.stages[place.state.stage].review is not None
    leads_on = bool(step.action.to) or (reviewed and step.action.does == "work")
    return owner in step.roles and leads_on


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
