"""What is asked of the ledger, and the answers that are not a yes."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bihuan.directory.models import Post
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_
from bihuan.mechanism.state import Command, Proof, Value


@dataclass(frozen=True, slots=True)
class Order:
    """An action on one matter, asked for with a post.

    `version` is that of the matter which the asker had before their eyes; None means whatever it is now.
    """

    matter: uuid.UUID
    command: Command
    post: Post
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Entering:
    """A matter to be registered. `claims` are (space, key) pairs that no other matter may hold.

    `evidence` are the papers that it comes from, kept in the store under the key `matter` before.
    """

    mechanism: str
    values: Mapping[str, Value]
    assertion: str = ""
    source: tuple[tuple[str, str], ...] = ()
    claims: tuple[tuple[str, str], ...] = ()
    evidence: tuple[Proof, ...] = ()
    matter: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to the matter since the asker looked: for telling them in words."""

    version: int
    kind: str
    action: str
    account: str
    at: datetime


class Conflict(Refusal):
    """Somebody else acted on the matter in the meantime. Nothing was written; `changes` are what happened."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self.changes = tuple(changes)
        super().__init__(
            "conflict",
            N_("Somebody else has changed this matter since you opened it. Look at what changed, then decide again."),
        )
