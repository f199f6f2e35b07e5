"""Eight pages whose author knew nothing of the rules are read as that author reads them.

Where the author says that honest officials differ (`doubtful`, `…_also_ok`), either is right.
"""

from collections.abc import Iterator
from typing import Any

from bihuan.intake.text import RULES, Article, Proposal, Reading
from bihuan.intake.text.lines import bare

Expected = dict[str, Any]


def _pairs(reading: Reading, page: Any) -> Iterator[tuple[Article, Expected]]:
    return zip(reading.articles, page.expected["articles"], strict=True)


def _same(one: str | None, other: str | None) -> bool:
    return bare(one or "") == bare(other or "")


def _fits(proposal: Proposal, expected: Expected) -> bool:
    mine, wanted = (bare(text).rstrip("；;。") for text in (proposal.sentence, expected["sentence"]))
    return mine in wanted or wanted in mine


def test_articles_have_their_headlines_bylines_and_paragraphs(reading: Reading, page: Any) -> None:
    for article, expected in _pairs(reading, page):
        assert _same(article.headline, expected["headline"])
        assert _same(article.byline, expected["byline"])
        assert article.continued_from == expected["continued_from"]
        headings = set(map(bare, expected.get("headings", ())))
        mine = [bare(text) for text in article.paragraphs if bare(text) not in headings]
        wanted = [bare(text) for text in expected["paragraphs"]]
        if expected.get("paragraph_doubt"):  # a break that the width of the lines cannot tell
            assert "".join(mine) == "".join(wanted)
        else:
            assert mine == wanted


def test_every_task_is_proposed_with_who_whom_and_when(reading: Reading, page: Any) -> None:
    for article, expected in _pairs(reading, page):
        for wanted in expected["proposals"]:
            found = [each for each in article.proposals if _fits(each, wanted)]
            assert found, wanted["sentence"]
            _compare(found[0], wanted)


def _compare(mine: Proposal, wanted: Expected) -> None:
    speakers = {wanted["speaker"], *wanted.get("speaker_also_ok", ())}
    assert mine.speaker in speakers or (wanted["speaker"] == "会议" and mine.speaker is None), mine
    assert mine.post in {wanted["post"], *wanted.get("post_also_ok", ())}, mine
    due = mine.due.isoformat() if mine.due else None
    assert due in {wanted["due"], *wanted.get("due_also_ok", ())}, mine
    assert set(wanted["units"]) <= set(mine.units), mine
    assert set(mine.units) <= {*wanted["units"], *wanted.get("units_also_ok", ())}, mine


def test_nothing_is_proposed_that_asks_for_nothing(reading: Reading, page: Any) -> None:
    for article, expected in _pairs(reading, page):
        doubtful = [each["proposal"] for each in expected["doubtful"] if "proposal" in each]
        for proposal in article.proposals:
            assert any(_fits(proposal, each) for each in (*expected["proposals"], *doubtful)), proposal.sentence


def test_figures_are_told_with_their_numbers_and_kinds(reading: Reading, page: Any) -> None:
    for article, expected in _pairs(reading, page):
        mine = [(bare(f.text), f.value, f.unit.replace("yuan", "元"), f.kind) for f in article.figures]
        for wanted in expected["figures"]:
            figure = (bare(wanted["text"]), wanted["value"], wanted["unit"], wanted["kind"])
            assert figure in mine, figure
            mine.remove(figure)
        doubtful = {bare(each["figure"]["text"]) for each in expected["doubtful"] if "figure" in each}
        assert [figure for figure in mine if figure[0] not in doubtful] == []


def test_a_proposals_place_leads_back_to_its_sentence(reading: Reading, page: Any) -> None:
    aside = {place for strand in reading.aside for place in strand.places}
    for article in reading.articles:
        for proposal in article.proposals:
            span = range(proposal.start, proposal.end)
            told = "".join(page.text[place] for place in span if place not in aside)
            assert bare(told) == bare(proposal.sentence)
            assert proposal.task in proposal.sentence


def test_every_rule_that_is_named_is_in_the_table(reading: Reading) -> None:
    named = {rule for article in reading.articles for each in article.proposals for rule in each.rules}
    assert named <= set(RULES)
