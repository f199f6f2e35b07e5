"""`bihuan upgrade`: a ledger of an earlier version, brought up to date with a backup in hand."""

from importlib.metadata import version

from bihuan.ledger.verify import verify

from .backup import make
from .failure import Failure
from .opening import bring_up_to_date, is_behind, refuse_no_ledger
from .output import bar, note, write
from .verify import tell
from .words import _


def run() -> int:
    refuse_no_ledger()
    if not is_behind():
        write(
            _("The ledger is up to date with version %(version)s; there is nothing to do.")
            % {"version": version("bihuan")}
        )
        return 0
    return bring()


def bring() -> int:
    """Back up, change the tables, verify; the backup's trial has done the same to a copy before."""
    _file, broken = make(None)
    if broken:
        raise Failure(_("Nothing was changed: the ledger must be whole before it is brought up to date."), code=1)
    bring_up_to_date()
    with bar(_("Walking the chains"), quiet=False) as move:
        broken_now = list(verify(progress=move))
    for each in broken_now:
        note(tell(each))
    if broken_now:
        return 1
    write(_("The ledger is up to date with version %(version)s.") % {"version": version("bihuan")})
    return 0
