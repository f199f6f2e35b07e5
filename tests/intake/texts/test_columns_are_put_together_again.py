"""A text that was cut into columns is read as it was written, and nothing of any text gets lost."""

from collections import Counter

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bihuan.intake.text import read_text
from bihuan.intake.text.lines import bare
from bihuan.intake.text.reading import rebuild
from intake.texts.columns import cut, is_decidable

_HAN = st.sampled_from("河水清山城北路学校里新修好了今早春风吹过街巷灯光照见人来往车马声闻花开叶落云起雨收")
_CLAUSE = st.text(_HAN, min_size=4, max_size=24)


@st.composite
def paragraphs(draw: st.DrawFn) -> str:
    """A paragraph of some sentences, with figures in it now and then."""
    sentences = []
    for _ in range(draw(st.integers(1, 4))):
        clauses = draw(st.lists(_CLAUSE, min_size=1, max_size=4))
        if draw(st.booleans()):
            clauses[-1] += draw(st.sampled_from(["38个", "1.26万户", "146万元", "60%", "２０亩"]))
        sentences.append("，".join(clauses) + draw(st.sampled_from("。。。！？")))
    return "".join(sentences)


_TEXTS = st.lists(paragraphs(), min_size=1, max_size=5)


@settings(max_examples=150, deadline=None)
@given(texts=_TEXTS, width=st.integers(12, 30), blank=st.booleans())
def test_paragraphs_come_back_whatever_the_width_when_indents_are_lost(
    texts: list[str], width: int, blank: bool
) -> None:
    printed = ["本报讯（记者姜知远）" + texts[0], *texts[1:]]
    assume(is_decidable(printed, width=width))
    page = cut(printed, width=width, blank=blank)
    assert list(read_text(page, names={}).articles[0].paragraphs) == texts


@settings(max_examples=150, deadline=None)
@given(texts=_TEXTS, width=st.integers(12, 30), blank=st.booleans())
def test_paragraphs_come_back_whatever_the_width_when_indents_are_kept(
    texts: list[str], width: int, blank: bool
) -> None:
    assume(sum(map(len, texts)) > 4 * width)
    page = cut(["本报讯（记者 姜知远）" + texts[0], *texts[1:]], width=width, indent="　　", blank=blank)
    assert list(read_text(page, names={}).articles[0].paragraphs) == texts


@settings(max_examples=100, deadline=None)
@given(texts=_TEXTS)
def test_paragraphs_that_were_never_cut_stay_as_they_are(texts: list[str]) -> None:
    page = "\n".join(["本报讯（记者 姜知远）" + texts[0], *texts[1:]])
    assert list(read_text(page, names={}).articles[0].paragraphs) == texts


_ANY = st.text(
    st.one_of(
        st.sampled_from(
            "\n\n\n　 \t。，；：（）《》“”、要不１2一（上接版本报讯记者）年月日前局市由牵头%万元附件抄送："
        ),
        st.characters(codec="utf-8", exclude_categories=["Cs"]),
    ),
    max_size=400,
)


@settings(max_examples=300, deadline=None)
@given(text=_ANY)
def test_every_character_of_any_text_is_in_one_place_and_in_one_only(text: str) -> None:
    rebuilt = rebuild(text)
    places = Counter(place for strand in rebuilt.aside for place in strand.places)
    for draft in rebuilt.drafts:
        for strand in (draft.headline, *draft.paragraphs, *draft.signs):
            places.update(strand.places)
    kept = {place for place, c in enumerate(text) if bare(c)}
    assert {place for place in places if bare(text[place : place + 1])} == kept
    assert set(places.values()) <= {1}


@settings(max_examples=200, deadline=None)
@given(text=_ANY)
def test_any_text_at_all_is_read_without_an_error(text: str) -> None:
    read_text(text, names={"市住建局": "zjj", "住建": "zjj"}, mechanisms=(("a", ("整改",)),))
