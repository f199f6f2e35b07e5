"""Who could do something is asked of every post of a city: they are read together, with what the rules ask of each."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.directory.models import Account, Portfolio, Post
from bihuan.directory.organisation import Organisation
from bihuan.ledger.days import local_day
from bihuan.ledger.facts import own_units
from bihuan.ledger.next_steps import current_posts
from bihuan.ledger.packs import current
from bihuan.ledger.roles import roles_on
from city import CAST, SINCE, City, state_of


def test_the_rules_answer_alike_for_posts_read_together_and_one_by_one(city: City) -> None:
    Portfolio.objects.create(post=city.posts["leader"], unit=city.units["finance"], mechanism="audit_measure")
    day, state = local_day(city.now), state_of(city.register("station"))
    organisation, mechanism = Organisation.on(day), current()[city.mechanism]
    together = current_posts(day)
    assert {post.key for post in together} == {key for key, *_ in CAST}
    for post in together:
        alone = Post.objects.get(pk=post.pk)
        assert own_units(post, day) == own_units(alone, day)
        assert roles_on(post, mechanism, state, organisation) == roles_on(alone, mechanism, state, organisation)
    both = next(post for post in together if post.key == "both_owner")
    assert own_units(both, day) == {"housing", "audit"}


def test_posts_that_ended_or_whose_account_is_closed_are_not_among_them(city: City) -> None:
    day = local_day(city.now)
    Post.objects.filter(key="clerk").update(until=day - timedelta(days=1))
    Account.objects.filter(account="liaison").update(is_active=False)
    assert {key for key, *_ in CAST} - {post.key for post in current_posts(day)} == {"clerk", "liaison"}


def test_two_queries_however_many_there_are(city: City) -> None:
    day = local_day(city.now)
    for number in range(20):
        account = Account.objects.create(account=f"a{number}", name=f"甲{number}")
        Post.objects.create(
            key=f"p{number}", account=account, unit=city.units["finance"], title="联络员", roles=["owner"], since=SINCE
        )
    with CaptureQueriesContext(connection) as asked:
        for post in current_posts(day):
            own_units(post, day)
            list(post.portfolios.all())
    assert len(asked) == 2
