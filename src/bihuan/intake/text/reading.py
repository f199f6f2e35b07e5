"""An official text in, a `Reading` out. Pure: time, names and mechanisms are arguments."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bihuan.intake.reading.days import Unclear, read_day
from bihuan.intake.reading.terms import CountWorkingDays

from .articles import Draft, has_articles, read_page
from .document import read_document, signature_of
from .hints import Hints
from .lines import bare, split_lines
from .marks import FULL_DAY
from .mentions import Names
from .model import Article, Reading
from .people import NAME, People
from .proposals import Judge, Known
from .strand import Strand

_SHORT_NOTE = 600


def read_text(
    text: str,
    *,
    names: Mapping[str, str],
    mechanisms: Hints = (),
    day: date | None = None,
    count_working_days: CountWorkingDays | None = None,
) -> Reading:
    """Read an official text: rebuild its articles and paragraphs, and propose what it asks for.

    `names` gives every name of a unit, short ones too, its key. `mechanisms` are (key, words) in the order that decides
    between equals. `day` is the day of the text, from which 年底前 and 一周内 count; without it the text's own day is
    taken from its masthead, letterhead or signature. `count_working_days(start, n)` returns the n-th working day
    after `start`; without it a term in working days names no day.
    """
    rebuilt = rebuild(text)
    day = day or find_day(rebuilt.aside)
    known = Known(Names(names), mechanisms, day, count_working_days)
    signed = None if rebuilt.is_page else _signed(rebuilt.drafts, rebuilt.aside)
    articles = tuple(_article(draft, known, is_document=not rebuilt.is_page, signed=signed) for draft in rebuilt.drafts)
    return Reading(articles, rebuilt.aside, day)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A text put together again. Every character that is no blank lies in one draft or in `aside`, and once only."""

    drafts: tuple[Draft, ...]
    aside: tuple[Strand, ...]
    is_page: bool


def rebuild(text: str) -> Rebuilt:
    """Put the articles of a page, or the one document, together again from its lines."""
    lines, pages = split_lines(text)
    is_page = has_articles(lines)
    drafts, aside = read_page(lines) if is_page else read_document(lines)
    return Rebuilt(tuple(drafts), (*aside, *pages), is_page)


def find_day(aside: Sequence[Strand]) -> date | None:
    """Return the last full day among the lines around the articles: that of a signature comes after a masthead's."""
    found = [match.group() for strand in aside for match in FULL_DAY.finditer(bare(strand.text))]
    for words in reversed(found):
        try:
            day = read_day(words, year=1990)
        except Unclear:  # no day of the calendar: an earlier line may hold one
            continue
        if day:
            return day
    return None


def _signed(drafts: Sequence[Draft], aside: Sequence[Strand]) -> str | None:
    """Return the person who signed a short instruction; a body that signs a notice is no speaker."""
    if len(drafts) != 1 or drafts[0].headline or sum(len(each.text) for each in drafts[0].paragraphs) > _SHORT_NOTE:
        return None
    signed = signature_of(aside)
    return signed if signed and re.fullmatch(NAME, signed) else None


def _article(draft: Draft, known: Known, *, is_document: bool, signed: str | None) -> Article:
    headline = draft.headline.text or None
    texts = [paragraph.text for paragraph in draft.paragraphs]
    people = People.of(headline or "", texts)
    judge = Judge(known, headline or "", people, is_document=is_document, signed=signed)
    judge.go_through(draft.paragraphs)
    return Article(
        headline=headline,
        byline=draft.byline,
        continued_from=draft.continued_from,
        paragraphs=tuple(texts),
        proposals=tuple(judge.proposals),
        figures=tuple(judge.figures),
    )
