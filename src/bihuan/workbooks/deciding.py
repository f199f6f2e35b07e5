"""What a person decides on a returned file: taken over by the rules, as entered for the unit, or left.

All that belongs to one action of one matter is done together or not at all; what a rule refuses stays where it is,
with the sentence.
"""

import json
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from bihuan.directory.models import Post, Unit
from bihuan.directory.organisation import Organisation
from bihuan.intake.contents import dump, opened, packed
from bihuan.ledger.days import local_day
from bihuan.ledger.execute import execute
from bihuan.ledger.fold import load_state
from bihuan.ledger.models import Matter
from bihuan.ledger.orders import Order
from bihuan.ledger.packs import pinned
from bihuan.ledger.refused import recorded
from bihuan.mechanism.model import Action, Mechanism
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Sentence
from bihuan.mechanism.state import Command, State, Value

from . import files
from .answer_rights import check_answer
from .cells import same
from .extracts import Original, extract, read_original
from .means import Standing, Way, find_way, lead_in
from .models import Answer, Proposal, ProposalStatus
from .plausible import doubt
from .proposing import closed, lead_words

UNDECIDED = (ProposalStatus.PROPOSED, ProposalStatus.REFUSED)
_ACCEPTED = N_("Taken over by “%(action)s” as event %(event)d of %(number)s.")
_DECIDED = N_("Somebody has decided on this already; look at the list again.")
_DECLINED = N_("Left as it was.")
_SAID = N_("The matter says this already.")
_MOVED = N_("The matter has changed since the file was brought in; what it says now stands beside it.")
#: What goes on record as the reason of an action that asks for one, where the person wrote none.
REASON = N_("As the unit's workbook “%(file)s” says.")


