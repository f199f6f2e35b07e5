"""Every list filters through one function, and a page by key neither skips nor repeats a row."""

from base64 import urlsafe_b64encode

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from bihuan.directory.calendars import load_calendar
from bihuan.directory.models import Unit
from bihuan.directory.viewer import Viewer
from bihuan.ledger.days import local_day
from bihuan.ledger.listing import SORTS, Filter, ordered, page, select
from bihuan.ledger.models import Matter
from city import SINCE, City
from examples import examples

_SEEN = {
    "clerk": {"housing", "finance", "station"},
    "verifier": {"housing", "finance", "station"},
    "liaison": {"housing", "station"},
    "other": {"finance"},
    "station": {"station"},
    "leader": {"housing", "finance", "station"},
    "sysadmin": set(),
    "security": set(),
    "inspector": set(),
}


def _select(city: City, account: str, wanted: Filter = Filter()) -> set[Matter]:  # noqa: B008
    day = local_day(city.now)
    viewer = Viewer.of(city.posts[account].account, day)
    return set(select(viewer, wanted, day, load_calendar()))


@pytest.mark.parametrize("account", _SEEN)
def test_a_post_sees_its_units_and_its_own_parts(city: City, account: str) -> None:
    for unit in ("housing", "finance", "station"):
        city.register(unit)
    assert {matter.responsible.key for matter in _select(city, account)} == _SEEN[account]


def test_what_no_unit_supervises_is_open_to_the_supervising_roles_alone(city: City) -> None:
    """The first clerk of a new ledger has a post without a unit; whoever comes later must still find the work."""
    city.posts["clerk"].unit = None
    city.posts["clerk"].save()
    matter = city.claimed()
    assert matter.supervising is None
    for account, seen in (("verifier", {matter}), ("approver", {matter}), ("other", set()), ("inspector", set())):
        assert _select(city, account) == seen
    city.recognise(matter)
    assert city.act(matter, "strike_off", "approver").ended == "success"


def test_a_unit_in_a_list_means_it_with_all_below(city: City) -> None:
    for unit in ("housing", "finance", "station"):
        city.register(unit)
    listed = _select(city, "clerk", Filter(unit=city.units["housing"].pk))
    assert {matter.responsible.key for matter in listed} == {"housing", "station"}


def test_overdue_begins_at_the_midnight_that_ends_the_day(city: City) -> None:
    matter = city.register(due="2026-06-12")
    city.later(days=2)
    assert _select(city, "clerk", Filter(overdue=True)) == set()
    assert _select(city, "clerk", Filter(due_within=10)) == {matter}
    city.later(hours=12)
    assert _select(city, "clerk", Filter(overdue=True)) == {matter}
    assert _select(city, "clerk", Filter(due_within=10)) == set()


def test_what_has_no_deadline_yet_is_found_until_one_is_set(city: City) -> None:
    undated = city.register(rectify_type=None)
    city.register(due="2026-06-12")
    assert _select(city, "clerk", Filter(undated=True)) == {undated}
    city.act(undated, "set_terms", "clerk", values={"rectify_type": "immediate", "due": "2026-07-01"})
    assert _select(city, "clerk", Filter(undated=True)) == set()


def test_each_queue_holds_what_waits_for_that_person(city: City) -> None:
    dispatched, claimed, back = city.register(), city.claimed(), city.claimed()
    city.act(dispatched, "dispatch", "clerk")
    city.act(back, "send_back", "verifier", reason="证据不足")
    assert _select(city, "liaison", Filter(mine=True)) == {dispatched, back}
    assert _select(city, "liaison", Filter(queue="returned")) == {back}
    assert _select(city, "verifier", Filter(queue="verify")) == {claimed}
    assert _select(city, "other", Filter(mine=True)) == set()


def _namesakes(city: City) -> None:
    """Add two offices of one name, each under a bureau of its own."""
    for above in ("housing", "finance"):
        key = f"office_of_{above}"
        if key not in city.units:
            made = Unit.objects.create(key=key, name="办公室", level=3, parent=city.units[above], since=SINCE)
            city.units = {**city.units, key: made}


@examples(everyday=12, whole=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    made=st.lists(
        st.tuples(
            st.one_of(st.none(), st.integers(0, 3)),
            st.sampled_from(["housing", "finance", "office_of_housing", "office_of_finance"]),
        ),
        min_size=1,
        max_size=12,
    ),
    sort=st.sampled_from(["unit", "-unit", *(prefix + name for name in SORTS for prefix in ("", "-"))]),
    size=st.integers(1, 5),
    long=st.booleans(),
)
def test_pages_by_key_hold_every_row_once_in_order_and_lead_back(
    city: City, made: list[tuple[int | None, str]], sort: str, size: int, long: bool
) -> None:
    _namesakes(city)
    for amount, unit in made:
        city.register(unit, amount=amount)
    chosen = Matter.objects.all()
    whole = [row.pk for row in page(chosen, sort=sort, size=10_000).rows]
    assert whole == [row.pk for row in ordered(chosen, sort)]
    forth: list[object] = []
    key: str | None = ""
    while key is not None:
        last = page(chosen, sort=sort, after=key, size=size, long=long)
        forth += [row.pk for row in last.rows]
        key = last.after
    assert forth == whole
    back = [row.pk for row in last.rows]
    while last.before:
        last = page(chosen, sort=sort, before=last.before, size=size, long=long)
        back = [row.pk for row in last.rows] + back
    assert back == whole


@pytest.mark.parametrize("long", [False, True])
def test_units_of_one_name_do_not_mingle(city: City, long: bool) -> None:
    _namesakes(city)
    for number in range(6):
        city.register("office_of_housing" if number % 2 else "office_of_finance")
    units = [row.responsible_id for row in page(Matter.objects.all(), sort="unit", long=long).rows]
    assert len(units) == 6 and units == sorted(units)


@pytest.mark.parametrize(
    "part", ['"办公室", "x"', '"办公室", null', '"办公室", 99999999999999999999', r'"\u0000", 1', "null, 1", '"办公室"']
)
@pytest.mark.parametrize("long", [False, True])
def test_a_key_by_unit_that_names_no_place_does_no_harm(city: City, part: str, long: bool) -> None:
    matter = city.register()
    key = urlsafe_b64encode(f'["unit", {part}, "{matter.pk.hex}"]'.encode()).decode()
    assert len(page(Matter.objects.all(), sort="unit", after=key, long=long).rows) <= 1


@pytest.mark.parametrize("key", ["x", "W10=", "bm90IGpzb24=", "WyJkdWUiLCAieHgiLCAieCJd", "WyItZHVlIl0="])
def test_a_key_that_cannot_be_read_gives_the_first_page(city: City, key: str) -> None:
    matter = city.register()
    assert list(page(Matter.objects.all(), after=key).rows) == [matter]
    assert list(page(Matter.objects.all(), before=key).rows) == [matter]
