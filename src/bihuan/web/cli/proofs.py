"""`bihuan evidence`: a zip or a folder of proofs, matched to matters by the numbers in the names, and given."""

from pathlib import Path
from typing import Any

from django.utils import timezone

from bihuan.ledger.days import local_day
from bihuan.mechanism.refusal import Refusal
from bihuan.workbooks.attaching import Attaching, Fitted, Given
from bihuan.workbooks.collecting import Collected, collect
from bihuan.workbooks.files import room

from .act import refused
from .actor import acting
from .failure import Failure
from .output import write, write_json
from .words import _, say


def run(*, source: Path, as_: str, dry_run: bool, as_json: bool) -> int:
    now = timezone.now()
    actor = acting(as_, local_day(now))
    if not source.exists():
        raise Failure(_("There is no file or folder “%(path)s”.") % {"path": source})
    with room() as folder:
        try:
            attaching = Attaching(actor.post, actor.account, now)
            collected = collect([(source.name, source)], folder)
            if collected.refused:
                raise Failure(say(collected.refused[0][1]))
            if not collected.pieces:
                raise _nothing(source, collected)
            fitted = attaching.fit(collected.pieces)
            given = Given() if dry_run else attaching.give(fitted)
        except Refusal as refusal:
            return refused(refusal, as_json)
    if as_json:
        write_json(_report(fitted, collected, given))
    else:
        _tell(fitted, collected, given, dry_run=dry_run)
    return 3 if given.refused else 0


def _nothing(source: Path, collected: Collected) -> Failure:
    """Return why a zip or a folder without a single file to give is no evidence."""
    if not collected.ignored:
        return Failure(_("“%(path)s” holds no file; nothing was given.") % {"path": source.name})
    name, why = collected.ignored[0]
    told = {"path": source.name, "number": len(collected.ignored), "file": name, "why": say(why)}
    return Failure(
        _("“%(path)s” holds no file that could be given; left out: %(number)d, such as %(file)s (%(why)s).") % told
    )


def _report(fitted: list[Fitted], collected: Collected, given: Given) -> dict[str, Any]:
    attached = {matter.number: number for matter, number in given.files.items()}
    return {
        "matched": [
            {
                "file": each.piece.name,
                "matter": each.matter.number,
                "sha256": each.piece.sha256,
                "notes": [say(note) for note in each.notes],
            }
            for each in fitted
            if each.matter is not None and each.why is None
        ],
        "unmatched": [
            {"file": each.piece.name, "matter": each.matter.number if each.matter else None, "reason": say(each.why)}
            for each in fitted
            if each.why is not None
        ],
        "ignored": [{"file": name, "reason": say(why)} for name, why in collected.ignored],
        "attached": attached,
        "refused": [
            {"matter": matter.number, "rule": refusal.rule, "message": say(refusal.sentence)}
            for matter, refusal in given.refused.items()
        ],
        "summary": {
            "matched": sum(each.can_be_given for each in fitted),
            "unmatched": sum(not each.can_be_given for each in fitted),
            "ignored": len(collected.ignored),
            "attached": sum(attached.values()),
        },
    }


def _tell(fitted: list[Fitted], collected: Collected, given: Given, *, dry_run: bool) -> None:
    for each in fitted:
        if each.why is None and each.matter is not None:
            write(f"{each.piece.name} → {each.matter.number} {each.matter.title}"[:200])
            for note in each.notes:
                write("  " + say(note))
    for each in fitted:
        if each.why is not None:
            write(_("Not given: %(file)s (%(why)s)") % {"file": each.piece.name, "why": say(each.why)})
    for name, why in collected.ignored:
        write(_("Left out: %(file)s (%(why)s)") % {"file": name, "why": say(why)})
    for matter, refusal in given.refused.items():
        write(f"{matter.number}: {say(refusal.sentence)}")
    if dry_run:
        write(
            _("%(files)d files would be given; nothing was written.") % {"files": sum(f.can_be_given for f in fitted)}
        )
    else:
        number = sum(given.files.values())
        write(_("%(files)d files were given for %(matters)d matters.") % {"files": number, "matters": len(given.files)})
