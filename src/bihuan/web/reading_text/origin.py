"""A sentence of an official text as the origin of a matter: what it fills in beforehand, and what goes on record."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import uuid6
from django.utils.translation import gettext

from bihuan.intake.text import Article, Proposal
from bihuan.ledger import store
from bihuan.ledger.orders import Entering
from bihuan.mechanism.model import Field, FieldKind, Mechanism
from bihuan.mechanism.sentence import N_, Sentence
from bihuan.mechanism.state import Value

from ..arriving import Waiting
from ..speaking import say
from ..viewer import ViewerRequest
from . import kept

#: So long may a title be that was filled in beforehand, in characters.
_LONGEST_TITLE = 80
TAKEN = Sentence(N_("This sentence of the text is registered already; look at that matter first."))


@dataclass(frozen=True, slots=True)
class TextOrigin:
    """One proposal of a text that waits, with the address to go on to once it is registered."""

    request: ViewerRequest
    waiting: Waiting
    article: Article
    proposal: Proposal
    following: str
    left: int
    template: str = "reading_text/origin.html"

    @property
    def claims(self) -> tuple[tuple[str, str], ...]:
        return (kept.claim_of(self.waiting.sha256, self.proposal),)

    @property
    def taken(self) -> Sentence:
        return TAKEN

    def values(self, mechanism: Mechanism) -> dict[str, Value]:
        """Return what the sentence says of the fields of `mechanism`; whatever it does not say stays empty."""
        proposal, found = self.proposal, dict[str, Value]()
        for key, value in self._said(mechanism):
            if value and key in mechanism.fields:
                found[key] = value
        first, *others = (*proposal.units, "")
        if first:
            found[mechanism.index.responsible] = first
        assisting = _assisting(mechanism)
        if assisting and (helping := [unit for unit in others if unit]):
            found[assisting.key] = list(helping)
        return found

    def entering(self, entering: Entering) -> Entering:
        """Return the matter asked for with its source on record: the words, their place, and the file itself."""
        matter = uuid6.uuid7()
        proof = store.keep(matter, self.waiting.name, kept.pieces(self.request, self.waiting))
        return replace(
            entering,
            source=(*entering.source, *self._source()),
            claims=(*entering.claims, *self.claims),
            evidence=(proof,),
            matter=matter,
        )

    def _said(self, mechanism: Mechanism) -> Iterator[tuple[str, Value]]:
        proposal, index = self.proposal, mechanism.index
        title = proposal.task if len(proposal.task) <= _LONGEST_TITLE else proposal.task[: _LONGEST_TITLE - 1] + "…"
        yield index.title, title
        body = index.body or next((f.key for f in mechanism.fields.values() if f.kind is FieldKind.LONG_TEXT), "")
        yield body, proposal.sentence
        if mechanism.fields[mechanism.deadline.field].kind is FieldKind.DATE:
            yield mechanism.deadline.field, proposal.due.isoformat() if proposal.due else None
        for key, value in self._by_name():
            field = mechanism.fields.get(key)
            if field and field.kind in (FieldKind.TEXT, FieldKind.PERSON, FieldKind.LONG_TEXT):
                yield key, value

    def _by_name(self) -> Iterator[tuple[str, Value]]:
        """Yield what goes into fields that packs call by these names."""
        proposal = self.proposal
        yield "speaker", proposal.speaker if proposal.speaker != "会议" else None
        yield "due_note", say(proposal.due_note)
        yield "target", "、".join(figure.text for figure in proposal.figures if figure.kind == "to_do")
        yield "meeting", self.article.headline if "会" in (self.article.headline or "") else None

    def _source(self) -> Iterator[tuple[str, str]]:
        """Yield label and text of what is kept beside the fields."""
        proposal = self.proposal
        said = " ".join(filter(None, [proposal.post, proposal.speaker]))
        pairs: Mapping[str, str | None] = {
            gettext("Sentence of the text"): proposal.sentence,
            gettext("Text"): self.waiting.name,
            gettext("Headline"): self.article.headline,
            gettext("Said by"): said,
            gettext("Deadline in the text"): say(proposal.due_note),
            gettext("Place in the text (characters)"): kept.place_of(proposal),
            gettext("Rules"): " ".join(proposal.rules),
        }
        yield from ((label, value) for label, value in pairs.items() if value)


def _assisting(mechanism: Mechanism) -> Field | None:
    """Return the field for several units beside the responsible one, if there is just one."""
    fields = [field for field in mechanism.fields.values() if field.kind is FieldKind.UNIT and field.many]
    return fields[0] if len(fields) == 1 else None
