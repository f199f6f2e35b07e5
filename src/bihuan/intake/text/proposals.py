"""The proposals and figures of one article: each sentence heard in its place, judged, and measured."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bihuan.intake.reading.terms import CountWorkingDays

from .dues import Due, find_due
from .figures import find_figures
from .hints import Hints, find_mechanism
from .marks import item_level
from .mentions import RECEIVER, Mention, Names
from .model import Figure, Proposal
from .people import People
from .sections import Sense, announces, is_heading, sense_of
from .sentences import Sentence, item_end, split_sentences
from .strand import Strand
from .tasks import Asked, Heard, find_task
from .verbs import is_run_in
from .voices import SILENT, Voice, hear, is_narration


@dataclass(frozen=True, slots=True)
class Known:
    """What a text is read with. `names`: name → unit key. `day`: of the text."""

    names: Names
    hints: Hints
    day: date | None
    count_working_days: CountWorkingDays | None


@dataclass
class Judge:
    """Goes through an article's paragraphs. `is_document` tells a notice or minutes from a piece of a newspaper."""

    known: Known
    headline: str
    people: People
    is_document: bool
    signed: str | None = None
    proposals: list[Proposal] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    _voice: Voice = SILENT
    _list: Voice = SILENT
    _sense: Sense | None = None
    _announced: bool = False
    _place: int = 0
    _first_half: tuple[Mention, ...] | None = None

    def go_through(self, paragraphs: Sequence[Strand]) -> None:
        """Judge every sentence of the paragraphs, in order."""
        self._place = len(self.headline) + 1
        for paragraph in paragraphs:
            if is_heading(paragraph.text) and (self.is_document or item_level(paragraph.text)):
                self._enter(paragraph.text)
            else:
                self._judge_paragraph(paragraph)
            self._place += len(paragraph.text) + 1

    def _enter(self, heading: str) -> None:
        if item_level(heading) <= 1:
            self._list = self._voice = SILENT
            self._sense = sense_of(heading)
        elif sense_of(heading):
            self._sense = sense_of(heading)

    def _judge_paragraph(self, paragraph: Strand) -> None:
        before = ""
        present = self._open_paragraph(paragraph.text)
        for sentence in split_sentences(paragraph):
            heard = hear(
                sentence.text, self.people, place=self._place + len(before), before=before, present=self._voice
            )
            if heard is not None:
                present = heard
                if heard.opens_list:
                    self._list = heard.going_on("speaker.list")
            elif before and is_narration(sentence.text):
                present = SILENT
            self._judge(sentence, present)
            present = present.going_on("speaker.holds") if not present.asked else SILENT
            before += sentence.text
        self._voice = present
        if announces(paragraph.text) and "纪要" not in self.headline:
            self._announced = True

    def _open_paragraph(self, text: str) -> Voice:
        """Return who is speaking as a paragraph begins."""
        if item_level(text) and self._list is not SILENT:
            return self._list
        if text.startswith(("要", "一要", "二要", "三要", "四要", "还要", "同时要")):
            return self._voice
        if self._is_planned():
            return Voice(self.signed, None, "demands", rules=("speaker.signed",) if self.signed else ())
        return SILENT

    def _is_planned(self) -> bool:
        if self.signed:
            return True
        if not self.is_document or self._sense in ("past", "aims"):
            return False
        return self._announced or self._sense == "plan"

    def _judge(self, sentence: Sentence, voice: Voice) -> None:
        text = sentence.text
        due = find_due(text, today=self.known.day, count_working_days=self.known.count_working_days)
        begin = item_end(text) if sentence.first else 0
        named = self.known.names.find_all(text, skip=[(0, voice.at)] if voice.at else ())
        acting = tuple(each for each in named if each.rule != RECEIVER)
        follows = sentence.half > 0 and self._first_half is not None
        asked = None
        if not (sentence.first and begin and not sentence.alone and is_run_in(text[begin:])):
            asked = self._find_task(text, begin, voice, acting, due, follows=follows)
        found = find_figures(text, asked=asked is not None, skip=due.spans)
        figures = tuple(figure for _, figure, _ in found)
        self.figures += figures
        if asked is None:
            self._first_half = None if sentence.half == 0 else self._first_half
            return
        units, unit_rules = self._units(acting, text, follows=follows)
        receiving = (RECEIVER,) if len(named) > len(acting) else ()
        rules = (
            *asked.rules,
            *voice.rules,
            *unit_rules,
            *receiving,
            *due.rules,
            *(rule for _, _, each in found for rule in each),
        )
        self._first_half = units
        self.proposals.append(self._propose(sentence, voice, asked, units, figures, due, rules))

    def _find_task(
        self, text: str, begin: int, voice: Voice, acting: Sequence[Mention], due: Due, *, follows: bool
    ) -> Asked | None:
        wanted = [
            place for place, figure, _ in find_figures(text, asked=True, skip=due.spans) if figure.kind == "to_do"
        ]
        firm = [*wanted, *(start for start, _ in due.spans if due.day or "due.event" in due.rules)]
        planned = self._is_planned() and not self.signed
        return find_task(Heard(text, begin, voice, acting, firm, planned, follows))

    def _units(
        self, acting: tuple[Mention, ...], text: str, *, follows: bool
    ) -> tuple[tuple[Mention, ...], tuple[str, ...]]:
        if not acting and follows and self._first_half and "要" not in text:
            return self._first_half, ("units.same",)
        return acting, tuple(mention.rule for mention in acting)

    def _propose(
        self,
        sentence: Sentence,
        voice: Voice,
        asked: Asked,
        units: Sequence[Mention],
        figures: tuple[Figure, ...],
        due: Due,
        rules: tuple[str, ...],
    ) -> Proposal:
        mechanism, where = find_mechanism(self.known.hints, sentence.text, f"{self.headline} {voice.speaker or ''}")
        if mechanism:
            rules = (*rules, "mechanism.words" if where == 0 else "mechanism.article")
        return Proposal(
            sentence=sentence.text,
            start=sentence.strand.start,
            end=sentence.strand.end,
            speaker=voice.speaker,
            post=voice.post,
            task=sentence.text[asked.start : asked.end].strip(" ，,；;。"),
            units=tuple(dict.fromkeys(unit.key for unit in units)),
            figures=figures,
            due=due.day,
            due_note=due.note,
            mechanism=mechanism,
            rules=tuple(dict.fromkeys(rules)),
        )
