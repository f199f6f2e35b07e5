"""Several waiting rows settled by one decision: rows of an import that wait for the same fields, those ticked."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from bihuan.directory.models import Post
from bihuan.intake.contents import problems_of
from bihuan.intake.models import Intake, IntakeRow, IntakeSheet
from bihuan.intake.tray import discard, settle
from bihuan.ledger.days import local_day
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import Sentence

from ..sign_in import RESUME
from ..speaking import say
from ..viewer import ViewerRequest
from . import alike
from .row_words import RowTold, tell_rows
from .settling import Line, corrected, form, with_faults

#: So many rows stand on one page, and are settled by one decision.
MOST = 100
#: Of so many different problems of a field each is shown.
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A waiting row with what the file says where it is in doubt. `refusal` is why the decision was not taken on it."""

    told: RowTold
    text: str
    ticked: bool
    refusal: Sentence | None


@dataclass(frozen=True, slots=True)
class Text:
    """What some of the rows say in the same words, with the address of just these."""

    text: str
    number: int
    address: str
    chosen: bool


def together(request: ViewerRequest, intake: Intake, post: Post) -> HttpResponse:
    """Show the rows of `intake` that wait for the fields in the address; settle or lay aside those that are ticked."""
    fields = tuple(request.GET.get("fields", "").split(","))
    desk = Desk(request, intake, post, fields)
    if not desk.chosen:
        return redirect(alike.address(intake))
    do = request.POST.get("do", "") if request.method == "POST" and RESUME not in request.POST else ""
    if do and not desk.ticked:
        return desk.page(status=422)
    deeds = {"settle": desk.settle, "discard": desk.discard}
    return deeds[do]() if do in deeds else desk.page()


@dataclass(frozen=True)
class Desk:
    """A request about the rows of an import that wait for `fields`."""

    request: ViewerRequest
    intake: Intake
    post: Post
    fields: alike.Fields

    def settle(self) -> HttpResponse:
        """Settle each ticked row by itself: what is refused on one keeps none of the others back."""
        values: dict[int, dict[str, Any]] = {}
        for row in self.ticked:
            lines = form(row, self.sheets[row.sheet_no], self.request.POST)
            values[row.pk], faults = corrected(
                lines, row, self.request.viewer.organisation, local_day(self.request.now)
            )
            if faults:
                return self.page(faults=faults, status=422)
        done, refused = self._each(lambda row: settle(row, values[row.pk], **self._deed))
        return self._after(ngettext("%d row is settled.", "%d rows are settled.", done) % done if done else "", refused)

    def discard(self) -> HttpResponse:
        """Lay each ticked row aside, for the one reason."""
        reason = self.request.POST.get("reason", "")
        done, refused = self._each(lambda row: discard(row, reason, **self._deed))
        said = ngettext("%d row is laid aside.", "%d rows are laid aside.", done) % done if done else ""
        return self._after(said, refused)

    def page(
        self,
        *,
        faults: Mapping[str, Sentence] | None = None,
        refused: Mapping[int, Refusal] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        shown: dict[str, Any] = {
            "intake": self.intake,
            "names": alike.names(self.fields, self.intake.mechanism),
            "lines": with_faults([self._line(key) for key in self.fields], dict(faults or {})),
            "rows": [self._row(row, (refused or {}).get(row.pk)) for row in self.chosen],
            "texts": list(self._texts()),
            "whole": alike.address(self.intake, self.fields),
            "faulty": bool(faults),
            "unticked": status == 422 and not self.ticked,
            "refused": len(refused or {}),
            "reason": self.request.POST.get("reason", ""),
            "units": self.request.viewer.organisation.units,
        }
        return render(self.request, "import/together.html", shown, status=status)

    @cached_property
    def sheets(self) -> dict[int, IntakeSheet]:
        return {sheet.position: sheet for sheet in self.intake.sheets.all()}

    @cached_property
    def rows(self) -> list[tuple[str, IntakeRow]]:
        """What the file says, and the row, of those that wait for the fields; what says the same stands together."""
        rows = [row for row in alike.waiting(self.request, self.intake) if alike.in_doubt(row) == self.fields]
        told = [(alike.written(row, self.sheets[row.sheet_no], self.fields), row) for row in rows]
        return sorted(told, key=lambda each: (each[0], each[1].pk))

    @cached_property
    def text(self) -> str | None:
        return self.request.GET.get("text")

    @cached_property
    def chosen(self) -> list[IntakeRow]:
        return [row for text, row in self.rows if self.text in (None, text)][:MOST]

    @cached_property
    def ticked(self) -> list[IntakeRow]:
        """The rows that were sent; of those that say the same all, before anything was sent."""
        if self.request.method == "POST":
            sent = set(self.request.POST.getlist("row"))
            return [row for row in self.chosen if str(row.pk) in sent]
        alone = self.text is not None or len({text for text, _ in self.rows}) == 1
        return self.chosen if alone else []

    @property
    def _deed(self) -> dict[str, Any]:
        return {"post": self.post, "account": self.request.viewer.account.account, "now": self.request.now}

    def _each(self, do: Callable[[IntakeRow], object]) -> tuple[int, dict[int, Refusal]]:
        """Do something with each ticked row; return with how many it was done, and why not with the others."""
        refused: dict[int, Refusal] = {}
        for row in self.ticked:
            try:
                do(row)
            except Refusal as refusal:
                refused[row.pk] = refusal
        return len(self.ticked) - len(refused), refused

    def _after(self, said: str, refused: Mapping[int, Refusal]) -> HttpResponse:
        if said:
            messages.success(self.request, said)
        left = replace(self)  # which reads the rows anew
        there = {row.pk for row in left.chosen}
        for row in self.ticked:
            if row.pk in refused and row.pk not in there:  # somebody else was faster
                messages.warning(self.request, say(refused[row.pk].sentence))
        if there.isdisjoint(refused):
            return redirect(alike.address(self.intake, self.fields))
        return left.page(refused=refused, status=409 if said else 422)

    def _line(self, key: str) -> Line:
        """Return the line of the form in which the field is decided for all of the rows."""
        first = self.chosen[0]
        sent = self.request.POST if self.request.method == "POST" else None
        line = next(each for each in form(first, self.sheets[first.sheet_no], sent) if each.key == key)
        problems = [each.message for row in self.chosen for each in problems_of(row) if each.field == key]
        distinct = tuple(each for place, each in enumerate(problems) if each not in problems[:place])
        typed = line.typed if sent is not None else [] if line.kind == "units" else ""
        return replace(line, cell="", typed=typed, problems=distinct[:_SHOWN])

    def _row(self, row: IntakeRow, refusal: Refusal | None) -> Row:
        sheet = self.sheets[row.sheet_no]
        told = tell_rows([row], {sheet.position: sheet.name})[0]
        text = alike.written(row, sheet, self.fields)
        return Row(told, text, row in self.ticked, refusal.sentence if refusal else None)

    def _texts(self) -> Iterator[Text]:
        for text, number in Counter(text for text, _ in self.rows).most_common():
            if number > 1 or text == self.text:
                yield Text(text, number, alike.address(self.intake, self.fields, text), text == self.text)
