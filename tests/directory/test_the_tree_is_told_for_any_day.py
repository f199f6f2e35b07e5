"""Units are renamed, moved, merged and ended from a day on, and the tree of every other day stays as it was."""

from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from bihuan.directory.alterations import Author, tell
from bihuan.directory.forms import settle_columns
from bihuan.directory.models import Alteration, Post, Unit
from bihuan.directory.organisation import Organisation
from bihuan.directory.tables import read_csv
from bihuan.directory.unit_changes import add_unit, close_unit, move_unit, rename_unit
from bihuan.directory.unit_files import import_units
from bihuan.mechanism.refusal import Refusal
from city import SINCE, City, build_city
from examples import examples

TODAY = date(2026, 6, 10)
DAY = timedelta(days=1)


def tree(day: date) -> dict[str, tuple[str, int, str | None]]:
    organisation = Organisation.on(day)
    return {
        unit.key: (unit.name, unit.level, organisation.by_id[unit.parent_id].key if unit.parent_id else None)
        for unit in organisation.units
    }


@pytest.mark.parametrize("since", [TODAY - 100 * DAY, TODAY, TODAY + 100 * DAY])
def test_a_new_name_holds_from_its_day_on_and_the_old_one_before(city: City, author: Author, since: date) -> None:
    unit = city.units["housing"]
    rename_unit(unit, name="澄湖市住建局", since=since, author=author, today=TODAY)
    assert tree(since - DAY)["housing"][0] == "澄湖市住房和城乡建设局" == tree(SINCE)["housing"][0]
    assert tree(since)["housing"][0] == "澄湖市住建局" == tree(since + 999 * DAY)["housing"][0]
    unit.refresh_from_db()
    assert unit.name == tree(TODAY)["housing"][0], "the unit's own columns are those of the day it was written"
    assert "澄湖市住房和城乡建设局" in Organisation.on(since).by_key["housing"].short_names, "ledgers still bear it"
    settle_columns(since)
    unit.refresh_from_db()
    assert unit.name == "澄湖市住建局"


def test_a_change_in_the_past_does_not_undo_a_later_one(city: City, author: Author) -> None:
    unit = city.units["housing"]
    rename_unit(unit, name="丙局", since=TODAY, author=author, today=TODAY)
    rename_unit(unit, name="乙局", since=TODAY - 50 * DAY, author=author, today=TODAY)
    names = [tree(day)["housing"][0] for day in (SINCE, TODAY - 50 * DAY, TODAY - DAY, TODAY)]
    assert names == ["澄湖市住房和城乡建设局", "乙局", "乙局", "丙局"]


def test_a_unit_moves_with_all_below_it_and_levels_follow(city: City, author: Author) -> None:
    move_unit(city.units["housing"], below=city.units["finance"], since=TODAY, author=author, today=TODAY)
    assert tree(TODAY)["housing"][1:] == (3, "finance") and tree(TODAY)["station"][1:] == (4, "housing")
    assert tree(TODAY - DAY)["housing"][1:] == (2, "city") and tree(TODAY - DAY)["station"][1:] == (3, "housing")


def test_circles_and_doubled_names_are_refused_on_whatever_day_they_would_come_about(
    city: City, author: Author
) -> None:
    with pytest.raises(Refusal) as circle:
        move_unit(city.units["housing"], below=city.units["station"], since=TODAY, author=author, today=TODAY)
    with pytest.raises(Refusal) as itself:
        move_unit(city.units["housing"], below=city.units["housing"], since=TODAY, author=author, today=TODAY)
    assert circle.value.rule == itself.value.rule == "circle"
    rename_unit(city.units["finance"], name="未来局", since=TODAY + 30 * DAY, author=author, today=TODAY)
    with pytest.raises(Refusal) as taken:
        rename_unit(city.units["housing"], name="未来局", since=TODAY, author=author, today=TODAY)
    assert taken.value.rule == "name_taken" and "2026-07-10" in str(taken.value)
    with pytest.raises(Refusal) as added:
        add_unit("澄湖市审计局", below=city.units["city"], since=TODAY, author=author, today=TODAY)
    assert added.value.rule == "name_taken"
    assert add_unit("澄湖市审计局", below=city.units["housing"], since=TODAY, author=author, today=TODAY).level == 3


