"""`bihuan redact`: erase personal values, with ground and approval, and say so in the history."""

from collections.abc import Sequence

from django.utils import timezone

from bihuan.ledger.days import local_day
from bihuan.ledger.history import history
from bihuan.ledger.redact import redactable
from bihuan.ledger.refused import note_refusal
from bihuan.ledger.visible import may_see
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_
from bihuan.workbooks.erasure import erase

from .act import refused
from .actor import acting, find_matter, named_post
from .failure import Failure
from .output import table, write, write_json
from .words import _


def run(
    *, matter: str, slots: Sequence[str], ground: str, as_: str, approver: str, listing: bool, as_json: bool
) -> int:
    now = timezone.now()
    actor = acting(as_, local_day(now))
    found = find_matter(matter, actor.viewer)
    if listing:
        if not may_see(actor.viewer, found):
            hidden = Refusal("not_visible", N_("There is no such matter among those that you may open."))
            note_refusal(hidden.rule, account=actor.account, post=actor.post, matter=found.pk, asked="redact", now=now)
            return refused(hidden, as_json)
        return _list(found.pk, as_json)
    if not slots or not ground.strip() or not as_ or not approver:
        raise Failure(_("Erasing needs --slot, --ground, --as and --approver; --list shows what can be erased."))
    places = [_place(slot) for slot in slots]
    approving = named_post(approver, actor.viewer.organisation, local_day(now))
    try:
        after = erase(found.pk, places, ground=ground, post=actor.post, approver=approving, now=now)
    except Refusal as refusal:
        return refused(refusal, as_json)
    if as_json:
        write_json({"number": after.number, "version": after.version, "erased": list(slots)})
    else:
        write(_("%(number)s: erased, %(count)d in number; event %(event)d says so.") % {
            "number": after.number, "count": len(places), "event": after.version,
        })  # fmt: skip
    return 0


def _place(slot: str) -> tuple[int, str]:
    version, mark, place = slot.partition(":")
    if not (mark and place and version.isdecimal()):
        raise Failure(_("--slot takes VERSION:PLACE such as 1:set.title; “%(slot)s” is not one.") % {"slot": slot[:80]})
    return int(version), place


def _list(matter: object, as_json: bool) -> int:
    told = {event.version: event for event in history(matter)}  # type: ignore[arg-type]
    slots = [
        {
            "slot": f"{version}:{place}",
            "event": version,
            "kind": told[version].kind,
            "value": _value(told[version].body, place),
        }
        for version, place in redactable(matter)  # type: ignore[arg-type]
    ]
    if as_json:
        write_json({"slots": slots})
    else:
        table([_("Slot"), _("Value")], [40, 80], ([str(each["slot"]), str(each["value"])] for each in slots))
    return 0


def _value(body: object, place: str) -> object:
    for key in place.split("."):
        body = body[int(key)] if isinstance(body, list) else body[key] if isinstance(body, dict) else None
    return body
