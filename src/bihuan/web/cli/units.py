"""`bihuan units`: the organisation in and out."""

from pathlib import Path

from django.utils import timezone

from bihuan.directory.alterations import Author
from bihuan.directory.organisation import Organisation
from bihuan.directory.tables import BadFile, read_tables
from bihuan.directory.unit_files import Written, import_units
from bihuan.ledger.days import today

from .failure import Failure
from .output import note, table, write, write_json
from .words import _, say

_SHOWN = 20


def run(*, file: Path | None = None, as_json: bool = False) -> int:
    if file is None:
        return _list(as_json)
    try:
        written = import_units(read_tables(file), today=today(), author=Author.operator(timezone.now()))
    except BadFile as bad:
        return refuse(bad, file)
    return told(written, as_json)


def refuse(bad: BadFile, file: Path) -> int:
    """Name every problem of a file, and say that nothing of it was taken in."""
    sentences = [say(problem.sentence) for problem in bad.problems]
    if len(sentences) == 1:
        raise Failure(sentences[0])
    for sentence in sentences[:_SHOWN]:
        note(sentence)
    if more := len(sentences) - _SHOWN:
        note(_("… and %(count)d more.") % {"count": more}) if more > 0 else None
    raise Failure(
        _("“%(name)s” has %(count)d problems; nothing was taken in.") % {"name": file.name, "count": len(sentences)}
    )


def told(written: Written, as_json: bool) -> int:
    """Say what an import changed."""
    counts = {"created": written.created, "changed": written.changed, "unchanged": written.unchanged}
    if as_json:
        write_json(counts)
    else:
        write(_("%(created)d created, %(changed)d changed, %(unchanged)d as they were.") % counts)
    return 0


def _list(as_json: bool) -> int:
    organisation = Organisation.on(today())
    parents = {unit.pk: organisation.by_id.get(unit.parent_id or 0) for unit in organisation.units}
    keys = {pk: parent.key if parent else None for pk, parent in parents.items()}
    if as_json:
        write_json(
            {
                "units": [
                    {"key": unit.key, "name": unit.name, "level": unit.level, "parent": keys[unit.pk]}
                    for unit in organisation.units
                ]
            }
        )
        return 0
    rows = ([unit.key, str(unit.level), keys[unit.pk] or "", unit.name] for unit in organisation.units)
    table([_("Key"), _("Level"), _("Parent"), _("Name")], [8, 6, 8, 60], rows)
    return 0