@dataclass(slots=True)
class Outcome:
    """What became of a decision: how many values were taken over, and matter → why the rest of it was refused."""

    accepted: int = 0
    refused: dict[uuid.UUID, Refusal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deed:
    """Who decides, with which post, and when. `reason` is for actions that ask for one."""

    post: Post
    account: str
    now: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Case:
    """One matter of an answer as it stands now, with its undecided proposals."""

    matter: Matter
    mechanism: Mechanism
    state: State
    proposals: tuple[Proposal, ...]


def sentence_of(proposal: Proposal) -> Sentence | None:
    """Return why a proposal is refused, or what became of it."""
    return opened(json.loads(proposal.reason)) if proposal.reason else None


def value_of(text: str) -> Value:
    """Return a proposal's `old` or `new`; None once it is cleared."""
    return json.loads(text) if text else None


def cases(answer: Answer, wanted: QuerySet[Proposal] | None = None) -> list[Case]:
    """Return the matters of `answer` that have undecided proposals (among `wanted`), in the order of the rows.

    A row that contradicts itself (a matter, but no version) is of none of them.
    """
    rows = answer.proposals.filter(status__in=UNDECIDED) if wanted is None else wanted
    by_matter: dict[uuid.UUID, list[Proposal]] = {}
    for each in rows.exclude(matter=None).exclude(version=None).order_by("id"):
        by_matter.setdefault(each.matter_id, []).append(each)  # type: ignore[arg-type]
    matters = Matter.objects.select_related("responsible").in_bulk(list(by_matter))
    return [
        Case(matters[key], pinned(matters[key].mechanism_hash), load_state(matters[key].state), tuple(proposals))
        for key, proposals in by_matter.items()
    ]


def look_again(answer: Answer, *, post: Post, now: datetime) -> None:
    """Judge the undecided proposals of matters that have changed since, by what could be done now.

    What an earlier stage stood in the way of may be possible now; what the matter says already is no proposal.
    """
    moved = [case for case in cases(answer) if any(each.version != case.matter.version for each in case.proposals)]
    if not moved or answer.unit is None:
        return
    standing = Standing(post, Organisation.on(local_day(now)), local_day(now))
    with transaction.atomic():
        for case in moved:
            _judge_again(case, answer.unit, standing)
        _end(answer, now)


def accept(answer: Answer, chosen: Collection[int], *, versions: Mapping[uuid.UUID, int], deed: Deed) -> Outcome:
    """Do what the chosen proposals ask for, entered for the unit, with the matter's own row as the proof.

    `versions` are those of the matters that the person had before their eyes. Raises `Refusal` if the post may not
    decide on this answer; what the rules refuse is told matter by matter.
    """
    with recorded(deed.post, deed.account, None, "accept_answer", deed.now):
        mechanism = check_answer(answer, deed.post)
        original = read_original(answer, mechanism)
    outcome = Outcome()
    wanted = answer.proposals.filter(pk__in=list(chosen), status=ProposalStatus.PROPOSED)
    for case in cases(answer, wanted):
        try:
            _accept_case(original, case, versions.get(case.matter.pk), deed, outcome)
        except Refusal as refusal:
            outcome.refused[case.matter.pk] = refusal
    look_again(answer, post=deed.post, now=deed.now)
    _end(answer, deed.now)
    return outcome


def decline(answer: Answer, chosen: Collection[int], *, deed: Deed) -> int:
    """Leave the chosen proposals undone; their values are forgotten. Returns how many. Raises `Refusal`."""
    with recorded(deed.post, deed.account, None, "decline_answer", deed.now), transaction.atomic():
        check_answer(answer, deed.post)
        found = answer.proposals.select_for_update().filter(pk__in=list(chosen), status__in=UNDECIDED)
        number = _settle(found, ProposalStatus.DECLINED, Sentence(_DECLINED), deed)
        _end(answer, deed.now)
        return number


def put_away(answer: Answer, *, deed: Deed) -> None:
    """Finish with a file: what is not decided is left, and its values and the file are forgotten."""
    decline(answer, list(answer.proposals.values_list("pk", flat=True)), deed=deed)


def _accept_case(original: Original, case: Case, version: int | None, deed: Deed, outcome: Outcome) -> None:
    """Do the actions that the person saw, one after the other; those before one that is refused stay done."""
    answer, unit = original.answer, original.answer.unit
    assert unit is not None
    standing = Standing(deed.post, Organisation.on(local_day(deed.now)), local_day(deed.now))
    proof = extract(original, case.matter, case.proposals, state=case.state)
    waiting = _by_action(case)
    matter, state = case.matter, case.state
    while waiting:
        lead = lead_in(case.mechanism, state, [action for action, _ in waiting], unit=unit.key, standing=standing)
        action, proposals = (lead, []) if lead else _next(waiting, state.stage)
        command = Command(
            action.key,
            deed.account,
            values={each.field: value_of(each.new) for each in proposals},
            evidence=(proof,),
            reason=deed.reason.strip() if action.reason else "",
            behalf=unit.key,
        )
        with transaction.atomic():
            found = answer.proposals.select_for_update().filter(pk__in=[each.pk for each in proposals])
            if found.filter(status=ProposalStatus.PROPOSED).count() != len(proposals):
                raise Refusal("decided", _DECIDED)
            matter = execute(Order(matter.pk, command, deed.post, version), now=deed.now)
            words = {"action": action.label, "event": matter.version, "number": matter.number}
            outcome.accepted += _settle(found, ProposalStatus.ACCEPTED, Sentence(_ACCEPTED, words), deed)
        version, state = matter.version, load_state(matter.state)
        waiting = [each for each in waiting if each[0] is not action]


def _by_action(case: Case) -> list[tuple[Action, list[Proposal]]]:
    actions = case.mechanism.actions
    found: dict[str, list[Proposal]] = {}
    for each in case.proposals:
        if each.action in actions:
            found.setdefault(each.action, []).append(each)
    return [(actions[key], proposals) for key, proposals in found.items()]


def _next(waiting: list[tuple[Action, list[Proposal]]], stage: str) -> tuple[Action, list[Proposal]]:
    """Return what comes next: what is open at the stage, and of that first what leaves the matter where it is."""
    return min(waiting, key=lambda each: (stage not in each[0].stages, bool(each[0].to)))


def _settle(found: QuerySet[Proposal], status: ProposalStatus, words: Sentence, deed: Deed) -> int:
    keys = list(found.values_list("pk", flat=True))
    return Proposal.objects.filter(pk__in=keys).update(
        status=status,
        old="",
        new="",
        reason=dump(packed(words)),
        decided_by=deed.account,
        decided_at=deed.now,
    )


def _judge_again(case: Case, unit: Unit, standing: Standing) -> None:
    asked = {each.field: each for each in case.proposals if each.action}
    given: dict[str, Any] = {}
    for key, proposal in asked.items():
        new, present = value_of(proposal.new), case.state.values.get(key)
        if same(case.mechanism.fields[key], new, present):
            proposal.status, proposal.old, proposal.new = ProposalStatus.DECLINED, "", ""
            proposal.reason = dump(packed(Sentence(_SAID)))
        else:
            given[key] = new
    bar = closed(case.mechanism, case.state)
    way = find_way(case.mechanism, case.state, given, unit=unit.key, standing=standing) if bar is None else None
    for key in given:
        _mark(asked[key], case, key, way, bar)
    for each in case.proposals:
        each.version = case.matter.version
    names = ["status", "old", "new", "reason", "action", "version"]
    Proposal.objects.bulk_update(case.proposals, names)


def _mark(proposal: Proposal, case: Case, key: str, way: Way | None, bar: Sentence | None) -> None:
    """Write on a proposal what could be done now, and what the matter says now where that is another thing."""
    present = case.state.values.get(key)
    moved = value_of(proposal.old) != present
    proposal.old = dump(present)
    step = next((each for each in way.steps if key in each.values), None) if way else None
    if step is not None:
        lead = (
            lead_words(case.mechanism, case.state, way) if way and case.state.stage not in step.action.stages else None
        )
        doubted = doubt(case.mechanism, case.state.values, key, value_of(proposal.new))
        if doubted:
            proposal.reason = dump(packed(doubted))
        elif moved:
            proposal.reason = dump(packed(Sentence(_MOVED)))
        elif lead or proposal.status == ProposalStatus.REFUSED:
            proposal.reason = dump(packed(lead)) if lead else ""
        proposal.status, proposal.action = ProposalStatus.PROPOSED, step.action.key
        return
    proposal.status = ProposalStatus.REFUSED
    why = bar
    if way is not None and (obstacle := way.obstacles.get(key)):
        why = obstacle.why
        proposal.action = obstacle.later.key if obstacle.later else ""
    if why is not None:
        proposal.reason = dump(packed(why))


def _end(answer: Answer, now: datetime) -> None:
    """End an answer of which nothing is left to decide or to look at, and let go of its file."""
    if answer.ended_at is None and not answer.proposals.filter(status__in=UNDECIDED).exists():
        answer.ended_at = now
        answer.save(update_fields=["ended_at"])
        transaction.on_commit(lambda: files.release(answer.sha256))
