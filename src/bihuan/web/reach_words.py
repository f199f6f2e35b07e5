"""What a post is and what it opens, in words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from bihuan.directory.models import Portfolio, Post, Unit
from bihuan.directory.organisation import Organisation
from bihuan.directory.people import HOUSEKEEPING_LABELS
from bihuan.directory.viewer import Reach, Viewer
from bihuan.ledger.packs import current
from bihuan.mechanism.sentence import N_, Listed, Named, Sentence


@dataclass(frozen=True, slots=True)
class PostTold:
    """A post with its roles in words, and what it opens: one sentence for each way."""

    post: Post
    roles: Listed
    opens: tuple[Sentence, ...]


def tell_posts(posts: Iterable[Post], organisation: Organisation, today: date) -> list[PostTold]:
    labels = role_labels()
    return [
        PostTold(
            post, Listed.of(labels.get(role, role) for role in post.roles), tuple(_opens(post, organisation, today))
        )
        for post in posts
    ]


def role_labels() -> dict[str, Named | str]:
    """Return role key → what it is called; one that mechanisms call differently has all its names."""
    labels: dict[str, dict[str, Named]] = {}
    for mechanism in current().values():
        for role in mechanism.roles.values():
            labels.setdefault(role.key, {}).setdefault(role.label.zh, role.label)
    named: dict[str, Named | str] = {key: Listed.of(each.values()) for key, each in labels.items()}
    return named | {key: Housekeeping(text) for key, text in HOUSEKEEPING_LABELS.items()}


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """A role of the three administrations; it has its name from the catalogue, as no mechanism declares it."""

    pattern: str

    def text(self, language: str) -> str:
        return gettext(self.pattern)


def opening(posts: Iterable[Post], unit: Unit, organisation: Organisation, today: date) -> list[tuple[Post, Sentence]]:
    """Return the posts that open the matters of `unit`, each with why, the nearest first."""
    found = []
    for post in posts:
        for reach in Viewer.with_post(post, today, organisation).reaches:
            if why := _why(reach, unit):
                found.append((post, *why))
    return [(post, Sentence(text)) for post, _, text in sorted(found, key=lambda each: each[1])]


def _why(reach: Reach, unit: Unit) -> tuple[int, str] | None:
    if unit.pk in reach.own:
        return 0, N_("a post of the unit itself")
    if unit.pk in reach.units:
        return 1, N_("a post in a unit above it")
    if any(units is None or unit.pk in units for units, _ in reach.portfolio):
        return 2, N_("answers for it")
    return (3, N_("a post for the whole ledger")) if reach.everything else None


def _opens(post: Post, organisation: Organisation, today: date) -> Iterator[Sentence]:
    reaches = Viewer.with_post(post, today, organisation).reaches
    if not reaches:
        yield Sentence(N_("keeps the house; opens no matter"))
    for reach in reaches:
        yield from _reach(reach)
    titles: Mapping[str, Named] = {key: each.title for key, each in current().items()}
    for portfolio in post.portfolios.all():
        values = {
            "unit": unit_answered_for(portfolio, organisation),
            "mechanism": titles.get(portfolio.mechanism, ""),
        }
        yield Sentence(_ANSWERS[portfolio.unit is not None, bool(portfolio.mechanism)], values)


def unit_answered_for(portfolio: Portfolio, organisation: Organisation) -> str:
    """Return the name of the unit of a portfolio; where that has ended, of the one that took it over."""
    if portfolio.unit is None:
        return ""
    heir = organisation.by_id.get(organisation.heir(portfolio.unit.pk))
    return heir.name if heir else portfolio.unit.name


_ANSWERS = {
    (True, True): N_("answers for %(unit)s with all below it, in “%(mechanism)s”"),
    (True, False): N_("answers for %(unit)s with all below it"),
    (False, True): N_("answers for every unit, in “%(mechanism)s”"),
    (False, False): N_("answers for every unit"),
}


def _reach(reach: Reach) -> Iterator[Sentence]:
    below = len(reach.units - reach.own)
    if reach.everything:
        yield Sentence(N_("opens every matter"))
    elif below == 1:
        yield Sentence(N_("opens the matters of its unit and of 1 unit below it"))
    elif below:
        yield Sentence(N_("opens the matters of its unit and of %(number)d units below it"), {"number": below})
    else:
        yield Sentence(N_("opens the matters of its unit"))
