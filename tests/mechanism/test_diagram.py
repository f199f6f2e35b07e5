"""The drawing shows the whole loop, and nothing in it lies over anything else."""

from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from itertools import combinations, pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.mechanism.diagram import draw
from bihuan.mechanism.diagram.layout import lay_out
from bihuan.mechanism.diagram.measure import text_width, wrap, wrap_parts
from bihuan.mechanism.diagram.route import arrange, ways
from bihuan.mechanism.diagram.shapes import CARD_WIDTH, SPINE, Box, Drawing, Lane
from bihuan.mechanism.expression import INT, compile_expression
from bihuan.mechanism.load import load
from bihuan.mechanism.model import Action, Branch, Does, End, Label, Mechanism, Stage

PACK = files("bihuan.packs").joinpath("audit_rectification")


def read(name: str) -> Mechanism:
    return load(PACK.joinpath(name).read_text(encoding="utf-8"), name=name)


AUDIT, MEASURE = read("mechanism.toml"), read("measure.toml")
GUARD = compile_expression("amount > 5 && !(amount >= 9)", {"amount": INT})
SAID = {"language": "zh", "current": None, "visited": frozenset()}

names = st.text(st.sampled_from('整改核查销号，。（）“”→ abWil.-<&"\x07'), max_size=40)
labels = st.builds(Label, names, names)


@st.composite
def mechanisms(draw: st.DrawFn) -> Mechanism:
    """Loops that nobody would write: unreachable stages, self-loops, no end at all, labels of any shape."""
    keys = [f"s{n}" for n in range(draw(st.integers(1, 8)))]
    some = st.sampled_from(keys)
    ends = st.sampled_from([None, None, End.SUCCESS, End.OTHER])
    stages = {
        key: replace(MEASURE.stages["doing"], key=key, label=draw(labels))
        if (end := draw(ends)) is None
        else Stage(key, draw(labels), end=end)
        for key in keys
    }
    branches = st.builds(Branch, some, st.sampled_from([None, GUARD]))
    roles = st.lists(st.sampled_from(list(MEASURE.roles)), min_size=1, max_size=3, unique=True).map(tuple)
    actions = {
        key: Action(
            key,
            draw(labels),
            draw(st.sampled_from(Does)),
            stages=tuple(draw(st.lists(some, min_size=1, max_size=3, unique=True))),
            by=draw(roles),
            to=tuple(draw(st.lists(branches, max_size=3))),
            guard=draw(st.sampled_from([None, GUARD])),
            limit=draw(st.sampled_from([None, 1, 12])),
            beyond=draw(st.sampled_from([None, "leader", "owner"])),
        )
        for key in (f"a{n}" for n in range(draw(st.integers(0, 10))))
    }
    return replace(MEASURE, start=draw(some), stages=stages, actions=actions, title=draw(labels))


def drawings(mechanism: Mechanism) -> Iterator[Drawing]:
    for language in ("zh", "en"):
        for current in (None, mechanism.start):
            visited = frozenset(mechanism.stages)
            yield lay_out(mechanism, language=language, current=current, visited=visited)


def overlap(a: Box, b: Box) -> bool:
    hair = 0.01  # sums of the same heights in another order differ by less
    return a.x < b.right - hair and b.x < a.right - hair and a.y < b.bottom - hair and b.y < a.bottom - hair


def within(inner: Box, outer: Box) -> bool:
    return (
        outer.x <= inner.x
        and inner.right <= outer.right + 0.01
        and outer.y <= inner.y
        and inner.bottom <= outer.bottom + 0.01
    )


def assert_nothing_lies_over_anything(drawing: Drawing) -> None:
    texts, cards = [text.box for text in drawing.texts], [card.box for card in drawing.cards]
    column = Box(0, 0, CARD_WIDTH, drawing.height)  # the lanes run outside of it
    assert not [text for text in drawing.texts if not within(text.box, column)]
    assert all(within(box, column) for box in cards)
    assert not [pair for pair in combinations(texts, 2) if overlap(*pair)]
    assert not [pair for pair in combinations(cards, 2) if overlap(*pair)]
    assert all(within(text, card) for text in texts for card in cards if overlap(text, card))
    arrows = [Box(SPINE - 5, arrow.top, 10, arrow.bottom - arrow.top) for arrow in drawing.arrows]
    assert not [arrow for arrow in arrows if any(overlap(arrow, box) for box in texts)]
    assert not [arrow for arrow in arrows if any(overlap(arrow, box) for box in cards)]
    tops = [card.box.y for card in drawing.cards]
    assert all(min(abs(arrow.bottom - top) for top in tops) < 0.01 for arrow in drawing.arrows)
    for lanes in (drawing.left, drawing.right):
        assert not [pair for pair in combinations(lanes, 2) if touch(*pair)]


def touch(a: Lane, b: Lane) -> bool:
    return a.index == b.index and a.top <= b.bottom and b.top <= a.bottom


@settings(deadline=None, max_examples=60)
@given(mechanisms())
def test_any_loop_is_drawn_whole_and_without_overlaps(mechanism: Mechanism) -> None:
    order = arrange(mechanism)
    assert sorted(order.all) == sorted(mechanism.stages)
    next_to = {*pairwise(order.main), *pairwise(order.beside)}
    down = [way for way in ways(mechanism) if (way.stage, way.target) in next_to]
    for drawing in drawings(mechanism):
        assert [card.stage.key for card in drawing.cards] == list(order.all)
        at_the_side = sum(len(lane.sources) for lane in drawing.left + drawing.right)
        assert at_the_side + len(down) == len(ways(mechanism))
        assert_nothing_lies_over_anything(drawing)
    ElementTree.fromstring(draw(mechanism, current=mechanism.start, ids='x"<y'))


