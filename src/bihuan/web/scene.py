"""One matter before somebody's eyes: fetched through the one door, with what they may do on it."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bihuan.directory.models import Post
from bihuan.directory.organisation import Organisation
from bihuan.directory.viewer import Viewer
from bihuan.ledger.facts import standing
from bihuan.ledger.fold import load_state
from bihuan.ledger.models import Matter
from bihuan.ledger.next_steps import current_posts, refusal_of
from bihuan.ledger.packs import pinned
from bihuan.ledger.roles import roles_on
from bihuan.ledger.visible import may_see, visible_to
from bihuan.mechanism.model import Action, Mechanism
from bihuan.mechanism.permit import lent
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_
from bihuan.mechanism.state import Facts, State

from .viewer import PageRefusal, ViewerRequest


@dataclass(frozen=True, slots=True)
class Scene:
    """A matter that the viewer may open, with the mechanism that it is pinned to and its state."""

    request: ViewerRequest
    matter: Matter
    mechanism: Mechanism
    state: State

    @property
    def organisation(self) -> Organisation:
        return self.request.viewer.organisation

    def roles(self, post: Post, behalf: str | None = None) -> frozenset[str]:
        """Return the roles that `post` holds on the matter; with `behalf` those in which it may enter for that unit."""
        if behalf is None:
            return roles_on(post, self.mechanism, self.state, self.organisation)
        return lent(self.mechanism, self.state, self._facts(post), behalf)

    def opens(self, post: Post) -> bool:
        """Whether `post` by itself may open the matter, whatever else its holder holds."""
        return may_see(Viewer.with_post(post, self.request.today, self.organisation), self.matter)

    def refusal(self, action: Action, post: Post, behalf: str | None = None) -> Refusal | None:
        """Return why `post` may not do `action` now, or not enter it for the unit `behalf`; None if it may."""
        return refusal_of(self.mechanism, action, self.state, post, self._facts(post), behalf=behalf)

    def who(self, action: Action, behalf: str | None = None) -> list[Post]:
        """Return everybody's posts that may do `action` now, or enter it for the unit `behalf`."""
        posts = holding(current_posts(self.request.today), self)
        return [post for post in posts if self.refusal(action, post, behalf) is None]

    def able(self, action: Action, behalf: str | None = None) -> list[Post]:
        """Return the viewer's posts that may do `action` now, or enter it for the unit `behalf`."""
        return [post for post in self.request.viewer.posts if self.refusal(action, post, behalf) is None]

    def _facts(self, post: Post) -> Facts:
        today, calendar = self.request.today, self.request.calendar
        return standing(post, self.mechanism, self.state, self.organisation, today=today, calendar=calendar)


def scene(request: ViewerRequest, number: str) -> Scene:
    """Return the matter `number`. Raises `PageRefusal`, the same whether it is hidden or not there at all."""
    row = find_visible(request, number)
    if row is None:
        hidden = Matter.objects.filter(number=_tidy(number)).values_list("pk", flat=True).first()
        refusal = Refusal("not_visible", N_("There is no such matter among those that you may open."))
        raise PageRefusal(refusal, status=404, matter=hidden)
    return Scene(request, row, pinned(row.mechanism_hash), load_state(row.state))


def find_visible(request: ViewerRequest, number: str) -> Matter | None:
    """Return the matter `number` if the viewer may open it."""
    found = Matter.objects.filter(visible_to(request.viewer), number=_tidy(number))
    return found.select_related("responsible", "supervising", "parent").first()


def visible_among(request: ViewerRequest, keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, Matter]:
    """Return those of the matters with these keys that the viewer may open."""
    wanted = list(keys)
    found = Matter.objects.filter(visible_to(request.viewer), pk__in=wanted) if wanted else ()
    return {matter.pk: matter for matter in found}


def holding(posts: Iterable[Post], place: Scene) -> Iterator[Post]:
    """Yield those of `posts` that are anything to the matter; a city has thousands, a matter a handful."""
    return (post for post in posts if place.roles(post))


def _tidy(number: str) -> str:
    return number.replace("\x00", "").strip().upper()
