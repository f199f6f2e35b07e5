"""`bihuan people redact`: erase names and reasons from the record of changes, with ground and approval."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from bihuan.directory.erasing import check_auditor, erasable, erase
from bihuan.directory.models import Account
from bihuan.ledger.days import local_day
from bihuan.ledger.refused import recorded
from bihuan.mechanism.refusal import Refusal

from .act import refused
from .actor import acting, named_post
from .failure import Failure
from .output import table, write, write_json
from .words import _

#: What a refusal of this command is recorded as asking for.
ASKED = "people redact"


def run(
    *, slots: Sequence[str], person: str, ground: str, as_: str, approver: str, listing: bool, as_json: bool
) -> int:
    now = timezone.now()
    today = local_day(now)
    actor = acting(as_, today)
    try:
        with recorded(actor.post, actor.account, None, ASKED, now):
            if listing:
                check_auditor(actor.post, today)
                return _list(person, as_json)
            if not slots or not ground.strip() or not as_ or not approver:
                raise Failure(
                    _("Erasing needs --slot, --ground, --as and --approver; --list shows what can be erased.")
                )
            places = [_place(slot) for slot in slots]
            approving = named_post(approver, actor.viewer.organisation, today)
            with transaction.atomic():
                erase(places, ground=ground, post=actor.post, approver=approving, now=now, today=today)
    except Refusal as refusal:
        return refused(refusal, as_json)
    if as_json:
        write_json({"erased": list(slots)})
    else:
        write(_("Erased, %(count)d in number; the record of changes says so.") % {"count": len(places)})
    return 0


def _place(slot: str) -> tuple[int, str]:
    entry, mark, place = slot.partition(":")
    if not (mark and place and entry.isdecimal() and len(entry) < 18):
        raise Failure(_("--slot takes ENTRY:PLACE such as 12:name; “%(slot)s” is not one.") % {"slot": slot[:80]})
    return int(entry), place


def _list(person: str, as_json: bool) -> int:
    whose = Account.objects.filter(account=person).first() if person else None
    if person and whose is None:
        raise Failure(_("There is no account “%(name)s”.") % {"name": person[:80]})
    slots = [
        {
            "slot": f"{each.alteration_id}:{each.slot}", "at": each.alteration.at, "kind": each.alteration.kind,
            "value": each.value,
        }
        for each in erasable(person=whose)
    ]  # fmt: skip
    if as_json:
        write_json({"slots": slots})
    else:
        table([_("Slot"), _("Value")], [24, 80], ([str(each["slot"]), str(each["value"])] for each in slots))
    return 0
