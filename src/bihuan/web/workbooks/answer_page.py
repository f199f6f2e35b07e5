"""One file that came back: row by row what it says anew, by which action that would be done, and the decision."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext

from bihuan.directory.models import Account, Post
from bihuan.intake.form.columns import ledger_columns
from bihuan.ledger.fold import load_state
from bihuan.ledger.packs import current, pinned
from bihuan.mechanism.model import Action, FieldKind, Label, Mechanism
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Named, Sentence
from bihuan.workbooks.comparing import is_no_column
from bihuan.workbooks.deciding import (
    REASON,
    UNDECIDED,
    Deed,
    Outcome,
    accept,
    decline,
    look_again,
    put_away,
    sentence_of,
    value_of,
)
from bihuan.workbooks.means import Standing, lead_in
from bihuan.workbooks.models import Answer, Proposal, ProposalStatus
from bihuan.workbooks.plausible import is_doubt

from ..showing import value_words
from ..sign_in import RESUME
from ..speaking import say
from ..viewer import ViewerRequest
from .merge_access import answer_for

#: Rows on one page.
_ROWS = 40

Words = Sentence | Named | str


@dataclass(frozen=True, slots=True)
class Line:
    """One value in words."""

    proposal: Proposal
    label: Words
    old: Words
    new: Words
    action: Label | None
    note: Sentence | None

    @property
    def tick(self) -> str:
        """The value of its box in the form."""
        return str(self.proposal.pk)

    @property
    def is_doubted(self) -> bool:
        """Whether it can hardly be meant so, and is ticked by a person or not at all."""
        return is_doubt(self.note)


@dataclass(frozen=True, slots=True)
class Card:
    """One row of the file: its matter (None for a row of the unit's own), and what it says anew."""

    key: str
    matter: Any
    row: int
    sheet: str
    lines: Sequence[Line]
    actions: Sequence[Label]
    asks_reason: bool = False
    refusal: Refusal | None = None

    @property
    def is_columns(self) -> bool:
        """Whether this is no row but the columns that the ledger does not have."""
        return is_no_column(self.lines[0].note)

    @property
    def same_why(self) -> Sentence | None:
        """The one reason that stands at every line, if it is one; of a row of the unit's own it always is."""
        notes = [line.note for line in self.lines]
        return notes[0] if len(notes) > 1 and all(note == notes[0] for note in notes) else None


def answer(request: ViewerRequest, pk: uuid.UUID) -> HttpResponse:
    found, post = answer_for(request, pk)
    if request.method == "POST" and RESUME not in request.POST:
        return _decide(request, found, post)
    if found.ended_at is None:
        look_again(found, post=post, now=request.now)
    return _page(request, found, post)


def _decide(request: ViewerRequest, found: Answer, post: Post) -> HttpResponse:
    do, _, only = request.POST.get("do", "").partition(":")
    reason = request.POST.get("reason", "").replace("\r\n", "\n")
    deed = Deed(post, request.viewer.account.account, request.now, reason)
    try:
        if do == "away":
            put_away(found, deed=deed)
            messages.success(request, gettext("The file is put away; nothing else of it was taken over."))
            return redirect("answers")
        chosen = _chosen(request, found, only)
        if not chosen:
            raise Refusal("missing_field", N_("Tick what is to be taken over or left."))
        if do == "decline":
            number = decline(found, chosen, deed=deed)
            messages.success(
                request, ngettext("%d value left as it was.", "%d values left as they were.", number) % number
            )
            return redirect("answer", pk=found.pk)
        outcome = accept(found, chosen, versions=_versions(request), deed=deed)
    except Refusal as refusal:
        return _page(request, found, post, refused=refusal, status=409 if refusal.rule == "decided" else 422)
    if outcome.accepted:
        words = ngettext("%d value taken over.", "%d values taken over.", outcome.accepted) % outcome.accepted
        messages.success(request, words)
    if outcome.refused:
        return _page(request, found, post, outcome=outcome, status=409)
    return redirect("answer", pk=found.pk)


def _chosen(request: ViewerRequest, found: Answer, only: str) -> list[int]:
    """Return the ticked proposals; with `only` (the place of a card) those of that row."""
    ticked = {int(text) for text in request.POST.getlist("p") if text.isdecimal() and len(text) < 19}
    rows = found.proposals.filter(pk__in=ticked)
    return [each.pk for each in rows if not only or _key(each) == only]


def _versions(request: ViewerRequest) -> dict[uuid.UUID, int]:
    """Return the versions of the matters that the page showed."""
    found = {}
    for name, text in request.POST.items():
        if name.startswith("v-") and str(text).isdecimal() and len(str(text)) < 10:
            try:
                found[uuid.UUID(name[2:])] = int(str(text))
            except ValueError:
                continue
    return found


def _page(
    request: ViewerRequest,
    found: Answer,
    post: Post,
    *,
    refused: Refusal | None = None,
    outcome: Outcome | None = None,
    status: int = 200,
) -> HttpResponse:
    found.refresh_from_db()
    rows = list(found.proposals.select_related("matter__responsible").order_by("id"))
    telling = _Telling(request, found, post, outcome.refused if outcome else {})
    proposed = telling.cards(each for each in rows if each.status == ProposalStatus.PROPOSED)
    left = telling.cards(each for each in rows if each.status == ProposalStatus.REFUSED)
    decided = [each for each in rows if each.status not in UNDECIDED]
    page, pages = _paged(request, len(proposed))
    shown_cards = proposed[page * _ROWS : (page + 1) * _ROWS]
    names = dict(
        Account.objects.filter(account__in={each.decided_by for each in decided}).values_list("account", "name")
    )
    shown: dict[str, Any] = {
        "answer": found,
        "cards": shown_cards,
        "left": left,
        "decided": [
            (each, telling.label(each), sentence_of(each), names.get(each.decided_by, each.decided_by))
            for each in decided
        ],
        "number": sum(len(card.lines) for card in shown_cards),
        "proposed_rows": len(proposed),
        "page": page + 1,
        "pages": pages,
        "refused": refused,
        "outcome": outcome,
        "ticked": set(request.POST.getlist("p")) if request.method == "POST" else None,
        "asks_reason": any(card.asks_reason for card in shown_cards),
        "reason": request.POST.get("reason", "") or say(Sentence(REASON, {"file": found.name})),
        "mechanism": current()[found.mechanism].title if found.mechanism in current() else found.mechanism,
    }
    return render(request, "workbooks/answer.html", shown, status=status)


def _paged(request: ViewerRequest, rows: int) -> tuple[int, int]:
    pages = max(1, -(-rows // _ROWS))
    asked = request.GET.get("page", "1")
    page = int(asked) if asked.isdecimal() and len(asked) < 6 else 1
    return min(max(page, 1), pages) - 1, pages


class _Telling:
    """Puts the proposals of a file into words."""

    def __init__(self, request: ViewerRequest, found: Answer, post: Post, refused: Mapping[uuid.UUID, Refusal]) -> None:
        self._organisation = request.viewer.organisation
        self._unit, self._standing = found.unit, Standing(post, self._organisation, request.today)
        self._refused = refused
        mechanism = current().get(found.mechanism)
        self._columns = {each.key: each.label for each in ledger_columns(mechanism)} if mechanism else {}
        self._mechanism = mechanism

    def cards(self, proposals: Iterable[Proposal]) -> list[Card]:
        by_row: dict[str, list[Proposal]] = {}
        for each in proposals:
            by_row.setdefault(_key(each), []).append(each)
        return [self._card(key, rows) for key, rows in by_row.items()]

    def label(self, proposal: Proposal) -> Words:
        known = self._columns.get(proposal.field)
        return known or proposal.field

    def _card(self, key: str, rows: Sequence[Proposal]) -> Card:
        first = rows[0]
        mechanism = pinned(first.matter.mechanism_hash) if first.matter else self._mechanism
        lines = [self._line(each, mechanism) for each in rows]
        actions = {
            each.action: mechanism.actions[each.action]
            for each in rows
            if mechanism and each.action in mechanism.actions
        }
        return Card(
            key=key,
            matter=first.matter,
            row=first.row,
            sheet=first.sheet,
            lines=lines,
            actions=[each.label for each in self._in_order(first, mechanism, list(actions.values()))],
            asks_reason=any(each.reason for each in actions.values()),
            refusal=self._refused.get(first.matter_id) if first.matter_id else None,
        )

    def _in_order(self, first: Proposal, mechanism: Mechanism | None, actions: Sequence[Action]) -> Sequence[Action]:
        """Return the actions as they would be done, with the step that leads to them."""
        if mechanism is None or first.matter is None or self._unit is None:
            return ()
        stage = first.matter.stage
        ordered = sorted(actions, key=lambda each: (stage not in each.stages, bool(each.to)))
        state = load_state(first.matter.state)
        lead = lead_in(mechanism, state, ordered, unit=self._unit.key, standing=self._standing)
        return [lead, *ordered] if lead else ordered

    def _line(self, proposal: Proposal, mechanism: Mechanism | None) -> Line:
        action = mechanism.actions.get(proposal.action) if mechanism else None
        proposed = proposal.status == ProposalStatus.PROPOSED
        return Line(
            proposal,
            self.label(proposal),
            self._words(proposal, value_of(proposal.old), mechanism),
            self._words(proposal, value_of(proposal.new), mechanism),
            action.label if action and proposed else None,
            sentence_of(proposal),
        )

    def _words(self, proposal: Proposal, value: Any, mechanism: Mechanism | None) -> Words:
        field = mechanism.fields.get(proposal.field) if mechanism else None
        if field is None or value is None:
            return "—" if value in (None, "") else str(value)
        if field.kind is FieldKind.MONEY and not isinstance(value, int):
            return str(value)  # a text that could not be read as an amount
        return value_words(field, value, self._organisation)


def _key(proposal: Proposal) -> str:
    """Return the place of a proposal's row in the file, which names its card."""
    return f"{proposal.matter_id or ''}-{proposal.row}"
