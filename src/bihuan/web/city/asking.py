"""Small forms of the directory: what is asked, what was typed, what is wrong with it. One template shows them all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from bihuan.directory.models import Account, Unit
from bihuan.directory.organisation import Organisation
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Named, Sentence

from ..sign_in import RESUME
from ..units import UnitProblem, find_unit
from ..viewer import ViewerRequest

#: How many people a field offers by name; whoever is not among them can still be typed.
_OFFERED = 500


@dataclass(frozen=True, slots=True)
class Ask:
    """One input. `kind`: text, day, unit, person, long, choice, several, tick, password. Labels are msgids."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    required: bool = True
    options: Sequence[tuple[str, Sentence | Named | str]] = ()


@dataclass(slots=True)
class Form:
    """What was typed into `asks`, and what is wrong with it."""

    request: ViewerRequest
    asks: Sequence[Ask]
    typed: dict[str, list[str]]
    problems: dict[str, Sentence] = field(default_factory=dict)
    refusal: Refusal | None = None

    @classmethod
    def of(cls, request: ViewerRequest, asks: Sequence[Ask], **first: str | Sequence[str]) -> "Form":
        """Return the form as it was sent, or as it first stands."""
        if request.method == "POST":
            typed = {ask.name: [text.replace("\x00", "") for text in request.POST.getlist(ask.name)] for ask in asks}
        else:
            typed = {name: [text] if isinstance(text, str) else list(text) for name, text in first.items()}
        return cls(request, asks, typed)

    @property
    def is_sent(self) -> bool:
        return self.request.method == "POST" and RESUME not in self.request.POST

    def several(self, name: str) -> list[str]:
        return [text for text in self.typed.get(name, []) if text]

    def text(self, name: str) -> str:
        return next(iter(self.typed.get(name, [])), "").strip()

    def ticked(self, name: str) -> bool:
        return bool(self.text(name))

    def day(self, name: str) -> date | None:
        try:
            day = date.fromisoformat(self.text(name))
        except ValueError:
            self.problems[name] = Sentence(N_("Write a day as 2026-06-30."))
            return None
        if not 1949 <= day.year <= 2100:
            self.problems[name] = Sentence(N_("Write a day between 1949 and 2100."))
        return day

    def unit(self, name: str, day: date) -> Unit | None:
        """Return the unit that is named, as it stands on `day`; None where nothing was typed or nothing fits."""
        if not self.text(name):
            return None
        try:
            found = find_unit(self.text(name), Organisation.on(day))
        except UnitProblem as problem:
            self.problems[name] = problem.sentence
            return None
        return Unit.objects.get(pk=found.pk)

    def person(self, name: str) -> Account | None:
        """Return the person named by account, by “name（account）”, or by a name that only one bears."""
        text = self.text(name)
        account = text.rpartition("（")[2].removesuffix("）") if text.endswith("）") else text
        if found := Account.objects.filter(account=account).first():
            return found
        named = list(Account.objects.filter(name=text)[:2])
        if len(named) == 1:
            return named[0]
        pattern = N_("Several people are called “%(text)s”; write the account.") if named else N_(
            "There is nobody called “%(text)s”; write an account or a full name from the list of people."
        )  # fmt: skip
        self.problems[name] = Sentence(pattern, {"text": text[:80]})
        return None

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal at the field it is about, or on top."""
        if refusal.field in {ask.name for ask in self.asks}:
            self.problems[str(refusal.field)] = refusal.sentence
        else:
            self.refusal = refusal

    def require(self) -> None:
        for ask in self.asks:
            if ask.required and ask.kind != "tick" and not self.several(ask.name):
                self.problems[ask.name] = Sentence(N_("This is missing; fill it in."))

    @property
    def rows(self) -> list[tuple[Ask, str, list[str], Sentence | None]]:
        return [
            (ask, self.text(ask.name), self.typed.get(ask.name, []), self.problems.get(ask.name)) for ask in self.asks
        ]


def show(
    form: Form, *, title: str, button: str, back: str, said: Iterable[Sentence] = (), lead: str = "",
    warning: bool = False,
) -> HttpResponse:  # fmt: skip
    """Show the form. `said` is what will happen, `back` the address to go back to; texts are msgids."""
    shown = {"form": form, "title": title, "button": button, "back": back, "said": list(said), "lead": lead}
    shown["warning"] = warning
    if any(ask.kind == "unit" for ask in form.asks):
        shown["units"] = form.request.viewer.organisation.units
    if any(ask.kind == "person" for ask in form.asks):
        shown["people"] = Account.objects.filter(is_active=True).order_by("name")[:_OFFERED]
    wrong = form.problems or form.refusal
    return render(form.request, "city/form.html", shown, status=422 if wrong else 200)
