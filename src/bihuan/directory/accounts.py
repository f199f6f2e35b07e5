"""Accounts: made, opened, closed, and their passwords. What somebody else has read must be changed at first sign-in."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from .alterations import SYSTEM, Author, altered, note, write_down
from .models import Account

#: Letters and digits that are not mistaken for each other when they are read out.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
#: How many slips are made at once: a stack of paper that can be cut and handed out, and a few seconds of hashing.
TOGETHER = 500
#: An initial password is 60 bits of chance, which no number of rounds makes safer; signing in renews the hash.
_ROUNDS = 20_000


@dataclass(frozen=True, slots=True)
class Slip:
    """An initial password, to be printed once. It is stored nowhere but hashed."""

    account: Account
    password: str


def new_password() -> str:
    """Return a random password that can be read over the telephone: 60 bits in three groups."""
    return "-".join("".join(secrets.choice(_LETTERS) for _place in range(4)) for _group in range(3))


@transaction.atomic
def give_passwords(accounts: Iterable[Account], *, author: Author, today: date) -> list[Slip]:
    """Give each an initial password in place of whatever they had, and return the slips."""
    slips, notes = [], []
    for account in accounts:
        slip = Slip(account, new_password())
        account.password = _hashed(slip.password)
        account.must_change = True
        account.save(update_fields=["password", "must_change"])
        slips.append(slip)
        notes.append(altered(author, "password_given", since=today, person=account))
    write_down(notes)
    return slips


def _hashed(password: str) -> str:
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return hasher.encode(password, hasher.salt(), iterations=_ROUNDS)
    return make_password(password)


@transaction.atomic
def choose_password(account: Account, password: str, *, author: Author, today: date) -> None:
    """Set the password that its owner chose. Raises `Refusal` in words if it is too weak."""
    if account.check_password(password):
        raise Refusal("same_password", N_("This is the password you have; choose another one."), field="password")
    try:
        validate_password(password, account)
    except ValidationError as weak:
        raise Refusal("weak_password", " ".join(weak.messages).replace("%", "%%"), field="password") from None
    account.set_password(password)
    account.must_change = False
    account.save(update_fields=["password", "must_change"])
    note(author, "password_chosen", since=today, person=account)


@transaction.atomic
def open_account(name: str, person: str, *, author: Author, today: date) -> Account:
    """Make an account for one person; nobody signs in with it before a password is given. Raises `Refusal`."""
    name, person = name.strip(), " ".join(person.split())
    if not name or len(name) > 80 or name == SYSTEM or any(c.isspace() or c in "/|\x00" for c in name):
        raise Refusal(
            "bad_account", N_("Write an account of at most 80 characters, without blanks, / and |."), field="account"
        )
    if not person or len(person) > 80 or "\x00" in person:
        raise Refusal("bad_name", N_("Write the person's name, at most 80 characters."), field="name")
    if Account.objects.filter(account=name).exists():
        raise Refusal("account_taken", N_("There is an account “%(name)s” already."), field="account", name=name)
    account = Account(account=name, name=person)
    account.set_unusable_password()
    account.save()
    note(author, "account_added", since=today, person=account, account=name, name=person)
    return account


@transaction.atomic
def set_active(accounts: Iterable[Account], active: bool, *, author: Author, today: date) -> int:
    """Activate or deactivate accounts; return how many were not so before. Posts and history stay."""
    changed = [account for account in accounts if account.is_active != active]
    kind = "account_opened" if active else "account_closed"
    Account.objects.filter(pk__in=[account.pk for account in changed]).update(is_active=active)
    write_down([altered(author, kind, since=today, person=account) for account in changed])
    return len(changed)
