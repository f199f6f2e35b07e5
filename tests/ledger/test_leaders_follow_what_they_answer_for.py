"""When a unit is taken over, whoever answers for it answers for the successor from that day on, and not before."""

from datetime import date, timedelta

import pytest

from bihuan.directory.alterations import Author, tell
from bihuan.directory.models import Alteration, Portfolio, Post
from bihuan.directory.organisation import Organisation
from bihuan.directory.posts import give_post
from bihuan.directory.viewer import Viewer
from bihuan.ledger.fold import load_state
from bihuan.ledger.models import Matter
from bihuan.ledger.packs import current
from bihuan.ledger.reorganise import merge_unit, turn_of_day
from bihuan.ledger.roles import roles_on
from bihuan.ledger.visible import may_see
from bihuan.mechanism.refusal import Refusal
from city import City

DAY = timedelta(days=1)


@pytest.fixture
def author(city: City) -> Author:
    return Author.of(city.posts["sysadmin"], city.now)


@pytest.fixture
def chief(city: City) -> Post:
    """A leader who sits in the audit bureau, so that only the portfolio opens anything of the construction bureau."""
    post = Post.objects.get(key="leader")
    Post.objects.filter(pk=post.pk).update(unit=city.units["audit"])
    return Post.objects.get(key="leader")


def _sees(post: Post, matter: Matter, day: date) -> bool:
    return may_see(Viewer.with_post(post, day), Matter.objects.get(pk=matter.pk))


def _leads(post: Post, matter: Matter, day: date) -> bool:
    row = Matter.objects.get(pk=matter.pk)
    state = load_state(row.state)
    return "leader" in roles_on(post, current()[row.mechanism], state, Organisation.on(day))


def test_the_leader_sees_and_leads_the_matters_before_and_after(city: City, author: Author, chief: Post) -> None:
    today = city.now.date()
    mine, closed = city.rectifying(), city.struck_off()
    theirs = city.rectifying("finance", "other")
    Matter.objects.update(supervising=None)
    assert _sees(chief, mine, today) and _leads(chief, mine, today) and not _sees(chief, theirs, today)
    merge_unit(city.units["housing"], city.units["finance"], since=today, author=author, now=city.now)
    assert Matter.objects.get(pk=mine.pk).responsible.key == "finance"
    for matter in (mine, closed, theirs):
        assert _sees(chief, matter, today)
    assert _leads(chief, mine, today) and _leads(chief, theirs, today)
    assert _sees(chief, closed, today - DAY), "the days before are as they were"
    assert not _sees(chief, theirs, today - DAY)


def test_a_planned_merger_widens_nothing_before_its_day(city: City, author: Author, chief: Post) -> None:
    today = city.now.date()
    mine, theirs = city.rectifying(), city.rectifying("finance", "other")
    Matter.objects.update(supervising=None)
    merge_unit(city.units["housing"], city.units["finance"], since=today + 30 * DAY, author=author, now=city.now)
    assert _sees(chief, mine, today) and not _sees(chief, theirs, today)
    city.later(days=30)
    turn_of_day(city.now)
    for matter in (mine, theirs):
        assert _sees(chief, matter, city.now.date()) and _leads(chief, matter, city.now.date())


def test_a_second_merger_leads_on_and_a_change_of_the_portfolio_ends_it(
    city: City, author: Author, chief: Post
) -> None:
    today = city.now.date()
    for old, new in (("housing", "finance"), ("finance", "audit")):
        merge_unit(city.units[old], city.units[new], since=today, author=author, now=city.now)
    organisation = Organisation.on(today)
    assert organisation.heir(city.units["housing"].pk) == city.units["audit"].pk
    reach = Viewer.with_post(chief, today, organisation).reaches[0].portfolio[0][0]
    assert reach and {city.units[key].pk for key in ("audit", "finance", "housing", "station")} <= reach
    Portfolio.objects.filter(post=chief).update(unit=city.units["city"])
    assert Viewer.with_post(chief, today, organisation).reaches[0].portfolio[0][0] == organisation.subtree(
        [city.units["city"].pk]
    )


def test_it_is_on_record_for_each_leader_whom_it_reaches(city: City, author: Author, chief: Post) -> None:
    today = city.now.date()
    whole = give_post(
        city.posts["verifier"].account, city.units["city"], title="市长", roles=["leader"], since=today,
        answers_for=[Portfolio(unit=city.units["housing"]), Portfolio(unit=city.units["city"])], author=author,
    )  # fmt: skip
    merge_unit(
        city.units["housing"], city.units["finance"], since=today + DAY, author=author, now=city.now, reason="机构改革"
    )
    [row] = tell(Alteration.objects.filter(kind="portfolio_follows"))
    assert (row.person, row.unit, row.since) == (chief.account, city.units["finance"], today + DAY)
    assert (
        str(row.sentence) == ("The post leader answers for “澄湖市财政局”, which takes over “澄湖市住房和城乡建设局”.")
        and row.reason == "机构改革"
    )
    assert whole.portfolios.count() == 2, "who answered for the successor anyway has nothing new on record"


def test_a_merger_that_is_refused_leaves_nothing_on_record(city: City, author: Author, chief: Post) -> None:
    with pytest.raises(Refusal):
        merge_unit(city.units["housing"], city.units["station"], since=city.now.date(), author=author, now=city.now)
    assert not Alteration.objects.filter(kind="portfolio_follows").exists()
