"""A matter under lock: the row first, then whether the post may open it, and only then what it holds.

Every write begins here, so that nothing is checked before the row is locked, and nothing is done to a matter
that the actor may not see.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bihuan.directory.models import Post
from bihuan.directory.organisation import Organisation
from bihuan.directory.viewer import Viewer
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_
from bihuan.mechanism.state import State

from .fold import load_state
from .models import Matter
from .packs import pinned
from .visible import may_see, visible_to


@dataclass(frozen=True, slots=True)
class Loaded:
    """A matter under lock, with what it follows and where it stands."""

    row: Matter
    mechanism: Mechanism
    state: State

    @classmethod
    def of(cls, row: Matter) -> "Loaded":
        return cls(row, pinned(row.mechanism_hash), load_state(row.state))


def load(matter: uuid.UUID, post: Post, day: date, organisation: Organisation) -> Loaded:
    """Lock the matter and return it as it stands. Raises `Refusal` if `post` may not open it on `day`."""
    row = Matter.objects.select_for_update().filter(pk=matter).first()
    if row is None or not may_see(Viewer.with_post(post, day, organisation), row):
        raise _not_visible()
    return Loaded.of(row)


def load_all(matters: Sequence[uuid.UUID], post: Post, day: date, organisation: Organisation) -> Iterator[Loaded]:
    """Lock many at once, all of them or a `Refusal`."""
    seen = visible_to(Viewer.with_post(post, day, organisation))
    rows = list(Matter.objects.select_for_update().filter(seen, pk__in=matters).order_by("pk"))
    if len(rows) != len(set(matters)):
        raise _not_visible()
    return map(Loaded.of, rows)


def _not_visible() -> Refusal:
    return Refusal("not_visible", N_("There is no such matter among those that you may open."))