@pytest.mark.parametrize("mechanism", [AUDIT, MEASURE], ids=lambda mechanism: mechanism.key)
def test_the_packs_fit_a_telephone_and_have_nothing_over_anything(mechanism: Mechanism) -> None:
    for drawing in drawings(mechanism):
        assert_nothing_lies_over_anything(drawing)
        assert drawing.frame.width <= 460
        assert min(text.size for text in drawing.texts) >= 13


def test_the_main_line_is_the_longest_way_to_a_verified_end() -> None:
    order = arrange(AUDIT)
    assert order.main[0] == AUDIT.start and order.main[-1] == "struck_off"
    assert {"dispatched", "rectifying", "checking", "approving"} <= set(order.main)
    assert set(order.main).isdisjoint({"dropping", "impossible", "transferred"})
    assert order.beside.index("impossible") == order.beside.index("dropping") + 1


def test_what_goes_back_runs_left_and_what_skips_ahead_runs_right() -> None:
    drawing = lay_out(MEASURE, **SAID)
    (back,), (ahead,) = drawing.left, drawing.right
    ports = {card.stage.key: card.port for card in drawing.cards}
    assert (back.port, ahead.port) == (ports["doing"], ports["dropped"])
    assert ports["checking"] < back.sources[0] < ports["done"] and ports["doing"] < ahead.sources[0]


def test_a_way_says_who_when_and_how_often_and_a_stage_until_when_and_who_hears_of_it() -> None:
    said = [text.text for text in lay_out(AUDIT, **SAID).texts]
    for expected in (
        "责任单位联络人 · 3个工作日",
        "责任单位联络人 · 每3个月至少报告一次",
        "逾期5天提级至分管领导",
        "退回补充整改 → 整改中",
        "≤3次",
        "整改类型为“立行立改”",
        "整改类型不为“立行立改”",
        "审计整改管理岗 · ≤3次",
        "退回、恢复（次数用尽后由分管领导决定）",
    ):
        assert expected in said
    assert "在此可：报告进展、拆分整改措施、申请延期" in "".join(said)
    english = [text.text for text in lay_out(AUDIT, **SAID | {"language": "en"}).texts]
    assert 'Class is "At once"' in english and "5 days late: Leader in charge" in english
    assert not any("⟶" in text or "None" in text for text in said + english)


def test_every_verification_is_tagged_and_no_other_action() -> None:
    tags = [text for text in lay_out(MEASURE, **SAID).texts if text.look == "tag"]
    assert len(tags) == 2  # the one action that verifies, and the legend
    unverified = replace(MEASURE.actions["recognise"], does=Does.STEP)
    actions = dict(MEASURE.actions) | {"recognise": unverified}
    assert not [text for text in lay_out(replace(MEASURE, actions=actions), **SAID).texts if text.look == "tag"]


def test_the_place_of_a_matter_is_marked_once_and_named_for_those_who_do_not_see_it() -> None:
    here = draw(AUDIT, current="rectifying", visited=frozenset({"registered", "rectifying"}), ids="m1")
    assert here.count("现在在这里</text>") == 1 and here.count('class="loop-current"') == 1
    assert here.count('class="loop-visited"') == 1 and "现在在这里: 整改中</desc>" in here
    assert 'aria-labelledby="m1-title m1-desc"' in here and 'id="m1-title"' in here
    nowhere = draw(AUDIT, current="no_such_stage")
    assert "现在在这里" not in nowhere and nowhere == draw(AUDIT)


def test_who_decides_after_the_last_round_is_said_per_way_where_it_differs() -> None:
    actions = dict(AUDIT.actions)
    actions["return"] = replace(actions["return"], beyond="approver")
    said = [text.text for text in lay_out(replace(AUDIT, actions=actions), **SAID).texts]
    assert "≤2次 · 其后由审定销号人" in said and "≤3次 · 其后由分管领导" in said
    assert "退回、恢复" in said


@given(names, st.floats(13, 20), st.floats(40, 400))
def test_wrapped_lines_fit_and_lose_no_letter(text: str, size: float, width: float) -> None:
    lines = wrap(text, size=size, width=width)
    assert all(text_width(line, size) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_parts_are_kept_whole_where_they_can_be() -> None:
    assert wrap_parts(("责任单位联络人", "3个工作日", "分管领导"), size=10, width=150) == (
        "责任单位联络人 · 3个工作日",
        "分管领导",
    )


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_real_browser_needs_no_more_room_for_a_text_than_was_left_for_it(browser: Any, language: str) -> None:
    page = browser.new_page()
    page.set_content(draw(AUDIT, language=language, current="rectifying"))
    drawn = page.evaluate("[...document.querySelectorAll('svg text')].map(each => each.getComputedTextLength())")
    texts = lay_out(AUDIT, language=language, current="rectifying", visited=frozenset()).texts
    assert len(drawn) == len(texts)
    assert not [
        (text.text, length, text.box.width)
        for text, length in zip(texts, drawn, strict=True)
        if length > text.box.width + 0.5
    ]
