"""`bihuan people hand-over` and `end-post`: who holds a post from a day on."""

from django.utils import timezone

from bihuan.directory.alterations import Author
from bihuan.directory.models import Account, Post
from bihuan.directory.organisation import Organisation
from bihuan.directory.viewer import Viewer
from bihuan.ledger.days import today
from bihuan.ledger.hand_over import naming
from bihuan.ledger.models import Matter
from bihuan.ledger.reorganise import change_holder, give_up
from bihuan.ledger.waiting import waiting_for
from bihuan.mechanism.refusal import Refusal

from .actor import named_post
from .failure import Failure
from .output import write
from .unit_changes import read_day
from .words import _, say


def run(
    *, post: str, day: str, reason: str, to: str = "", keep_names: bool = False, ending: bool = False,
    even_so: bool = False,
) -> int:  # fmt: skip
    since, now = read_day(day), timezone.now()
    found, author = named_post(post, Organisation.on(today()), today()), Author.operator(now)
    if not to and not ending:
        return _tell(found)
    try:
        if ending:
            give_up(found, since=since, even_so=even_so, author=author, now=now, reason=reason)
            write(_("The post %(post)s ends before %(day)s.") % {"post": found.key, "day": since})
            return 0
        successor = Account.objects.filter(account=to).first()
        if successor is None:
            raise Failure(_("There is no account “%(name)s”; make it with `bihuan people import`.") % {"name": to})
        new, renamed = change_holder(
            found, successor, since=since, renames=not keep_names, author=author, now=now, reason=reason
        )
    except Refusal as refusal:
        raise Failure(say(refusal.sentence), code=3) from None
    told = {"name": successor.name, "day": since, "post": new.key, "count": renamed}
    write(_("From %(day)s on %(name)s holds the post, as %(post)s; %(count)d open matters name them now.") % told)
    return 0


def _tell(post: Post) -> int:
    """Say what is open and waits for the post, and who is named in it."""
    waiting = Matter.objects.filter(waiting_for(Viewer.with_post(post, today()))).order_by("due", "pk")
    write(_("%(count)d matters wait for %(post)s:") % {"count": waiting.count(), "post": post.key})
    for matter in waiting[:20]:
        write(f"  {matter.number}  {matter.due or '—'}  {matter.title}")
    if post.unit is not None:
        named = sum(1 for _matter in naming(post.unit, post.account.name))
        write(_("%(count)d open matters name %(name)s as a person.") % {"count": named, "name": post.account.name})
    return 0
