"""Registering matters: one from a page, a child from its parent, or many from an intake, all the same way."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

import uuid6
from django.db import transaction

from bihuan.directory.models import Post
from bihuan.directory.organisation import Organisation
from bihuan.mechanism.decide import register
from bihuan.mechanism.model import Held, Mechanism
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_
from bihuan.mechanism.state import Registration
from bihuan.mechanism.values import missing

from .author import check_author
from .days import local_day
from .facts import gather
from .models import Claim, Matter, MechanismText
from .orders import Entering
from .packs import current, texts
from .proofs import keep_rows
from .refused import recorded
from .writing import Author, Writing, insert, new_number


def register_matters(
    asked: Sequence[Entering], *, post: Post, account: str, now: datetime, at: datetime | None = None
) -> list[Matter]:
    """Register `asked` as `register_many` does and return the matters in the same order."""
    made = register_many(asked, post=post, account=account, now=now, at=at)
    rows = Matter.objects.in_bulk(made)
    return [rows[key] for key in made]


def register_many(
    asked: Sequence[Entering], *, post: Post, account: str, now: datetime, at: datetime | None = None
) -> list[uuid.UUID]:
    """Register `asked` in one transaction and return the keys of the matters in the same order.

    Raises `Refusal` for the first that may not be registered, or whose claim is taken; then none is.
    """
    with recorded(post, account, None, "register", now), transaction.atomic():
        check_author(post, account, at or now)
        day = local_day(at or now)
        writing = Writing(Author(account, post.key), day, at or now, now, Organisation.on(day))
        _refuse_taken(asked)
        made = [_begin(entering, post, account, writing) for entering in asked]
        writing.flush()
        claims = [(space, key, matter) for matter, each in zip(made, asked, strict=True) for space, key in each.claims]
        insert(Claim, ("space", "key", "matter_id"), claims)
        for matter, each in zip(made, asked, strict=True):
            if each.evidence:
                keep_rows(Matter.objects.get(pk=matter), each.evidence, now)
        keep_texts({each.mechanism for each in asked}, now)
        return made


def _begin(entering: Entering, post: Post, account: str, writing: Writing) -> uuid.UUID:
    mechanism = in_force(entering.mechanism)
    supervises = any(role.held is Held.SUPERVISING and role.key in post.roles for role in mechanism.roles.values())
    named = mechanism.index.supervising
    if named and not supervises and not entering.values.get(named):
        raise missing(mechanism.fields[named])  # or nobody would hold the office's roles on it
    registration = Registration(
        matter=str(entering.matter or uuid6.uuid7()),
        account=account,
        values=entering.values,
        number=new_number(),
        supervising=post.unit.key if post.unit else None,
        assertion=entering.assertion,
        source=entering.source,
        evidence=entering.evidence,
    )
    facts = gather(
        mechanism.fields,
        entering.values,
        roles=frozenset(post.roles),
        today=writing.on,
        organisation=writing.organisation,
    )
    return writing.begin(mechanism, register(mechanism, registration, facts))


def in_force(key: str) -> Mechanism:
    """Return the mechanism `key` as it is now. Raises `Refusal` if there is none."""
    if key not in current():
        raise Refusal("unknown_mechanism", N_("There is no mechanism “%(key)s”."), key=key)
    return current()[key]


def _refuse_taken(asked: Iterable[Entering]) -> None:
    wanted = [claim for each in asked for claim in each.claims]
    for space in {space for space, _ in wanted}:
        keys = [key for each, key in wanted if each == space]
        taken = Claim.objects.filter(space=space, key__in=keys).values_list("key", flat=True).first()
        twice = next((key for key in keys if keys.count(key) > 1), None) if len(keys) != len(set(keys)) else None
        if held := taken or twice:
            raise Refusal("claimed", N_("“%(key)s” is registered already."), key=held)


def keep_texts(keys: Iterable[str], now: datetime) -> None:
    """Keep the texts of the mechanisms that matters are pinned to, for ever."""
    for key in keys:
        mechanism = current()[key]
        MechanismText.objects.get_or_create(
            text_hash=mechanism.text_hash,
            defaults={"key": key, "text": texts()[mechanism.text_hash], "first_used": now},
        )
