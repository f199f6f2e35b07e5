"""The directory's own history: who did what to units, accounts and posts, and from which day on it holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bihuan.mechanism.sentence import N_, Sentence

from .disclosed import ERASED, Kept, committed, erasures, taken_out, values_of
from .models import Account, Alteration, AlterationValue, Post, Unit

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
    "portfolio_follows": N_("The post %(title)s answers for “%(into)s”, which takes over “%(name)s”."),
    "erasure_asked": N_("Asked for values of entry %(entry)d to be erased."),
    "erasure_declined": N_("Values of entry %(entry)d were not erased: declined."),
    "posts_asked": N_("Asked for %(count)d post(s) of a list to be confirmed."),
    "posts_declined": N_("A list with %(count)d post(s) was declined."),
    ERASED: N_("Erased from entry %(entry)d by law, approved by %(approver)s. Ground: %(ground)s"),
}

#: Where the reason stands in a `body`: free text, whatever the kind.
REASON = "reason"
#: Which values of which kind name a person, or are free text: they are kept apart, so that they can be erased.
PERSONAL: Mapping[str, tuple[str, ...]] = {
    "account_added": ("account", "name"),
    "account_renamed": ("old", "new"),
    "post_handed_over": ("old", "new"),
    ERASED: ("ground",),
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


@dataclass(frozen=True, slots=True)
class Noted:
    """An alteration not yet written, and the values that go beside it."""

    row: Alteration
    kept: list[Kept]


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
    write_down([altered(author, kind, since=since, unit=unit, person=person, reason=reason, **body)])


def altered(
    author: Author,
    kind: str,
    *,
    since: date,
    unit: Unit | None = None,
    person: Account | None = None,
    reason: str = "",
    **body: Any,
) -> Noted:
    """Return one alteration, for callers that write many."""
    assert kind in SENTENCES, kind
    said = body | ({REASON: reason.strip()} if reason.strip() else {})
    sealed, kept = taken_out(said, (*PERSONAL.get(kind, ()), REASON))
    row = Alteration(
        at=author.now, account=author.account, post=author.post, kind=kind, since=since, unit=unit, person=person,
        body=sealed,
    )  # fmt: skip
    return Noted(row, kept)


def write_down(notes: Sequence[Noted]) -> None:
    """Write alterations in their order, in the transaction that makes them."""
    Alteration.objects.bulk_create([each.row for each in notes])
    AlterationValue.objects.bulk_create(
        AlterationValue(alteration_id=each.row.pk, slot=kept.slot, salt=kept.salt, value=kept.value)
        for each in notes
        for kept in each.kept
    )


@dataclass(frozen=True, slots=True)
class Told:
    """An alteration for reading: `who` is empty for the ledger's own operator.

    `erasable` are the places of values that are still there, `erased` says for each other one who approved and why.
    """

    entry: int
    at: datetime
    who: str
    since: date
    sentence: Sentence
    reason: str | Sentence
    unit: Unit | None
    person: Account | None
    erasable: Mapping[str, str]
    erased: Sequence[Sentence]


#: What stands in the place of a value that was erased.
_GONE = Sentence(N_("(erased)"))
_BY_LAW = N_("Erased by law on %(day)s, approved by %(approver)s. Ground: %(ground)s")


def tell(alterations: Iterable[Alteration]) -> list[Told]:
    """Return the alterations in words, in their order."""
    rows = list(alterations)
    values = values_of(row.pk for row in rows)
    lacking = [row.pk for row in rows if committed(row.body).keys() - values.get(row.pk, {}).keys()]
    lawful = erasures(lacking) if lacking else {}
    grounds = values_of(row.pk for row in lawful.values()) if lawful else {}
    names = _Names([*rows, *lawful.values()])
    return [_told(row, values.get(row.pk, {}), lawful, grounds, names) for row in rows]


class _Names:
    """What accounts and posts of some alterations are called."""

    def __init__(self, rows: Sequence[Alteration]) -> None:
        accounts = {row.account for row in rows}
        posts = {str(row.body["approver"]) for row in rows if row.kind == ERASED}
        self.accounts = dict(Account.objects.filter(account__in=accounts).values_list("account", "name"))
        self.posts = dict(Post.objects.filter(key__in=posts).values_list("key", "account__name")) if posts else {}

    def who(self, account: str) -> str:
        return "" if account == SYSTEM else self.accounts.get(account, account)

    def holder(self, post: str) -> str:
        return self.posts.get(post, post)


def _told(
    row: Alteration, values: Mapping[str, str], lawful: Mapping[tuple[int, str], Alteration],
    grounds: Mapping[int, Mapping[str, str]], names: _Names,
) -> Told:  # fmt: skip
    promised = committed(row.body)
    shown = {slot: values.get(slot, _GONE) if slot in promised else value for slot, value in row.body.items()}
    if row.kind == ERASED:
        shown["approver"] = names.holder(str(row.body["approver"]))
    by = {lawful[row.pk, slot].pk: lawful[row.pk, slot] for slot in promised if (row.pk, slot) in lawful}
    return Told(
        entry=row.pk,
        at=row.at,
        who=names.who(row.account),
        since=row.since,
        sentence=Sentence(SENTENCES.get(row.kind, row.kind), shown),
        reason=shown.get(REASON, ""),
        unit=row.unit,
        person=row.person,
        erasable={slot: values[slot] for slot in promised if slot in values},
        erased=[_by_law(each, grounds.get(each.pk, {}), names) for each in by.values()],
    )


def _by_law(erasure: Alteration, values: Mapping[str, str], names: _Names) -> Sentence:
    said = {
        "day": erasure.since,
        "approver": names.holder(str(erasure.body["approver"])),
        "ground": values.get("ground", _GONE),
    }
    return Sentence(_BY_LAW, said)
