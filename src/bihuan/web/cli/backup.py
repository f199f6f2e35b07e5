"""`bihuan backup`: one file that holds the whole ledger, written while others work, and tried out."""

import json
import logging
import os
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.timezone import localtime

from bihuan.web.archive.manifest import ArchiveProblem, Manifest
from bihuan.web.archive.rotation import name_at, remove_older
from bihuan.web.archive.trial import try_out
from bihuan.web.archive.writing import already_there, write_archive

from .failure import Failure
from .opening import refuse_no_ledger
from .output import bar, note, write
from .words import _, say

#: In the folder `backups` of the data folder: when the last backup was made, and where it lies.
LAST = "last.json"

_log = logging.getLogger(__name__)


def run(*, to: Path | None, keep: int | None, with_secret: bool, quiet: bool) -> int:
    if keep is not None and keep < 1:
        raise Failure(_("--keep takes a number of backups from 1 up; %(given)d is none.") % {"given": keep})
    refuse_no_ledger()
    file, broken = make(to, with_secret=with_secret, quiet=quiet)
    if broken:
        return 1
    if keep:
        for old in remove_older(file.parent, keep):
            if not quiet:
                write(_("Deleted the older backup %(file)s.") % {"file": old.name})
    return 0


def make(to: Path | None, *, with_secret: bool = False, quiet: bool = False) -> tuple[Path, bool]:
    """Write a backup, try it out and say so; return where it lies and whether the ledger in it is broken."""
    now = timezone.now()
    target = _target(to, name_at(localtime(now)))
    try:
        if target.exists():
            raise already_there(target)
        with bar(_("Writing the backup"), quiet=quiet) as move:
            manifest = write_archive(target, now=now, with_secret=with_secret, progress=move)
        verdict = try_out(target, database_url=os.environ.get("BIHUAN_DATABASE_URL", "").strip())
    except ArchiveProblem as problem:
        _log.error("no backup: %s", problem)
        raise Failure(say(problem.sentence), code=1) from None
    except OSError as error:
        told = {"file": target, "reason": error.strerror or str(error)}
        raise Failure(_("The backup cannot be written to %(file)s: %(reason)s.") % told, code=1) from None
    for line in verdict.broken:
        note(line)
    if verdict.broken:
        note(
            _("The backup %(file)s was written, but what it holds is broken already in the ledger.") % {"file": target}
        )
        return target, True
    _remember(target, manifest)
    if not quiet:
        _tell(target, manifest)
    return target, False


def _target(to: Path | None, name: str) -> Path:
    if to is None:
        folder = Path(settings.BIHUAN_DATA) / "backups"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder / name
    place = to.expanduser().absolute()
    if place.is_dir():
        return place / name
    if str(to).endswith("/") or not place.parent.is_dir():
        missing = place if str(to).endswith("/") else place.parent
        raise Failure(_("There is no folder %(folder)s for the backup; make it first.") % {"folder": missing}, code=1)
    return place


def _remember(target: Path, manifest: Manifest) -> None:
    folder = Path(settings.BIHUAN_DATA) / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    told = {"file": str(target), "made_at": manifest.made_at, "size": target.stat().st_size}
    draft = folder / f".{LAST}"
    draft.write_text(json.dumps(told), encoding="utf-8")
    os.replace(draft, folder / LAST)


def _tell(target: Path, manifest: Manifest) -> None:
    files = sum(1 for name in manifest.files if name.startswith("data/"))
    told = {"file": target, **manifest.counts, "files": files, "size": f"{target.stat().st_size / (1 << 20):.1f}"}
    write(
        _("%(file)s: %(matters)d matters, %(events)d events, %(files)d files, %(size)s MB.") % told
        + _(" It was made into a ledger aside, and every event is as it was written.")
    )
