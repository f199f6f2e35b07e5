"""A search gives what reading every text would give: no more, no less, indexed already or not."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from bihuan.directory.calendars import load_calendar
from bihuan.directory.models import UnitForm
from bihuan.directory.viewer import Viewer
from bihuan.ledger import search
from bihuan.ledger.days import local_day
from bihuan.ledger.listing import Filter, select
from bihuan.ledger.models import Matter, SearchPending
from bihuan.ledger.orders import Entering
from bihuan.ledger.register import register_matters
from bihuan.ledger.search import mentions
from bihuan.ledger.search_index import catch_up
from bihuan.ledger.search_text import normalised, words
from city import City
from examples import examples

# Few different characters, so that pairs occur without the word that they come from.
_FEW = st.text("甲乙a", max_size=9)
_TEXT = _FEW | st.text("审计局住房Ａａb1２-（( \n%_'\"\\ß", max_size=9)
_WORD = st.text("甲乙Ａ", min_size=1, max_size=5) | st.text("审计局住房aB1２-(%_'\\s", min_size=1, max_size=4)


def _found(asked: str) -> set[Any]:
    return set(Matter.objects.filter(mentions(asked)).values_list("pk", flat=True))


def _read(asked: str) -> set[Any]:
    """The same by plain reading: each word in a value of the state, or in the unit's name."""
    return {
        matter.pk
        for matter in Matter.objects.select_related("responsible")
        if all(any(word in text for text in _texts(matter)) for word in words(asked))
    }


def _texts(matter: Matter) -> list[str]:
    values = json.loads(matter.state)["values"]
    texts = [values.get(key) or "" for key in ("title", "description", "finding_no", "project", "progress")]
    texts += [matter.number, matter.number.replace("-", ""), matter.responsible.name]
    return [normalised(text) for text in texts]


@pytest.mark.parametrize("fetched", [0, 20_000])
@examples(everyday=12, whole=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    matters=st.lists(st.tuples(_TEXT, _TEXT, st.sampled_from(["housing", "finance"])), min_size=1, max_size=5),
    indexed=st.integers(0, 5),
    changed=_TEXT,
    asked=st.lists(_WORD, min_size=1, max_size=2),
)
def test_words_find_what_holds_them_all(
    city: City,
    monkeypatch: pytest.MonkeyPatch,
    fetched: int,
    matters: list[tuple[str, str, str]],
    indexed: int,
    changed: str,
    asked: list[str],
) -> None:
    monkeypatch.setattr(search, "FETCHED", fetched)
    made = [city.register(unit, title=f"题{title}", description=text) for title, text, unit in matters]
    catch_up(indexed)
    city.act(made[0], "amend", "clerk", values={"description": f"改{changed}"}, reason="更正")
    wanted = " ".join(asked)
    assert _found(wanted) == _read(wanted)
    while catch_up():
        pass
    assert _found(wanted) == _read(wanted)


def test_two_characters_a_piece_of_a_number_and_one_character_find(city: City) -> None:
    matter = city.register(
        finding_no="审〔2026〕0417号", project="２０２６年度预算执行审计", description="挪用 专项\n资金"
    )
    other = city.register("finance", title="账实不符")
    while catch_up():
        pass
    for asked in ("结余", "余资金", "0417", "17号", "2026年度", "挪用专项资金", "挪", "金", "盘活 专项"):
        assert _found(asked) == {matter.pk}, asked
    for asked in (
        other.number,
        other.number.lower(),
        other.number.replace("-", ""),
        other.number[2:7],
        "账实",
        "财政局",
    ):
        assert _found(asked) == {other.pk}, asked
    split = city.register("finance", title="另案", description="结余款与余资金")
    catch_up()
    assert split.pk not in _found("结余资") | _found("结余资金")
    for asked in ("资专", "盘活 账实", "0417号年", "结余资金未盘活2026"):
        assert _found(asked) == set(), asked


def test_record_entries_file_names_and_columns_taken_over_find(city: City) -> None:
    matter = city.claimed()
    said = {"talked_on": "2026-06-10", "talked_with": "leader", "content": "约谈分管负责人"}
    city.act(matter, "log_communication", "verifier", record=said)
    assert _found("约谈分管") == {matter.pk}
    assert _found("凭证0.txt") == {matter.pk}
    values = {"title": "账实不符", "rectify_type": "immediate", "responsible_unit": "finance"}
    taken = Entering(city.mechanism, values, source=(("备注", "去年也有类似情况"),))
    post = city.posts["clerk"]
    (other,) = register_matters([taken], post=post, account=post.account.account, now=city.now)
    assert _found("类似情况") == {other.pk}


def test_a_unit_is_found_by_every_name_it_has_or_had(city: City) -> None:
    matter = city.register("housing", title="账实不符")
    unit = city.units["housing"]
    UnitForm.objects.create(
        unit=unit, since=unit.since, name="澄湖市建设委员会", short_names=[], level=2, parent=unit.parent
    )
    unit.short_names = ["住建局"]
    unit.save()
    for asked in ("城乡建设局 账实", "建设委员", "住建局"):
        assert _found(asked) == {matter.pk}, asked


def test_a_search_finds_only_what_the_viewer_may_open(city: City) -> None:
    for unit in ("housing", "finance"):
        city.register(unit)
    day = local_day(city.now)
    for account, seen in (("clerk", {"housing", "finance"}), ("liaison", {"housing"}), ("sysadmin", set())):
        chosen = select(Viewer.of(city.posts[account].account, day), Filter(text="结余"), day, load_calendar())
        assert {matter.responsible.key for matter in chosen} == seen


def test_a_search_before_a_long_queue_catches_up_first(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "READ", 2)
    made = [city.register(title=f"第{number}项资金") for number in range(4)]
    assert _found("项资") == {matter.pk for matter in made}
    assert SearchPending.objects.count() <= 2


def test_only_blanks_ask_for_nothing(city: City) -> None:
    matter = city.register()
    assert _found(" \u3000\u200b ") == {matter.pk}
