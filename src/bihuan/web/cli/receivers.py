"""Whether every role and every rung of a mechanism reaches somebody in the organisation of today."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from bihuan.directory.models import Post, Unit
from bihuan.directory.organisation import Organisation
from bihuan.ledger.models import Matter, Party
from bihuan.ledger.next_steps import current_posts
from bihuan.mechanism.model import Held, Mechanism, Role
from bihuan.mechanism.sentence import N_, Listed, Sentence


@dataclass(frozen=True, slots=True)
class _Today:
    posts: tuple[Post, ...]
    organisation: Organisation

    def carrying(self, role: str) -> list[Post]:
        return [post for post in self.posts if role in post.roles]


def unreceived(mechanism: Mechanism, today: date) -> list[Sentence]:
    """Return what reaches nobody today: roles that no post carries, and units whose open matters nobody holds."""
    known = _Today(tuple(current_posts(today)), Organisation.on(today))
    used = _uses(mechanism)
    return [sentence for key in used for sentence in _role(mechanism, mechanism.roles[key], used[key], known)]


def _uses(mechanism: Mechanism) -> dict[str, list[Sentence]]:
    """Return role → what depends on it: stages it owns, rungs that tell it."""
    used: dict[str, list[Sentence]] = defaultdict(list)
    for stage in mechanism.stages.values():
        if stage.owner:
            used[stage.owner].append(Sentence(N_("owns the stage “%(stage)s”"), {"stage": stage.label}))
    for ladder in mechanism.ladders.values():
        for rung in ladder.rungs:
            for role in rung.to:
                told = {"ladder": ladder.label, "day": f"{rung.at:+d}"}
                used[role].append(Sentence(N_("is told on day %(day)s of “%(ladder)s”"), told))
    for action in mechanism.actions.values():
        for role in (*action.by, *([action.beyond] if action.beyond else ())):
            used[role].append(Sentence(N_("may do “%(action)s”"), {"action": action.label}))
    for role in mechanism.register_by:
        used[role].append(Sentence(N_("registers such matters")))
    for party in mechanism.roles.values():  # what a party outside says or does waits for whoever enters it
        if party.held is Held.OUTSIDE and party.entered_by:
            used[party.entered_by] += used.pop(party.key, [])
    return {key: used[key] for key in mechanism.roles if key in used}


def _role(mechanism: Mechanism, role: Role, uses: list[Sentence], known: _Today) -> Iterator[Sentence]:
    carrying = known.carrying(role.key)
    if not carrying and role.key not in _optional(mechanism):
        values = {"role": role.label, "use": uses[0], "more": len(uses) - 1}
        more = N_("Nobody holds the role “%(role)s”, which %(use)s and is needed in %(more)d more places.")
        yield Sentence(more if len(uses) > 1 else N_("Nobody holds the role “%(role)s”, which %(use)s."), values)
        return
    without = list(_without(mechanism, role, carrying, known))
    if without:
        names = Listed.of(unit.name for unit in without[:20])
        values = {"role": role.label, "count": len(without), "units": names}
        yield Sentence(
            N_("Nobody holds the role “%(role)s” for the open matters of %(count)d unit(s): %(units)s."), values
        )


def _optional(mechanism: Mechanism) -> frozenset[str]:
    """Roles of units that a matter need not have (assisting ones): only the open matters decide about them."""
    return frozenset(
        role.key
        for role in mechanism.roles.values()
        if role.held is Held.UNIT and role.field != mechanism.index.responsible
    )


def _without(mechanism: Mechanism, role: Role, carrying: Iterable[Post], known: _Today) -> Iterator[Unit]:
    """Yield the units for whose open matters none of the posts `carrying` the role holds it."""
    open_matters = Matter.objects.filter(mechanism=mechanism.key, ended="")
    match role.held:
        case Held.UNIT:
            parties = Party.objects.filter(matter__in=open_matters, role=role.key)
            wanted = set(parties.values_list("unit_id", flat=True).distinct())
            reached = {post.unit_id for post in carrying}
        case Held.SUPERVISING:
            wanted = set(open_matters.exclude(supervising=None).values_list("supervising_id", flat=True).distinct())
            everywhere = any(post.unit_id is None for post in carrying)
            reached = set(known.organisation.by_id) if everywhere else {post.unit_id for post in carrying}
        case Held.PORTFOLIO:
            wanted = set(open_matters.values_list("responsible_id", flat=True).distinct())
            reached = {unit for post in carrying for unit in _answers_for(post, mechanism, known.organisation)}
    missing = wanted - reached
    return iter(Unit.objects.filter(pk__in=missing).order_by("level", "id"))


def _answers_for(post: Post, mechanism: Mechanism, organisation: Organisation) -> Iterable[int | None]:
    """Return the units for which a leader's post answers: its portfolio, or without one its own unit and all below."""
    portfolios = [each for each in post.portfolios.all() if each.mechanism in ("", mechanism.key)]
    roots = [each.unit_id for each in portfolios] if post.portfolios.all() else [post.unit_id]
    if None in roots:
        return organisation.by_id
    return organisation.answered(root for root in roots if root is not None)
