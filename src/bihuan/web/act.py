"""Acting on a matter: the form of one action, and what becomes of it. Whatever happens, nothing typed is lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from bihuan.directory.models import Post
from bihuan.ledger.execute import execute
from bihuan.ledger.history import folded, history
from bihuan.ledger.orders import Conflict, Order
from bihuan.ledger.packs import current
from bihuan.mechanism.decide import spread_over
from bihuan.mechanism.model import Action, Does, Field, Mechanism, Role
from bihuan.mechanism.permit import voice
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Sentence
from bihuan.mechanism.state import Command, State

from . import arriving, asked, repeated
from .arriving import Waiting
from .extending import Offer, extension_offer
from .forms import Form, Typed, Widget, changed, form_for, judged, meet
from .lacking import lacking
from .lateness import Clock
from .rows import stage_word
from .scene import Scene, scene
from .sending import gone_to
from .showing import unit_name, value_words
from .sign_in import RESUME
from .speaking import say
from .timeline import Line, Telling, names
from .viewer import PageRefusal, ViewerRequest


@dataclass(slots=True)
class Sheet:
    """The form of one action as it stands: what is typed, which files go with it, what is wrong.

    `behalf` is the key of the unit that the action is entered for, if it is not done in one's own name.
    """

    place: Scene
    action: Action
    post: Post
    able: list[Post]
    form: Form
    record: Form
    typed: dict[str, Typed]
    entry_typed: dict[str, Typed]
    version: int
    behalf: str | None = None
    entry: str = ""
    reason: str = ""
    files: list[Waiting] = field(default_factory=list)
    problems: dict[str, Sentence] = field(default_factory=dict)
    refusal: Refusal | None = None
    changes: list[Line] = field(default_factory=list)
    meanwhile: dict[str, Any] = field(default_factory=dict)

    @property
    def unit(self) -> str:
        """The name of the unit that the action is entered for."""
        return unit_name(self.behalf, self.place.organisation) if self.behalf else ""

    @property
    def outside(self) -> Role | None:
        """The party outside whose word or deed the post enters here; None where it acts in a role of its own."""
        if self.behalf:
            return None
        return voice(self.place.mechanism, self.action, self.place.roles(self.post))

    @property
    def waiting_place(self) -> arriving.Form:
        """Where the files of this form wait until it is done."""
        account = self.place.request.viewer.account.pk
        return arriving.Form(account, self.place.matter.pk, self.action.key, self.behalf or "")


def act(request: ViewerRequest, number: str, action: str) -> HttpResponse:
    place = scene(request, number)
    wanted = place.mechanism.actions.get(action)
    if wanted is None:
        refusal = Refusal("unknown_action", N_("There is no such action for this matter."))
        raise PageRefusal(refusal, status=404, matter=place.matter.pk)
    if request.method == "POST":
        sheet = _sent(place, wanted)
        return _page(sheet) if RESUME in request.POST else _done(sheet)
    sheet = _blank(place, wanted)
    if not sheet.able:
        refusal = place.refusal(wanted, sheet.post, sheet.behalf) or _no_post()
        back, who = reverse("matter", args=[place.matter.number]), place.who(wanted, sheet.behalf)
        nobody = lacking(place, wanted, sheet.behalf) if not who else None
        raise PageRefusal(refusal, matter=place.matter.pk, post=sheet.post, who=who, back=back, nobody=nobody)
    return _page(sheet)


def _done(sheet: Sheet) -> HttpResponse:
    """Do the act, or show the form again with everything in it."""
    place, request = sheet.place, sheet.place.request
    values, problems = sheet.form.read(sheet.typed)
    entry, entry_problems = sheet.record.read(sheet.entry_typed)
    sheet.problems = problems | entry_problems
    try:
        if sheet.post in sheet.able:  # no file is kept for an act that will be refused whatever it carries
            _take_files(sheet)
        if sheet.problems:
            return _page(sheet, status=422)
        known = {} if sheet.action.opens else place.state.values
        if sheet.version == place.matter.version:
            values = changed(values, known, judged(place.mechanism, sheet.action))
        if sheet.action.opens:
            values = {key: value for key, value in values.items() if value is not None}
        execute(_order(sheet, values, entry), now=request.now)
    except Conflict:
        if repeated.done_already(place, _command(sheet, values, entry), sheet.version, _named(sheet)):
            return _over(sheet, gettext("This was done already a moment ago, and was not done twice: %(action)s."))
        return _conflict(sheet)
    except Refusal as refusal:
        return _refused(sheet, refusal)
    return _over(sheet, gettext("Entered for %(unit)s: %(action)s.") if sheet.behalf else gettext("Done: %(action)s."))


def _over(sheet: Sheet, words: str) -> HttpResponse:
    """Go to the matter with a word of what was done; nothing waits for this form any more."""
    request = sheet.place.request
    arriving.clear(sheet.waiting_place)
    messages.success(request, words % {"unit": sheet.unit, "action": say(sheet.action.label)})
    return gone_to(request, reverse("matter", args=[sheet.place.matter.number]))


def _take_files(sheet: Sheet) -> None:
    """Let the files that came with the form itself wait beside those that were sent before it."""
    for file in sheet.place.request.FILES.getlist("evidence"):
        came = arriving.take(sheet.waiting_place, file.name or "", file.chunks())
        sheet.files = [each for each in sheet.files if each.sha256 != came.sha256] + [came]


def _named(sheet: Sheet) -> frozenset[str]:
    """Return the hashes of the files that the form names, whether or not they still wait."""
    sent = sheet.place.request.POST.getlist("kept")
    return frozenset({str(each) for each in sent} | {each.sha256 for each in sheet.files})


def _order(sheet: Sheet, values: Mapping[str, Any], entry: Mapping[str, Any]) -> Order:
    command = _command(sheet, values, entry)
    proofs = tuple(arriving.into_store(sheet.waiting_place, each) for each in sheet.files)
    return Order(sheet.place.matter.pk, replace(command, evidence=proofs), sheet.post, sheet.version)


def _command(sheet: Sheet, values: Mapping[str, Any], entry: Mapping[str, Any]) -> Command:
    return Command(
        action=sheet.action.key,
        account=sheet.place.request.viewer.account.account,
        values=values,
        record=entry,
        entry=sheet.entry or None,
        reason=sheet.reason,
        behalf=sheet.behalf,
    )


def _refused(sheet: Sheet, refusal: Refusal) -> HttpResponse:
    """Show the sentence beside the field at fault, or on top when it is about none that the form has."""
    known = {each.key for each in (*sheet.form.fields, *sheet.record.fields)} | {"evidence", "reason"}
    if refusal.field in known:
        sheet.problems[str(refusal.field)] = refusal.sentence
    else:
        sheet.refusal = refusal
    return _page(sheet, status=422)


def _conflict(sheet: Sheet) -> HttpResponse:
    """Show what changed meanwhile; keep what was typed, and take over the rest as it is now."""
    place = scene(sheet.place.request, sheet.place.matter.number)
    told = history(place.matter.pk)
    base = folded(each for each in told if each.version <= sheet.version)
    lines = Telling(place.mechanism, place.organisation, names(told, {}), place.state.redacted).tell(told)
    sheet.changes = [line for line in lines if line.version > sheet.version]
    sheet.refusal = Conflict(())
    if not sheet.action.opens:
        sheet.meanwhile = _meanwhile(sheet, base, place.state)
        before, after = (_known(place.mechanism, sheet.action, state) for state in (base, place.state))
        sheet.typed = meet(sheet.form, sheet.typed, before, after)
    sheet.place, sheet.version = place, place.matter.version
    sheet.able = place.able(sheet.action, sheet.behalf)
    return _page(sheet, status=409)


def _meanwhile(sheet: Sheet, base: State, now: State) -> dict[str, Any]:
    return {
        each.key: value_words(each, now.values.get(each.key), sheet.place.organisation)
        for each in sheet.form.fields
        if now.values.get(each.key) != base.values.get(each.key)
    }


def _blank(place: Scene, action: Action) -> Sheet:
    """Return the form before anything is typed: fields that hold a value show it."""
    behalf = _behalf(place)
    able = place.able(action, behalf)
    post = _post(place, action, able, behalf)
    form, record = _forms(place, action, post, behalf)
    entry = str(place.request.GET.get("entry", ""))
    entries = place.state.records.get(action.record or "", {})
    sheet = Sheet(
        place=place,
        action=action,
        post=post,
        able=able,
        form=form,
        record=record,
        typed=form.of_values(_start(place, action)),
        entry_typed=record.of_values(entries.get(entry, {})),
        version=place.matter.version,
        behalf=behalf,
        entry=entry if entry in entries else "",
    )
    sheet.files = [each for each in arriving.waiting(sheet.waiting_place) if each.whole]
    return sheet


def _sent(place: Scene, action: Action) -> Sheet:
    """Return the form as it was sent."""
    sent = place.request.POST
    sheet = _blank(place, action)
    version = str(sent.get("version", ""))
    sheet.typed, sheet.entry_typed = sheet.form.of_post(sent), sheet.record.of_post(sent)
    sheet.version = int(version) if version.isdecimal() and len(version) < 9 else place.matter.version
    sheet.entry, sheet.reason = str(sent.get("entry", "")), str(sent.get("reason", "")).replace("\r\n", "\n")
    sheet.files = list(arriving.chosen(sheet.waiting_place, map(str, sent.getlist("kept"))))
    return sheet


def _behalf(place: Scene) -> str | None:
    """Return the key of the unit that the action is to be entered for; whether it may be is for the rules."""
    request = place.request
    asked_for = (request.POST if request.method == "POST" else request.GET).get("for", "")
    return str(asked_for).replace("\x00", "") or None


def _post(place: Scene, action: Action, able: list[Post], behalf: str | None) -> Post:
    """Return the post that was chosen, else the one that may do it, else the one whose role it is.

    The last cannot do it, but its refusal says most: that its holder did the work, that rounds are used up.
    """
    posts = place.request.viewer.posts
    if not posts:
        raise PageRefusal(_no_post(), matter=place.matter.pk)
    chosen = str(place.request.POST.get("post", ""))
    if given := next((post for post in posts if post.key == chosen), None):
        return given
    if able:
        return able[0]
    opening = [post for post in posts if place.opens(post)] or posts
    return min(opening, key=lambda post: place.roles(post, behalf).isdisjoint(action.by))


def _no_post() -> Refusal:
    return Refusal("no_post", N_("You hold no post today, so you can do nothing on this matter."))


def _start(place: Scene, action: Action) -> Mapping[str, Any]:
    if not action.opens:
        return _known(place.mechanism, action, place.state)
    child = current()[str(action.opens)]
    own = place.state.values.get(place.mechanism.index.responsible)
    return {} if action.over else {child.index.responsible: own}


def _known(mechanism: Mechanism, action: Action, state: State) -> Mapping[str, Any]:
    """Return the values that a form begins with: those of the matter, but for what is judged anew."""
    anew = judged(mechanism, action)
    return {key: value for key, value in state.values.items() if key not in anew}


def _forms(place: Scene, action: Action, post: Post, behalf: str | None) -> tuple[Form, Form]:
    fields, required = _fields(place, action, post, behalf)
    group = place.mechanism.records.get(action.record or "")
    entry = group.fields if group else ()
    return (
        form_for(place.request, fields, prefix="f-", required=required),
        form_for(place.request, entry, prefix="r-", required=(each.key for each in entry)),
    )


def _fields(place: Scene, action: Action, post: Post, behalf: str | None) -> tuple[list[Field], tuple[str, ...]]:
    """Return what may be given with the action: its fields, or those of the part that it opens."""
    if not action.opens:
        fields = place.mechanism.fields
        return [fields[key] for key in action.sets if key in fields], action.requires
    child: Mechanism = current()[str(action.opens)]
    own = place.roles(post, behalf)
    given = [each for each in child.fields.values() if own & set(each.by) & set(child.register_by)]
    required = (*child.register_requires, child.index.responsible)
    if action.over:  # each unit's part is that unit's
        given = [each for each in given if each.key != child.index.responsible]
        required = tuple(key for key in required if key != child.index.responsible)
    return given, required


def _page(sheet: Sheet, *, status: int = 200) -> HttpResponse:
    place, with_it = sheet.place, {each.sha256 for each in sheet.files}
    clock = Clock.on(place.request.today, place.request.calendar)
    shown = {
        "sheet": sheet,
        "matter": place.matter,
        "action": sheet.action,
        "stage": stage_word(place.matter, place.mechanism),
        "late": clock.of(place.matter.due, place.matter.ended, place.matter.ended_on),
        "needs": list(asked.needs(place.mechanism, sheet.action)),
        **_parted(sheet.form.widgets(sheet.typed, sheet.problems, sheet.meanwhile)),
        "entry_widgets": sheet.record.widgets(sheet.entry_typed, sheet.problems),
        "files": [(each, each.sha256 in with_it) for each in arriving.waiting(sheet.waiting_place)],
        "extension": _extension(sheet),
        "units": place.organisation.units,
        **_who_can(sheet),
        "upload": reverse("files", args=[place.matter.number, sheet.action.key]),
        "takes_files": sheet.behalf or not sheet.action.opens,
        "outside": sheet.outside,
        "goes_to": [unit_name(key, place.organisation) for key in _spread_over(sheet)],
        "files_needed": max(sheet.action.evidence, 1 if sheet.behalf or sheet.outside else 0),
    }
    return render(place.request, "matter/act.html", shown, status=status)


def _spread_over(sheet: Sheet) -> tuple[str, ...]:
    """Return the keys of the units that a round goes out to with this act."""
    return spread_over(sheet.action, sheet.place.state) if sheet.action.over else ()


def _extension(sheet: Sheet) -> Offer | None:
    place = sheet.place
    if sheet.action.does is not Does.ASK_EXTENSION:
        return None
    return extension_offer(place.mechanism, place.state, place.request.today)


def _who_can(sheet: Sheet) -> dict[str, Any]:
    """Return who can do it where the viewer cannot, or what would help where nobody can."""
    if sheet.able:
        return {}
    who = sheet.place.who(sheet.action, sheet.behalf)
    return {"who": who, "nobody": None if who else lacking(sheet.place, sheet.action, sheet.behalf)}


def _parted(widgets: list[Widget]) -> dict[str, list[Widget]]:
    """Return what must be looked at, and what else may be given: folded on a phone, where there is something to ask."""
    first = [each for each in widgets if each.required or each.problem or each.meanwhile is not None]
    further = [each for each in widgets if each not in first]
    return {"widgets": first, "further": further} if first else {"widgets": further, "further": []}
