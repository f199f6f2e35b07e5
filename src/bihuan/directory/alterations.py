"""The directory's own history: who did what to units, accounts and posts, and from which day on it holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bihuan.mechanism.sentence import N_, Sentence

from .models import Account, Alteration, Post, Unit

#: The account on record where the ledger's own operator acts, at the command line; no person may bear it.
SYSTEM = "system"

#: What each kind of alteration says; the values are those of its `body`.
SENTENCES: Mapping[str, str] = {
    "unit_added": N_("The unit “%(name)s” was added below “%(parent)s”."),
    "unit_added_on_top": N_("The unit “%(name)s” was added."),
    "unit_renamed": N_("Renamed from “%(old)s” to “%(new)s”."),
    "unit_called": N_("Short names changed from %(old)s to %(new)s."),
    "unit_moved": N_("Moved from “%(old)s” to “%(new)s”."),
    "unit_levelled": N_("Level changed from %(old)s to %(new)s."),
    "unit_merged": N_("Merged into “%(into)s”, which takes over what is open."),
    "unit_took_over": N_("Takes over “%(name)s” and what is open there."),
    "unit_ended": N_("The unit was ended."),
    "account_added": N_("The account %(account)s was made for %(name)s."),
    "account_renamed": N_("The name was changed from “%(old)s” to “%(new)s”."),
    "account_opened": N_("The account was activated."),
    "account_closed": N_("The account was deactivated."),
    "password_given": N_("A new initial password was given."),
    "password_chosen": N_("Chose a password of their own."),
    "post_given": N_("Given the post %(title)s at %(place)s (%(roles)s)."),
    "post_changed": N_("The post %(title)s at %(place)s was changed: %(what)s."),
    "post_ended": N_("The post %(title)s at %(place)s was ended."),
    "post_handed_over": N_("The post %(title)s at %(place)s goes from %(old)s to %(new)s."),
}


@dataclass(frozen=True, slots=True)
class Author:
    """Who alters the directory: an account with the post that allows it; the ledger's own operator has none."""

    account: str
    post: str
    now: datetime

    @classmethod
    def operator(cls, now: datetime) -> "Author":
        return cls(SYSTEM, "", now)

    @classmethod
    def of(cls, post: Post, now: datetime) -> "Author":
        return cls(post.account.account, post.key, now)


def note(
    author: Author,
    kind: str,
    *,
    since: date,
    unit: Unit | None = None,
    person: Account | None = None,
    reason: str = "",
    **body: Any,
) -> None:
    """Write down one alteration, in the transaction that makes it."""
    Alteration.objects.bulk_create(
        [altered(author, kind, since=since, unit=unit, person=person, reason=reason, **body)]
    )


def altered(
    author: Author,
    kind: str,
    *,
    since: date,
    unit: Unit | None = None,
    person: Account | None = None,
    reason: str = "",
    **body: Any,
) -> Alteration:
    """Return the row for one alteration, for callers that write many."""
    assert kind in SENTENCES, kind
    return Alteration(
        at=author.now, account=author.account, post=author.post, kind=kind, since=since, unit=unit, person=person,
        body=body, reason=reason.strip(),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """An alteration for reading: `who` is empty for the ledger's own operator."""

    at: datetime
    who: str
    since: date
    sentence: Sentence
    reason: str
    unit: Unit | None
    person: Account | None


def tell(alterations: Iterable[Alteration]) -> list[Told]:
    """Return the alterations in words, in their order."""
    rows = list(alterations)
    names = dict(Account.objects.filter(account__in={row.account for row in rows}).values_list("account", "name"))
    return [
        Told(
            at=row.at,
            who="" if row.account == SYSTEM else names.get(row.account, row.account),
            since=row.since,
            sentence=Sentence(SENTENCES.get(row.kind, row.kind), row.body),
            reason=row.reason,
            unit=row.unit,
            person=row.person,
        )
        for row in rows
    ]
