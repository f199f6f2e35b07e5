"""What leaders answer for when a unit is taken over: from that day on, the unit that takes it over.

A portfolio keeps naming the unit that it was given over, which stays right for the days before. On every later day
`Organisation.answered` leads from there to the successor, so that nothing has to be done when the day comes.
"""

from datetime import date, timedelta

from .alterations import Author, note
from .forms import form_on
from .models import Portfolio, Post, Unit
from .organisation import Organisation

_DAY = timedelta(days=1)


def answering_for(unit: Unit, day: date) -> list[Post]:
    """Return the posts, held on `day` or later, whose portfolio names `unit` or one that it had taken over by then."""
    organisation = Organisation.on(day)
    named = Portfolio.objects.exclude(unit=None).select_related("post__account", "post__unit").order_by("post_id")
    found = {
        each.post.pk: each.post
        for each in named
        if each.unit_id and organisation.heir(each.unit_id) == unit.pk and _lasts(each.post, day)
    }
    return list(found.values())


def note_followed(unit: Unit, into: Unit, *, since: date, author: Author, reason: str) -> None:
    """Put on record whose portfolio reaches `into` from `since` on and did not before."""
    before = Organisation.on(since - _DAY)
    for post in answering_for(unit, since - _DAY):
        if _lasts(post, since) and not _reaches(post, into, before):
            note(
                author, "portfolio_follows", since=since, unit=into, person=post.account, reason=reason,
                title=post.title, into=form_on(into, since).name, name=form_on(unit, since - _DAY).name,
            )  # fmt: skip


def _lasts(post: Post, day: date) -> bool:
    return post.until is None or day <= post.until


def _reaches(post: Post, unit: Unit, organisation: Organisation) -> bool:
    units = [each.unit_id for each in post.portfolios.all()]
    return None in units or unit.pk in organisation.answered(each for each in units if each is not None)