def test_a_merged_unit_gives_children_posts_and_names_to_its_successor(city: City, author: Author) -> None:
    old, new = city.units["housing"], city.units["finance"]
    close_unit(old, since=TODAY, into=new, author=author, today=TODAY)
    assert "housing" not in tree(TODAY) and tree(TODAY)["station"][1:] == (3, "finance")
    assert tree(TODAY - DAY)["station"][2] == "housing"
    assert "澄湖市住房和城乡建设局" in Organisation.on(TODAY).by_key["finance"].short_names
    held = {(post.account.account, post.unit.key) for post in Post.objects.filter(since=TODAY)}
    assert held == {("liaison", "finance"), ("both", "finance")}
    assert set(Post.objects.filter(unit=old).values_list("until", flat=True)) == {TODAY - DAY}
    assert old.pk in Organisation.on(TODAY).subtree([new.pk]), "the successor keeps the files, closed ones too"


def test_a_unit_with_others_below_it_does_not_end_without_a_successor(city: City, author: Author) -> None:
    with pytest.raises(Refusal) as refused:
        close_unit(city.units["housing"], since=TODAY, into=None, author=author, today=TODAY)
    assert refused.value.rule == "units_below"
    with pytest.raises(Refusal) as below:
        close_unit(city.units["housing"], since=TODAY, into=city.units["station"], author=author, today=TODAY)
    assert below.value.rule == "circle"
    close_unit(city.units["station"], since=TODAY, into=None, author=author, today=TODAY)
    assert "station" not in tree(TODAY) and "station" in tree(TODAY - DAY)
    with pytest.raises(Refusal) as gone:
        rename_unit(city.units["station"], name="又一站", since=TODAY, author=author, today=TODAY)
    assert gone.value.rule == "not_there"


def test_a_file_changes_the_tree_from_today_and_what_was_set_up_today_is_only_put_right(city: City) -> None:
    def bring(text: str, day: date) -> None:
        import_units([read_csv(text.encode(), name="x.csv")], today=day)

    bring("name,level,parent\n澄湖市建设工程质量监督站,3,澄湖市财政局\n", TODAY)
    assert tree(TODAY)["station"][2] == "finance" and tree(TODAY - DAY)["station"][2] == "housing"
    bring("name,level,parent\n新站,3,澄湖市财政局\n", TODAY)
    bring("name,level,parent\n新站,3,澄湖市审计局\n", TODAY)
    assert Unit.objects.get(name="新站").forms.count() == 0 and tree(SINCE)["u1"][2] == "audit"
    bring("name,level,parent\n新站,3,澄湖市财政局\n", TODAY + DAY)
    assert tree(TODAY)["u1"][2] == "audit" and tree(TODAY + DAY)["u1"][2] == "finance"


KEYS = ("audit", "housing", "finance", "station")


@examples(everyday=8, whole=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(("rename", "move")), st.integers(-30, 30),
                          st.sampled_from(("city", *KEYS))), max_size=7))  # fmt: skip
def test_random_changes_leave_earlier_days_as_they_were_and_never_a_circle(city_of: Any, steps: list[Any]) -> None:
    with city_of() as city:
        author = Author.of(city.posts["sysadmin"], city.now)
        for number, (key, what, shift, target) in enumerate(steps):
            since = TODAY + shift * DAY
            before = {day: tree(TODAY + day * DAY) for day in range(-31, 32) if TODAY + day * DAY < since}
            try:
                if what == "rename":
                    rename_unit(city.units[key], name=f"名{number}", since=since, author=author, today=TODAY)
                else:
                    move_unit(city.units[key], below=city.units[target], since=since, author=author, today=TODAY)
            except Refusal as refused:
                assert refused.rule in ("circle", "no_change"), refused
            assert before == {day: tree(TODAY + day * DAY) for day in before}
        for day in range(-31, 32):
            organisation = Organisation.on(TODAY + day * DAY)
            for unit in organisation.units:
                chain = [unit.pk]
                while (above := organisation.by_id[chain[-1]].parent_id) is not None:
                    assert above not in chain
                    assert organisation.by_id[above].level < organisation.by_id[chain[-1]].level
                    chain.append(above)


@pytest.fixture
def city_of(db: Any) -> Any:
    """Build the city anew for each example, in a transaction that is rolled back."""

    @contextmanager
    def build() -> Any:
        with transaction.atomic():
            yield build_city()
            transaction.set_rollback(True)

    return build


def test_what_was_done_stays_on_record_and_cannot_be_rewritten(city: City, author: Author) -> None:
    rename_unit(city.units["housing"], name="丙局", since=TODAY, author=author, today=TODAY, reason="机构改革")
    row = Alteration.objects.get()
    assert (row.kind, row.account, row.post, row.since) == ("unit_renamed", "sysadmin", "sysadmin", TODAY)
    assert tell([row])[0].reason == "机构改革"
    for rewrite in (
        lambda: Alteration.objects.update(account="nobody"),
        lambda: Alteration.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rewrite()
    assert Alteration.objects.get().account == "sysadmin"
