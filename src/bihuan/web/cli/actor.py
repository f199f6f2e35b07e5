"""Who the command line acts for, and on which matter."""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from bihuan.directory.models import Post, Unit
from bihuan.directory.organisation import Organisation, valid_on
from bihuan.directory.people import SYSTEM
from bihuan.directory.viewer import Viewer
from bihuan.ledger.models import Matter
from bihuan.ledger.visible import visible_to

from .failure import Failure
from .words import _

#: The key of the post that `bihuan init` makes.
CLERK = "clerk"


@dataclass(frozen=True, slots=True)
class Actor:
    """A post, and the account that goes on record: `system` where nobody was named."""

    post: Post
    account: str
    viewer: Viewer


def acting(text: str, today: date) -> Actor:
    """Return who acts: the post that `text` names, or the clerk's. Raises `Failure`."""
    organisation = Organisation.on(today)
    if text:
        post = named_post(text, organisation, today)
        return Actor(post, post.account.account, Viewer.with_post(post, today, organisation))
    clerk = _posts(today).filter(key=CLERK).first()
    if clerk is None:
        raise Failure(_("The clerk's post that this ledger began with is no longer held; say who acts with --as POST."))
    return Actor(clerk, SYSTEM, Viewer.with_post(clerk, today, organisation))


def named_post(text: str, organisation: Organisation, today: date) -> Post:
    """Return the post of today with the key `text`; else the only one of that account; else the one at unit/title."""
    if (post := _posts(today).filter(key=text).first()) is not None:
        return post
    found = list(_posts(today).filter(account__account=text))
    if not found and "/" in text:
        unit = organisation.find(text.rpartition("/")[0].strip())
        found = list(_posts(today).filter(unit=unit, title=text.rpartition("/")[2].strip())) if unit else []
    if len(found) == 1:
        return found[0]
    if found:
        keys = ", ".join(post.key for post in found)
        raise Failure(
            _("“%(text)s” means several posts; write the key of one: %(keys)s.") % {"text": text, "keys": keys}
        )
    if (past := Post.objects.filter(key=text).first()) is not None:
        held = {"key": past.key, "since": past.since, "until": past.until or "…"}
        raise Failure(_("The post %(key)s is not held today: it is from %(since)s to %(until)s.") % held)
    raise Failure(_("There is no post “%(text)s” today; `bihuan people list` shows them.") % {"text": text})


def named_unit(text: str, viewer: Viewer) -> Unit:
    """Return the unit of today with this key or full name. Raises `Failure`."""
    unit = viewer.organisation.find(text)
    if unit is None:
        raise Failure(
            _("There is no unit “%(text)s” today; write its key or its full name (`bihuan units list`).")
            % {"text": text[:80]}
        )
    return unit


def _posts(today: date) -> QuerySet[Post]:
    posts = Post.objects.filter(valid_on(today), account__is_active=True)
    return posts.select_related("unit", "account").prefetch_related("portfolios").order_by("id")


def find_matter(text: str, viewer: Viewer | None = None) -> Matter:
    """Return the matter with this id, number or finding number. Raises `Failure` if there is not exactly one.

    Where finding numbers are not unique, one among the matters that `viewer` may open is enough.
    """
    every = Matter.objects.select_related("responsible")
    for condition in _ways(text.strip()):
        found = list(every.filter(**condition)[:6])
        if viewer is not None and len(found) > 1:
            found = list(every.filter(visible_to(viewer), **condition)[:6]) or found
        if len(found) == 1:
            return found[0]
        if found:
            numbers = ", ".join(matter.number for matter in found[:5]) + (" …" if len(found) > 5 else "")
            told = {"text": text, "numbers": numbers}
            raise Failure(
                _("Several matters have the finding number “%(text)s”; write the number of one: %(numbers)s.") % told
            )
    raise Failure(
        _("There is no matter “%(text)s”; write its number, its id, or its finding number.") % {"text": text[:80]}
    )


def _ways(text: str) -> list[dict[str, object]]:
    ways: list[dict[str, object]] = []
    try:
        ways.append({"pk": uuid.UUID(text)})
    except ValueError:
        letters = text.upper().replace("-", "")
        if len(letters) == 8:
            ways.append({"number": f"{letters[:4]}-{letters[4:]}"})
    return [*ways, {"finding_no": text}]
