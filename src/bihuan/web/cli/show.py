"""`bihuan show`: one matter with everything that is known of it, and who may do what next."""

from django.utils import timezone

from bihuan.ledger.days import local_day
from bihuan.ledger.refused import note_refusal
from bihuan.ledger.visible import may_see
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from .act import refused
from .actor import acting, find_matter
from .matter import describe
from .output import write_json
from .page import tell


def run(*, matter: str, as_: str, as_json: bool) -> int:
    now = timezone.now()
    actor = acting(as_, local_day(now))
    found = find_matter(matter, actor.viewer)
    if not may_see(actor.viewer, found):
        note_refusal("not_visible", account=actor.account, post=actor.post, matter=found.pk, asked="show", now=now)
        return refused(Refusal("not_visible", N_("There is no such matter among those that you may open.")), as_json)
    described = describe(found, actor, local_day(now))
    if as_json:
        write_json(described)
    else:
        tell(described)
    return 0
