"""One matter on a terminal: what is asked of whom now, on top; then what is known; then its history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .output import write
from .words import _

Told = Mapping[str, Any]


def tell(matter: Told) -> None:
    write(f"{matter['number']}  {matter['title']}")
    write(_("%(unit)s · %(stage)s · deadline %(due)s%(late)s") % {
        "unit": matter["responsible_unit"], "stage": matter["stage_label"], "due": matter["due"] or "—",
        "late": _(" (passed)") if matter["overdue"] else "",
    })  # fmt: skip
    for axis, name in (("claimed_status", _("Unit's own report")), ("recognition", _("Verification"))):
        if found := matter["axes"][axis]:
            write(_line(name, found["label"]))
    _tell_next(matter)
    _tell_fields(matter)
    _tell_others(matter)
    _tell_timeline(matter)
    write()
    write(
        _("Chain: every event is as it was written.")
        if matter["chain"] == "ok"
        else _("Chain broken: %(why)s") % {"why": matter["chain_message"]}
    )


def _tell_next(matter: Told) -> None:
    if not matter["next"]:
        return
    write()
    write(_("What can be done now"))
    for step in matter["next"]:
        people = "、".join(f"{post['name']}（{post['post']}）" for post in step["posts"])
        write(f"  {step['action']}  {step['label']}")
        write(
            _("      by %(roles)s: %(people)s")
            % {"roles": "、".join(step["role_labels"]), "people": people or _nobody(step)}
        )
        if needs := [
            *step["requires"],
            *([_("evidence")] if step["evidence"] else []),
            *([_("a reason")] if step["reason"] else []),
        ]:
            write(_("      needs %(needs)s") % {"needs": ", ".join(needs)})


def _nobody(step: Told) -> str:
    """Say that nobody holds the role, or who enters it for the units that have nobody (代录)."""
    enterers = dict.fromkeys(f"{each['name']}（{each['post']}）" for each in step["entered_by"])
    if not enterers:
        return _("nobody today")
    return _("nobody there; %(people)s may enter it for the unit with its scan") % {"people": "、".join(enterers)}


def _tell_fields(matter: Told) -> None:
    write()
    for field in matter["fields"]:
        if field["value"] is not None or field["erased"]:
            write("  " + _line(field["label"], _text(field)))
    for group in matter["records"]:
        write(f"  {group['label']}")
        for entry in group["entries"]:
            write("    " + "；".join(_text(field) for field in entry["fields"]))
    for proof in matter["evidence"]:
        write(_("  Evidence: %(name)s (%(size)d bytes, SHA-256 %(hash)s…)") % {
            "name": proof["name"] or _("erased"), "size": proof["size"], "hash": proof["sha256"][:12],
        })  # fmt: skip


def _tell_others(matter: Told) -> None:
    for key, name in (("children", _("Parts")), ("links", _("Linked matters"))):
        if matter[key]:
            write(f"  {name}")
        for other in matter[key]:
            write(f"    {other['number']}  {other['stage_label']}  {other['title']}")


def _tell_timeline(matter: Told) -> None:
    write()
    write(_("History"))
    for event in matter["timeline"]:
        at: datetime = event["at"]
        behalf = _(" for %(unit)s") % {"unit": event["on_behalf"]["name"]} if event["on_behalf"] else ""
        who = f"{event['name']}（{event['post']}）{behalf}"
        write(f"  {event['version']:>3}  {at:%Y-%m-%d %H:%M}  {who}  {event['label']}")
        for change in event["changes"]:
            write("       " + _line(change["label"], _text(change)))
        if event["reason"]:
            write(_("       reason: %(reason)s") % {"reason": event["reason"]})
        if event["message"]:
            write(_("       message: %(text)s") % {"text": event["message"].replace("\n", "\n       ")})
        if event["evidence"]:
            names = "、".join(each["name"] or _("erased") for each in event["evidence"])
            write(_("       evidence: %(names)s") % {"names": names})


def _text(field: Told) -> str:
    return _("erased") if field["erased"] else field["text"] or "—"


def _line(label: str, text: str) -> str:
    return _("%(label)s: %(text)s") % {"label": label, "text": text}
