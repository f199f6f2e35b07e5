"""Open matters follow a unit that ends and a person who leaves; closed ones stay; no post ends in silence."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.directory.alterations import Author
from bihuan.directory.models import Account, Post, Unit
from bihuan.ledger import hand_over as hand_over_module
from bihuan.ledger.models import Matter, Party
from bihuan.ledger.packs import current
from bihuan.ledger.reorganise import change_holder, close_accounts, end_unit, give_up, merge_unit, turn_of_day
from bihuan.ledger.verify import verify
from bihuan.mechanism.evolve import evolve
from bihuan.mechanism.hand_over import hand_over
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.state import Happened, State, opened
from city import SINCE, City, state_of

DAY = timedelta(days=1)


@pytest.fixture
def author(city: City) -> Author:
    return Author.of(city.posts["sysadmin"], city.now)


def test_open_matters_follow_the_merger_closed_ones_stay_and_the_chains_hold(
    city: City, author: Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hand_over_module, "BATCH", 2)
    closed = city.struck_off()
    open_ = [city.rectifying() for _ in range(5)]
    helped = city.register("finance", assisting_units=["housing"])
    due = state_of(open_[0]).due
    done = merge_unit(
        city.units["housing"], city.units["finance"], since=city.now.date(), author=author, now=city.now, reason="改革"
    )
    assert done == 6
    for matter in open_:
        state = state_of(matter)
        assert (state.parties["owner"], state.stage, state.due) == (("finance",), "rectifying", due)
        assert Matter.objects.get(pk=matter.pk).responsible.key == "finance"
    assert state_of(helped).parties["assisting"] == ("finance",)
    assert state_of(closed).parties["owner"] == ("housing",)
    assert not Party.objects.filter(unit=city.units["housing"], matter__ended="").exists()
    assert list(verify()) == []
    city.act(open_[0], "report_progress", "other", values={"progress": "接续整改"})
    reopened = city.act(closed, "reopen", "clerk", reason="又查出问题", values={
        "due": (city.now.date() + 60 * DAY).isoformat()
    })  # fmt: skip
    assert state_of(reopened).parties["owner"] == ("finance",), "what is reopened goes to whoever took over"
    assert list(verify()) == []


def test_a_merger_that_lies_ahead_hands_over_on_its_day_and_a_cut_off_one_is_taken_up(
    city: City, author: Author
) -> None:
    matter = city.rectifying()
    since = city.now.date() + 20 * DAY
    assert merge_unit(city.units["housing"], city.units["finance"], since=since, author=author, now=city.now) == 0
    assert turn_of_day(city.now) == 0 and state_of(matter).parties["owner"] == ("housing",)
    city.later(days=20)
    assert turn_of_day(city.now) == 1 and state_of(matter).parties["owner"] == ("finance",)
    assert turn_of_day(city.now) == 0
    assert list(verify()) == []


def test_nothing_becomes_ownerless_when_a_unit_ends(city: City, author: Author) -> None:
    city.rectifying("station", "station")
    today = city.now.date()
    with pytest.raises(Refusal) as refused:
        end_unit(city.units["station"], since=today, author=author, now=city.now)
    assert refused.value.rule == "still_open" and "1" in str(refused.value)
    with pytest.raises(Refusal) as ahead:
        end_unit(city.units["finance"], since=today + DAY, author=author, now=city.now)
    assert ahead.value.rule == "needs_successor"
    end_unit(city.units["finance"], since=today, author=author, now=city.now)
    assert Unit.objects.get(key="finance").until == today - DAY


def test_posts_may_end_with_the_unit_only_if_the_successor_has_somebody(city: City, author: Author) -> None:
    city.rectifying()
    today = city.now.date()
    Post.objects.filter(unit=city.units["finance"]).update(until=today - DAY)
    with pytest.raises(Refusal) as refused:
        merge_unit(
            city.units["housing"], city.units["finance"], since=today, keep_posts=False, author=author, now=city.now
        )
    assert refused.value.rule == "nobody_left"
    Post.objects.filter(key="other").update(until=None)
    assert merge_unit(
        city.units["housing"], city.units["finance"], since=today, keep_posts=False, author=author, now=city.now
    ) == 1  # fmt: skip


def test_the_successor_in_a_post_gets_all_of_it_and_is_named_where_the_old_one_was(city: City) -> None:
    person = next(field.key for field in current()[city.mechanism].fields.values() if field.kind == "person")
    old, new = city.posts["liaison"], Account.objects.create(account="next", name="下一位")
    matter, other = city.rectifying(**{person: "liaison"}), city.rectifying(**{person: "别人"})
    closed = city.struck_off(**{person: "liaison"})
    security = Author.of(city.posts["security"], city.now)
    post, renamed = change_holder(old, new, since=city.now.date(), renames=True, author=security, now=city.now)
    assert (post.unit, post.title, post.roles) == (old.unit, old.title, old.roles) and renamed == 1
    assert Post.objects.get(pk=old.pk).until == city.now.date() - DAY
    assert state_of(matter).values[person] in ("下一位", ["下一位"])
    assert state_of(other).values[person] in ("别人", ["别人"]) and state_of(closed).values[person] in (
        "liaison",
        ["liaison"],
    )
    assert list(verify()) == []


def test_names_are_replaced_on_the_day_where_it_lies_ahead(city: City) -> None:
    person = next(field.key for field in current()[city.mechanism].fields.values() if field.kind == "person")
    new, matter = Account.objects.create(account="next", name="下一位"), city.rectifying(**{person: "liaison"})
    security = Author.of(city.posts["security"], city.now)
    since = city.now.date() + 3 * DAY
    change_holder(city.posts["liaison"], new, since=since, renames=True, author=security, now=city.now)
    assert turn_of_day(city.now) == 0
    city.later(days=3)
    assert turn_of_day(city.now) == 1 and state_of(matter).values[person] in ("下一位", ["下一位"])


def test_no_role_is_left_without_anybody_in_silence(city: City) -> None:
    city.rectifying("station", "station")
    security, today = Author.of(city.posts["security"], city.now), city.now.date()
    with pytest.raises(Refusal) as refused:
        give_up(city.posts["station"], since=today, author=security, now=city.now)
    assert refused.value.rule == "nobody_left"
    with pytest.raises(Refusal):
        close_accounts([city.posts["station"].account], author=security, now=city.now)
    assert Post.objects.get(key="station").until is None
    give_up(city.posts["station"], since=today, author=security, now=city.now, even_so=True)
    give_up(city.posts["other"], since=today, author=security, now=city.now)
    assert Post.objects.get(key="station").until == today - DAY


UNITS = st.sampled_from(["a", "b", "c", "d"])


@given(
    owner=UNITS,
    assisting=st.lists(UNITS, max_size=3),
    supervising=st.none() | UNITS,
    moves=st.dictionaries(UNITS, st.sampled_from(["x", "y", "b"]), max_size=3),
)
def test_folding_a_hand_over_replaces_exactly_the_units_named(
    owner: str, assisting: list[str], supervising: str | None, moves: dict[str, str]
) -> None:
    mechanism = current()["audit_rectification"]
    moves = {old: new for old, new in moves.items() if new not in moves}
    values = {"responsible_unit": owner, "assisting_units": assisting or None, "title": "a"}
    parties = {"owner": (owner,)} | ({"assisting": tuple(assisting)} if assisting else {})
    state = State(
        "m", mechanism.key, mechanism.text_hash, 3, "rectifying", SINCE, date(2026, 1, 1), values=values,
        parties=parties, supervising=supervising,
    )  # fmt: skip
    draft = hand_over(mechanism, state, units=moves)
    named = {owner, *assisting, supervising}
    assert (draft is None) == named.isdisjoint(moves)
    if draft is None:
        return
    after = evolve(state, Happened("handed_over", 4, date(2026, 6, 1), "x", opened(draft.body)))
    assert after.values["responsible_unit"] == moves.get(owner, owner) == after.parties["owner"][0]
    assert set(after.parties.get("assisting", ())) == {moves.get(unit, unit) for unit in assisting}
    assert after.supervising == (moves.get(supervising, supervising) if supervising else None)
    assert (after.stage, after.due, after.doers, after.values["title"]) == (state.stage, state.due, state.doers, "a")
