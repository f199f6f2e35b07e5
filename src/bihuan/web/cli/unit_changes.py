"""`bihuan units rename|move|merge|end`: a unit is different from a day on."""

from datetime import date

from django.utils import timezone

from bihuan.directory import unit_changes
from bihuan.directory.alterations import Author
from bihuan.directory.models import Unit
from bihuan.directory.organisation import Organisation
from bihuan.ledger.days import today
from bihuan.ledger.reorganise import end_unit, merge_unit
from bihuan.mechanism.refusal import Refusal

from .failure import Failure
from .output import write
from .words import _, say


def run(*, what: str, unit: str, day: str, reason: str, name: str = "", end_posts: bool = False) -> int:
    since, now = read_day(day), timezone.now()
    found, author = named(unit, since), Author.operator(now)
    try:
        match what:
            case "rename":
                unit_changes.rename_unit(found, name=name, since=since, author=author, today=today(), reason=reason)
                said = _("From %(day)s on %(key)s is called “%(name)s”.") % _values(found, since, name)
            case "move":
                below = named(name, since) if name else None
                unit_changes.move_unit(found, below=below, since=since, author=author, today=today(), reason=reason)
                said = _("From %(day)s on %(key)s lies below “%(name)s”.") % _values(found, since, name or "—")
            case "merge":
                into = named(name, since)
                done = merge_unit(
                    found, into, since=since, keep_posts=not end_posts, author=author, now=now, reason=reason
                )
                told = _values(found, since, into.name) | {"count": done}
                said = _("%(key)s goes over to “%(name)s” on %(day)s; %(count)d open matters were handed over.") % told
            case _ends:
                end_unit(found, since=since, author=author, now=now, reason=reason)
                said = _("%(key)s ends before %(day)s.") % _values(found, since, "")
    except Refusal as refusal:
        raise Failure(say(refusal.sentence), code=3) from None
    write(said)
    return 0


def _values(unit: Unit, since: date, name: str) -> dict[str, object]:
    return {"key": unit.key, "day": since, "name": name}


def named(text: str, day: date) -> Unit:
    """Return the unit that `text` names on `day`, or by its key on any day. Raises `Failure`."""
    found = Organisation.on(day).find(text)
    unit = Unit.objects.filter(key=found.key if found else text).first()
    if unit is None:
        told = _("There is no unit “%(text)s” on %(day)s; write its key or its full name (`bihuan units list`).")
        raise Failure(told % {"text": text[:80], "day": day})
    return unit


def read_day(text: str) -> date:
    """Return the day that was written, or today. Raises `Failure`."""
    if not text:
        return today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Failure(_("“%(text)s” is no day; write it as 2026-06-30.") % {"text": text[:40]}) from None
