"""A reading as `--json` prints it."""

from collections.abc import Callable
from typing import Any

from bihuan.mechanism.sentence import Sentence

from .model import Article, Figure, Proposal, Reading


def report(reading: Reading, say: Callable[[Sentence], str] = str) -> dict[str, Any]:
    """Return the reading as plain values; `say` puts its notes into the reader's language."""
    return {"articles": [_article(article, say) for article in reading.articles]}


def _article(article: Article, say: Callable[[Sentence], str]) -> dict[str, Any]:
    return {
        "headline": article.headline,
        "byline": article.byline,
        "continued_from": article.continued_from,
        "paragraphs": list(article.paragraphs),
        "proposals": [_proposal(each, say) for each in article.proposals],
        "figures": [_figure(each) for each in article.figures],
    }


def _proposal(proposal: Proposal, say: Callable[[Sentence], str]) -> dict[str, Any]:
    return {
        "sentence": proposal.sentence,
        "start": proposal.start,
        "end": proposal.end,
        "speaker": proposal.speaker,
        "post": proposal.post,
        "task": proposal.task,
        "units": list(proposal.units),
        "figures": [_figure(each) for each in proposal.figures],
        "due": proposal.due.isoformat() if proposal.due else None,
        "due_note": say(proposal.due_note),
        "mechanism": proposal.mechanism,
        "rules": list(proposal.rules),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {"text": figure.text, "value": figure.value, "unit": figure.unit, "kind": figure.kind}
