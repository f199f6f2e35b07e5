"""Whoever brings returned files in: a post at one instant, with what it may open and enter."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet

from bihuan.directory.models import Post
from bihuan.directory.organisation import Organisation
from bihuan.directory.viewer import Viewer
from bihuan.intake.form.names import Names
from bihuan.ledger.days import local_day
from bihuan.ledger.models import Matter
from bihuan.ledger.visible import visible_to
from bihuan.mechanism.model import Mechanism

from .answer_rights import check_merge
from .means import Standing


class Merger:
    """Reads files for one post at one instant. Raises `Refusal` for a post that may bring nothing in."""

    def __init__(self, post: Post, account: str, now: datetime) -> None:
        self.post, self.account, self.now = post, account, now
        self.mechanisms: Mapping[str, Mechanism] = check_merge(post)
        day = local_day(now)
        self.organisation = Organisation.on(day)
        self.viewer = Viewer.with_post(post, day, self.organisation)
        self.names = Names.of(self.organisation, self.mechanisms.values())
        self.standing = Standing(post, self.organisation, day)

    def matters(self, mechanism: Mechanism) -> QuerySet[Matter]:
        """Return the matters of `mechanism` that the post may open."""
        found = Matter.objects.filter(visible_to(self.viewer), mechanism=mechanism.key)
        return found.select_related("responsible")
