"""What only one matter of a mechanism may hold: a benefit of one person, an open application for one title.

The key of a claim is a keyed digest of the values: they may be personal, and a claim outlives their erasure.
"""

import uuid

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from bihuan.mechanism.model import Mechanism, Unique
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_
from bihuan.mechanism.state import State

from .models import Claim, Matter

_TAKEN = N_("%(what)s: matter %(number)s holds the same values.")


def keys_of(mechanism: Mechanism, state: State) -> dict[str, tuple[Unique, str]]:
    """Return space → what is unique and its key, for what the matter holds as it stands."""
    held = {}
    for unique in mechanism.unique.values():
        values = [state.values.get(key) for key in unique.fields]
        if all(value not in (None, "", []) for value in values) and state.ended not in (*unique.freed, "withdrawn"):
            space = f"only:{mechanism.key}.{unique.key}"
            text = "\n".join("".join(str(value).split()).casefold() for value in values)
            held[space] = (unique, salted_hmac(space, text, algorithm="sha256").hexdigest())
    return held


def hold(matter: uuid.UUID, mechanism: Mechanism, state: State) -> None:
    """Make the claims of the matter those of `state`. Raises `Refusal` if another matter holds one of them."""
    wanted = keys_of(mechanism, state)
    Claim.objects.filter(matter=matter, space__startswith="only:").delete()
    for space, (unique, key) in wanted.items():
        try:
            with transaction.atomic():
                Claim.objects.create(space=space, key=key, matter_id=matter)
        except IntegrityError:
            holder = Matter.objects.filter(claims__space=space, claims__key=key).first()
            number = holder.number if holder else "?"
            raise Refusal("claimed", _TAKEN, what=unique.label, number=number, field=unique.fields[0]) from None
