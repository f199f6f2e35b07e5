"""Evidence by the heap: which file is for which matter, what is given twice, and giving it once somebody confirms."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bihuan.directory.calendars import load_calendar
from bihuan.directory.models import Post
from bihuan.directory.organisation import Organisation
from bihuan.directory.viewer import Viewer
from bihuan.ledger.days import local_day
from bihuan.ledger.execute import execute
from bihuan.ledger.facts import standing
from bihuan.ledger.fold import load_state
from bihuan.ledger.models import Evidence, Matter
from bihuan.ledger.orders import Order
from bihuan.ledger.packs import pinned
from bihuan.ledger.proofs import add_evidence
from bihuan.ledger.refused import recorded
from bihuan.ledger.store import keep, program_refusal
from bihuan.ledger.visible import visible_to
from bihuan.mechanism.model import Action, Mechanism
from bihuan.mechanism.permit import lent
from bihuan.mechanism.proof import evidence_action, give_evidence
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Sentence
from bihuan.mechanism.state import Command, Facts, Proof, State

from .answer_rights import check_merge
from .proof_matching import Known, Match, Matcher
from .unpacking import Piece

_CHUNK = 1 << 20
_THERE = N_("the matter has this very file already")
_TWICE_HERE = N_("the same file is given for %(numbers)s too")
_ELSEWHERE = N_("the same file is proof of %(numbers)s already")
_HIDDEN = N_("a matter that you may not open")


@dataclass(frozen=True, slots=True)
class Fitted:
    """A file with the matter that it is for. `why` says what stands against giving it; `notes` what to look at."""

    piece: Piece
    matter: Matter | None
    why: Sentence | None = None
    notes: tuple[Sentence, ...] = ()

    @property
    def can_be_given(self) -> bool:
        return self.matter is not None and self.why is None


@dataclass(slots=True)
class Given:
    """What was put on record: matter → its number of files, and matter → why it was refused."""

    files: dict[Matter, int] = field(default_factory=dict)
    refused: dict[Matter, Refusal] = field(default_factory=dict)


class Attaching:
    """Fits files to matters and gives them, for one post at one instant. Raises `Refusal` where the post may not."""

    def __init__(self, post: Post, account: str, now: datetime) -> None:
        with recorded(post, account, None, "evidence", now):
            check_merge(post)
        self.post, self.account, self.now = post, account, now
        self.day = local_day(now)
        self.organisation = Organisation.on(self.day)
        self.viewer = Viewer.with_post(post, self.day, self.organisation)

    def fit(self, pieces: Sequence[Piece], *, told: Mapping[int, str] | None = None) -> list[Fitted]:
        """Return each file with its matter. `told` (place → a matter's number, '' for none) goes before the names."""
        matches = Matcher(list(self._known())).match(pieces)
        chosen = [each.matter for each in matches]
        unknown: dict[int, str] = {}
        for place, number in (told or {}).items():
            found = self._named(number) if number else None
            if number and found is None:
                unknown[place] = number
            chosen[place] = found
        matters = self._matters(key for key in chosen if key)
        why_not = {key: self.obstacle(matter) for key, matter in matters.items()}
        twice = self._twice(pieces, chosen, matters)
        return [
            self._fitted(match, matters.get(key) if key else None, why_not, twice, unknown.get(place))
            for place, (match, key) in enumerate(zip(matches, chosen, strict=True))
        ]

    def give(self, fitted: Iterable[Fitted]) -> Given:
        """Put the files that can be given on record, matter by matter, each with all of its files or none."""
        by_matter: dict[uuid.UUID, list[Fitted]] = defaultdict(list)
        for each in fitted:
            if each.can_be_given and each.matter is not None:
                by_matter[each.matter.pk].append(each)
        given = Given()
        for files in by_matter.values():
            matter = files[0].matter
            assert matter is not None
            try:
                given.files[matter] = self._give(matter, [each.piece for each in files])
            except Refusal as refusal:
                given.refused[matter] = refusal
        return given

    def obstacle(self, matter: Matter) -> Sentence | None:
        """Return why this post could give no evidence for the matter now; None if it can."""
        mechanism, state = pinned(matter.mechanism_hash), load_state(matter.state)
        trial = (Proof("0" * 64, "-", 1, "text/plain"),)
        try:
            give_evidence(
                mechanism, state, self._facts(mechanism, state), trial, behalf=self._behalf(matter, mechanism, state)
            )
        except Refusal as refusal:
            return refusal.sentence
        return None

    def way(self, matter: Matter) -> Action | None:
        """Return the mechanism's own action by which evidence would be given; None where it is simply added."""
        mechanism, state = pinned(matter.mechanism_hash), load_state(matter.state)
        action = evidence_action(mechanism, state)
        behalf = self._behalf(matter, mechanism, state)
        roles = lent(mechanism, state, self._facts(mechanism, state), behalf) if behalf else frozenset()
        return action if action is not None and roles & set(action.by) else None

    def _give(self, matter: Matter, pieces: Sequence[Piece]) -> int:
        proofs = tuple({piece.sha256: self._proof(matter, piece) for piece in pieces}.values())
        mechanism, state = pinned(matter.mechanism_hash), load_state(matter.state)
        behalf = self._behalf(matter, mechanism, state)
        if action := self.way(matter):
            command = Command(action.key, self.account, evidence=proofs, behalf=behalf)
            execute(Order(matter.pk, command, self.post, matter.version), now=self.now)
        else:
            add_evidence(matter.pk, proofs, behalf=behalf, post=self.post, account=self.account, now=self.now)
        return len(proofs)

    def _proof(self, matter: Matter, piece: Piece) -> Proof:
        with piece.path.open("rb") as file:
            return keep(matter.pk, piece.parts[-1], iter(lambda: file.read(_CHUNK), b""))

    def _behalf(self, matter: Matter, mechanism: Mechanism, state: State) -> str | None:
        """Return the unit that it is entered for: the responsible one, unless the post is that unit's own."""
        own = {role for role in mechanism.work_roles if role in self._facts(mechanism, state).roles}
        return None if own else matter.responsible.key

    def _facts(self, mechanism: Mechanism, state: State) -> Facts:
        return standing(self.post, mechanism, state, self.organisation, today=self.day, calendar=load_calendar())

    def _known(self) -> Iterable[Known]:
        names = {
            unit.pk: (unit.name, *unit.short_names) for unit in (*self.organisation.units, *self.organisation.gone)
        }
        rows = Matter.objects.filter(visible_to(self.viewer)).values_list(
            "pk", "number", "finding_no", "project", "responsible"
        )
        return (Known(pk, number, finding, project, names.get(unit, ())) for pk, number, finding, project, unit in rows)

    def _named(self, number: str) -> uuid.UUID | None:
        found = Matter.objects.filter(visible_to(self.viewer), number=number.strip().upper())
        return found.values_list("pk", flat=True).first()

    def _matters(self, keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, Matter]:
        found = Matter.objects.filter(visible_to(self.viewer), pk__in=set(keys))
        return {each.pk: each for each in found.select_related("responsible")}

    def _twice(
        self, pieces: Sequence[Piece], chosen: Sequence[uuid.UUID | None], matters: Mapping[uuid.UUID, Matter]
    ) -> dict[str, dict[str, set[str]]]:
        """Return hash → the matters that the same bytes are given for, here and in the ledger already."""
        made: dict[str, dict[str, set[str]]] = defaultdict(lambda: {"here": set(), "there": set()})
        for piece, key in zip(pieces, chosen, strict=True):
            if key is not None and key in matters:
                made[piece.sha256]["here"].add(matters[key].number)
        seen = set(
            Matter.objects.filter(visible_to(self.viewer), files__sha256__in=list(made)).values_list("pk", flat=True)
        )
        rows = Evidence.objects.filter(sha256__in=list(made)).values_list("sha256", "matter", "matter__number")
        for sha256, key, number in rows:
            made[sha256]["there"].add(number if key in seen else "")
        return made

    def _fitted(
        self,
        match: Match,
        matter: Matter | None,
        why_not: Mapping[uuid.UUID, Sentence | None],
        twice: Mapping[str, Mapping[str, set[str]]],
        unknown: str | None,
    ) -> Fitted:
        if matter is None:
            if unknown:
                return Fitted(match.piece, None, Sentence(_NOT_THERE, {"number": unknown[:40]}))
            return Fitted(match.piece, None, match.why or Sentence(_LEFT))
        if refusal := _program(match.piece):
            return Fitted(match.piece, matter, refusal.sentence)
        known = twice.get(match.piece.sha256, {"here": set(), "there": set()})
        if matter.number in known["there"]:
            return Fitted(match.piece, matter, Sentence(_THERE))
        notes = []
        if others := sorted(known["here"] - {matter.number}):
            notes.append(Sentence(_TWICE_HERE, {"numbers": "、".join(others)}))
        if known["there"]:
            named = sorted(number for number in known["there"] if number)
            told = "、".join(named) if named else Sentence(_HIDDEN)
            notes.append(Sentence(_ELSEWHERE, {"numbers": told}))
        return Fitted(match.piece, matter, why_not[matter.pk], tuple(notes))


def _program(piece: Piece) -> Refusal | None:
    with piece.path.open("rb") as file:
        return program_refusal(piece.parts[-1], file.read(_CHUNK))


_NOT_THERE = N_("there is no matter “%(number)s” among those that you may open")
_LEFT = N_("it was left out")
