"""`bihuan verify`: walk the chains and name the first broken event of every matter that has one."""

from bihuan.ledger.models import Matter
from bihuan.ledger.verify import Broken, verify

from .actor import find_matter
from .output import bar, note, write, write_json
from .words import _, say


def run(*, matter: str, files: bool, as_json: bool) -> int:
    chosen = find_matter(matter).pk if matter else None
    walked = 0 if chosen is None else 1
    with bar(_("Walking the chains"), quiet=as_json) as progress:
        broken = list(verify(chosen, files=files, progress=progress))
    if chosen is None:
        walked = Matter.objects.count()
    if as_json:
        found = [
            {"number": each.number, "id": each.matter, "event": each.version, "message": say(each.sentence)}
            for each in broken
        ]
        write_json({"intact": not broken, "matters": walked, "broken": found})
    elif broken:
        for each in broken:
            note(tell(each))
    else:
        write(_("%(count)d matters: every event is as it was written.") % {"count": walked})
    return 1 if broken else 0


def tell(broken: Broken) -> str:
    """Return the line that names what is broken."""
    told = {"number": broken.number, "event": broken.version, "why": say(broken.sentence)}
    if not broken.version:
        return _("%(number)s: %(why)s") % told
    return _("%(number)s, event %(event)d: %(why)s") % told
