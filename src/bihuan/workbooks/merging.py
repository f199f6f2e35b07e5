"""Bringing returned workbooks in (汇总回收): every file becomes proposals, and nothing is applied unseen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import uuid6
from django.conf import settings
from django.db import transaction

from bihuan.directory.models import Post, Unit
from bihuan.intake.contents import dump, packed
from bihuan.intake.reading import Limits
from bihuan.intake.reading import Refusal as FileRefusal
from bihuan.ledger.models import Matter
from bihuan.ledger.refused import note_refusal, recorded
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.sentence import N_, Sentence

from . import files
from .answer_rights import seen_by
from .basis import Bases
from .deciding import look_again
from .identifying import Finder, numbers_in
from .merger import Merger
from .missing import Missing, missing_of
from .models import Answer, Handout, HandoutPart, Proposal, ProposalStatus
from .owners import Owner, find_owner
from .proposing import Proposed, Proposing
from .returned import read_returned
from .superseding import Beside, lay_aside, stand_beside
from .unpacking import Piece

_TWIN = N_("This is the same file as “%(file)s”, which came along with it.")


@dataclass(slots=True)
class Brought:
    """One file, as it was read. `refused` says why it was not; `answer` is what was stored, if anything was.

    `replaced` is how many undecided values of earlier files it takes the place of.
    """

    name: str
    unit: Unit | None = None
    proposals: list[Proposed] = field(default_factory=list)
    unchanged: int = 0
    refused: Sentence | None = None
    answer: Answer | None = None
    is_known: bool = False
    replaced: int = 0
    mechanism: str = ""
    part: HandoutPart | None = None


@dataclass(slots=True)
class Merged:
    """All files in their order, and the units that are still missing."""

    files: list[Brought]
    missing: list[Missing]


def merge(pieces: Sequence[Piece], *, post: Post, account: str, now: datetime, dry_run: bool = False) -> Merged:
    """Read `pieces` and store what they propose (nothing, on a dry run). Raises `Refusal` where the post may not.

    A file that cannot be read is refused by itself, in a sentence; the others go on.
    """
    with recorded(post, account, None, "merge", now):
        merger = Merger(post, account, now)
    brought: list[Brought] = []
    first: dict[str, Brought] = {}
    for piece in pieces:
        if twin := first.get(piece.sha256):
            brought.append(Brought(piece.name, twin.unit, refused=Sentence(_TWIN, {"file": twin.name[:80]})))
            continue
        brought.append(first.setdefault(piece.sha256, _bring(merger, piece, dry_run=dry_run)))
    parts = [each.part for each in brought if each.part is not None]
    return Merged(brought, _missing(merger, parts))


def _bring(merger: Merger, piece: Piece, *, dry_run: bool) -> Brought:
    known = Answer.objects.filter(seen_by(merger.viewer), sha256=piece.sha256).order_by("-brought_at").first()
    if known is not None:
        if not dry_run:
            look_again(known, post=merger.post, now=merger.now)
        return Brought(
            piece.name,
            known.unit,
            unchanged=known.unchanged,
            answer=known,
            is_known=True,
            mechanism=known.mechanism,
            part=known.part,
        )
    try:
        return _read(merger, piece, dry_run=dry_run)
    except FileRefusal as refusal:
        detail = dump({"name": piece.name, "sha256": piece.sha256, "why": str(refusal)})
        if not dry_run:
            note_refusal("file", account=merger.account, post=merger.post, asked="merge", now=merger.now, detail=detail)
        return Brought(piece.name, refused=refusal.sentence)


def _read(merger: Merger, piece: Piece, *, dry_run: bool) -> Brought:
    returned = read_returned(piece.path, merger.mechanisms, _limits())
    matters = merger.matters(returned.mechanism)
    named = {each.number: each for each in matters.filter(number__in=numbers_in(returned.rows))}
    owner = find_owner(merger, returned, piece.name, named)
    proposing = Proposing(
        returned,
        Finder(returned.mechanism, named, _pool(merger, returned.mechanism, owner)),
        Bases(dict(owner.part.rows.values_list("matter", "version")) if owner.part else {}),
        owner.unit,
        merger.standing,
        merger.names,
        owner.among,
    )
    made = proposing.propose()
    beside = stand_beside(owner.unit, owner.part, made.all)
    replaced = len(beside.replaced)
    brought = Brought(
        piece.name,
        owner.unit,
        beside.all,
        made.unchanged,
        replaced=replaced,
        mechanism=returned.mechanism.key,
        part=owner.part,
    )
    if not dry_run:
        brought.answer = _store(merger, piece, returned.mechanism, brought, beside)
    return brought


def _pool(merger: Merger, mechanism: Mechanism, owner: Owner) -> list[Matter]:
    """Return the matters among which a row without a number is looked for: those that were handed out to the unit."""
    matters = merger.matters(mechanism)
    if owner.part is not None:
        return list(matters.filter(pk__in=owner.part.rows.values("matter")))
    return list(matters.filter(responsible=owner.unit)) if owner.unit is not None else []


def _store(merger: Merger, piece: Piece, mechanism: Mechanism, brought: Brought, made: Beside) -> Answer:
    files.keep(piece.path, piece.sha256)
    with transaction.atomic():
        answer = Answer.objects.create(
            id=uuid6.uuid7(),
            mechanism=mechanism.key,
            part=brought.part,
            unit=brought.unit,
            name=_short(piece.parts[-1]),
            sha256=piece.sha256,
            brought_at=merger.now,
            post=merger.post,
            account=merger.account,
            unchanged=brought.unchanged,
            ended_at=None if made.all else merger.now,
        )
        if brought.part is not None:
            HandoutPart.objects.filter(pk=brought.part.pk, returned_at=None).update(returned_at=merger.now)
        lay_aside(merger, answer, made.replaced)
        Proposal.objects.bulk_create(_row(answer, each) for each in made.all)
    if not made.all:
        files.release(piece.sha256)
    return answer


def _row(answer: Answer, each: Proposed) -> Proposal:
    return Proposal(
        answer=answer,
        sheet=each.sheet[:255],
        row=each.row,
        matter=each.matter,
        version=each.matter.version if each.matter and not each.is_crossed else None,
        field=each.field,
        action=each.action,
        old=dump(each.old),
        new=dump(each.new),
        status=ProposalStatus.PROPOSED if each.is_open else ProposalStatus.REFUSED,
        reason=dump(packed(each.reason)) if each.reason else "",
    )


def _missing(merger: Merger, parts: Sequence[HandoutPart]) -> list[Missing]:
    seen = Handout.objects.filter(seen_by(merger.viewer))
    handouts = {part.handout_id: part.handout for part in parts}
    if not handouts:
        latest = {each.mechanism: each for each in seen.order_by("made_at")}
        handouts = {each.pk: each for each in latest.values()}
    return missing_of(handouts.values(), merger.standing.day, answered={part.pk for part in parts})


def _limits() -> Limits:
    return Limits(file_size=min(Limits().file_size, settings.BIHUAN_MAX_UPLOAD))


def _short(name: str) -> str:
    return name if len(name) <= 255 else name[:200] + "…" + name[-40:]
