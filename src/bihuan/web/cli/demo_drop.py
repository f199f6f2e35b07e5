"""`bihuan demo drop`: the demonstration goes, an empty ledger with the first clerk stays."""

import sys

from django.conf import settings
from django.db import connection
from django.utils import timezone

from bihuan.mechanism.refusal import Refusal

from .failure import Failure
from .init import make_clerk
from .output import note, write
from .words import _, say


def run(*, yes: bool, losing: int) -> int:
    # Loaded here because the demonstration's texts are of no use to a real ledger.
    from bihuan.demo.dropping import added, check, drop

    try:
        check()
        extra = list(added())
        if len(extra) != losing:
            for sentence in extra[:10]:
                note("  " + say(sentence))
            if len(extra) > 10:
                note(_("… and %(count)d more.") % {"count": len(extra) - 10})
            told = _(
                "%(count)d things were added to the demonstration; dropping it would lose them. Nothing was changed."
            )
            hint = _(" To lose them too, add --losing %(count)d.") if extra else ""
            raise Failure((told + hint) % {"count": len(extra)}, code=3)
        if not yes:
            _ask()
        # The clerk is made in the same transaction: a ledger without anybody could not be entered.
        said: list[str] = []
        drop(now=timezone.now(), then=lambda: said.extend(make_clerk()))
    except Refusal as refusal:
        raise Failure(say(refusal.sentence), code=3) from None
    write(_("The demonstration is gone; the ledger in %(folder)s is empty.") % {"folder": settings.BIHUAN_DATA})
    for line in said:
        write(line)
    return 0


def ledger_name() -> str:
    """Return what the ledger is called: its data folder, or its database on a server."""
    if connection.vendor == "sqlite":
        return str(settings.BIHUAN_DATA.resolve().name)
    return str(connection.settings_dict["NAME"])


def _ask() -> None:
    name = ledger_name()
    note(_("All units, people, matters and files of the demonstration are deleted for good."))
    note(_("To go on, type the ledger's name: %(name)s") % {"name": name})
    if sys.stdin.readline().strip() != name:
        raise Failure(_("That is not its name; nothing was changed."))
