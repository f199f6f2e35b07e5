"""`bihuan read`: the matters that an official text asks for, for a person or for a script."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bihuan.directory.organisation import Organisation
from bihuan.intake import official
from bihuan.intake.reading import Refusal
from bihuan.intake.text import Article, Figure, Proposal, Reading
from bihuan.intake.text.files import read_file
from bihuan.intake.text.report import report
from bihuan.ledger.days import today
from bihuan.ledger.packs import current

from .failure import Failure
from .output import write, write_json
from .words import _, say

_OPENING = 24


def run(*, file: Path, day: str, as_json: bool) -> int:
    organisation = Organisation.on(today())
    try:
        text = read_file(file)
    except Refusal as refusal:
        raise Failure(" ".join(say(refusal.sentence).split())) from None
    reading = official.read_official(text, organisation=organisation, day=_day(day) if day else None)
    if as_json:
        write_json(report(reading))
        return 0
    _tell(reading, {unit.key: unit.name for unit in organisation.units})
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Failure(_("--day takes a day such as 2026-06-30; “%(text)s” is none.") % {"text": text[:40]}) from None


def _tell(reading: Reading, units: Mapping[str, str]) -> None:
    number = 0
    for article in reading.articles:
        _tell_article(article)
        for proposal in article.proposals:
            number += 1
            _tell_proposal(number, proposal, units)
        write()
    told = {"articles": len(reading.articles), "proposals": number}
    write(_("Articles: %(articles)d. Proposals: %(proposals)d. Nothing was registered.") % told)
    write(_("Day of the text: %(day)s.") % {"day": reading.day or _("not known")})


def _tell_article(article: Article) -> None:
    first = article.paragraphs[0] if article.paragraphs else ""
    title = article.headline or _("(no headline) %(opening)s…") % {"opening": first[:_OPENING]}
    about = [article.byline] if article.byline else []
    if article.continued_from is not None:
        about.append(_("continued from page %(page)d") % {"page": article.continued_from})
    write("■ " + "  ".join([title, *about]))
    counted = {"paragraphs": len(article.paragraphs), "figures": _figures(article.figures) or _("none")}
    write("  " + _("Paragraphs: %(paragraphs)d. Figures: %(figures)s.") % counted)


def _tell_proposal(number: int, proposal: Proposal, units: Mapping[str, str]) -> None:
    write(f"  {number}. {proposal.sentence}")
    said = " ".join(filter(None, [proposal.post, proposal.speaker]))
    mechanism = current().get(proposal.mechanism or "")
    lines = (
        (_("task"), proposal.task),
        (_("said by"), said),
        (_("units"), "、".join(units.get(key, key) for key in proposal.units)),
        (_("figures"), _figures(proposal.figures)),
        (_("due"), "  ".join(filter(None, [str(proposal.due or ""), say(proposal.due_note)]))),
        (_("mechanism"), say(mechanism.title) if mechanism else ""),
        (_("rules"), " ".join(proposal.rules)),
        (_("place in the text"), f"{proposal.start}–{proposal.end}"),
    )
    for label, value in lines:
        if value:
            write(_("     %(label)s: %(value)s") % {"label": label, "value": value})


def _figures(figures: tuple[Figure, ...]) -> str:
    kinds = {"achieved": _("achieved"), "to_do": _("to do")}
    return "、".join(_("%(text)s (%(kind)s)") % {"text": each.text, "kind": kinds[each.kind]} for each in figures)
