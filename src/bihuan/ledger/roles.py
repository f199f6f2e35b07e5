"""Which roles a post holds on a matter: rights come from posts, and from the matter's parties."""

from bihuan.directory.models import Post
from bihuan.directory.organisation import Organisation
from bihuan.mechanism.model import Held, Mechanism, Role
from bihuan.mechanism.state import State, Value


def roles_on(post: Post, mechanism: Mechanism, state: State, organisation: Organisation) -> frozenset[str]:
    """Return the keys of the roles that `post` holds on the matter in `state`.

    Those of parties outside are held by whoever enters what they say or do.
    """
    roles = mechanism.roles.values()
    own = {role.key for role in roles if role.key in post.roles and _holds(post, role, mechanism, state, organisation)}
    return frozenset(own | {role.key for role in roles if role.held is Held.OUTSIDE and role.entered_by in own})


def _holds(post: Post, role: Role, mechanism: Mechanism, state: State, organisation: Organisation) -> bool:
    match role.held:
        case Held.UNIT:
            return post.unit is not None and post.unit.key in state.parties.get(role.key, ())
        case Held.SUPERVISING:
            return _supervises(post, mechanism, state, organisation)
        case Held.PORTFOLIO:
            return _answers_for(post, mechanism, state, organisation)
        case Held.OUTSIDE:
            return False


def _supervises(post: Post, mechanism: Mechanism, state: State, organisation: Organisation) -> bool:
    """A post of the supervising unit does. So does one that is there for the whole ledger.

    Where no unit supervises (the first clerk of a new ledger registered the matter), every post with the
    role does, unless it sits in a unit that does the work, or below one.
    """
    if post.unit is None:
        return True
    if state.supervising is not None:
        return bool(post.unit.key == state.supervising)
    workers = [key for units in state.parties.values() for key in units]
    roots = [organisation.by_key[key].pk for key in workers if key in organisation.by_key]
    return post.unit.pk not in organisation.subtree(roots)


def _answers_for(post: Post, mechanism: Mechanism, state: State, organisation: Organisation) -> bool:
    """A leader answers for the portfolio; one without a portfolio, for their unit and all below it."""
    unit = organisation.by_key.get(str(responsible(mechanism, state)))
    if unit is None:
        return False
    portfolios = list(post.portfolios.all())
    if not portfolios:
        return post.unit is None or unit.pk in organisation.subtree([post.unit.pk])
    return any(
        (each.unit_id is None or unit.pk in organisation.answered([each.unit_id]))
        and each.mechanism in ("", state.mechanism)
        for each in portfolios
    )


def responsible(mechanism: Mechanism, state: State) -> Value:
    """Return the key of the unit that owns the matter."""
    return state.values.get(mechanism.index.responsible)
