"""`bihuan restore`: a ledger from a backup, in a place where there is none, and verified before it may be used."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.timezone import localtime

from bihuan.ledger.verify import verify
from bihuan.web.archive.manifest import ArchiveProblem
from bihuan.web.archive.reading import Archive, opened
from bihuan.web.archive.restoring import refuse_unfit, restore, restore_secret
from bihuan.web.secret import make_secret_key

from .failure import Failure
from .output import bar, note, write
from .verify import tell
from .words import _, say


def run(*, file: Path) -> int:
    try:
        with opened(file) as archive:
            refuse_unfit(archive.manifest)
            with bar(_("Reading the backup"), quiet=False) as move:
                archive.check(move)
            restore(archive, names=archive.manifest.files)
            return _verified(archive)
    except ArchiveProblem as problem:
        raise Failure(say(problem.sentence)) from None


def _verified(archive: Archive) -> int:
    """Walk the restored chains; only a ledger that is whole gets its key, without which nothing serves it."""
    with bar(_("Walking the chains"), quiet=False) as move:
        broken = list(verify(files=True, progress=move))
    told = {**archive.manifest.counts, "folder": settings.BIHUAN_DATA, "made_at": _moment(archive)}
    if broken:
        for each in broken:
            note(tell(each))
        note(_("The ledger in %(folder)s was restored, but it is not whole; it cannot be served.") % told)
        return 1
    with_key = restore_secret(archive)
    if not with_key:
        make_secret_key(settings.BIHUAN_DATA)
    write(_("Restored to %(folder)s as of %(made_at)s: %(matters)d matters, %(events)d events, all as written.") % told)
    if not with_key:
        write(_("Sessions do not outlive it: everybody signs in again, with the passwords of that day."))
    return 0


def _moment(archive: Archive) -> str:
    return f"{localtime(datetime.fromisoformat(archive.manifest.made_at)):%Y-%m-%d %H:%M}"
