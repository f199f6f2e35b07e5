"""Who is who: units, people and their posts, what leaders answer for, and the registers matters refer to."""

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q


class Unit(models.Model):
    """A node of the organisation tree. `level` 1 is the top. Dates are local days, the last one included.

    Name, short names, level and parent are those in force when the unit was last written; those of another
    day are in `forms` (see `organisation`). `successor` takes over what is open when the unit has ended.
    """

    key = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    short_names = models.JSONField(default=list)
    level = models.PositiveSmallIntegerField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    since = models.DateField()
    until = models.DateField(null=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="predecessors")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["parent", "name"], condition=Q(until=None), name="unit_name_once_here"),
        ]

    def __str__(self) -> str:
        return self.name


class UnitForm(models.Model):
    """What a unit was, is or will be from a day on. A unit that never changed has none: its own columns hold."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="forms", db_index=False)
    since = models.DateField()
    name = models.CharField(max_length=200)
    short_names = models.JSONField(default=list)
    level = models.PositiveSmallIntegerField()
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["unit", "since"], name="unit_form_once_a_day")]


class Accounts(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(account=username)


class Account(AbstractBaseUser):
    """One person who may sign in. Rights never come from here: they come from the posts the person holds.

    `must_change` holds while the password is one that somebody else has read: an initial one from a slip.
    """

    account = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)
    must_change = models.BooleanField(default=False)

    objects = Accounts()

    USERNAME_FIELD = "account"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A person's place in a unit from a day to a day, with the roles it carries.

    A post without a unit is one for the whole ledger, such as that of the first clerk of a new one. Where
    somebody else takes it over, `successor` is their post; `renames` holds until the person fields of open
    matters have been brought in line with that.
    """

    key = models.CharField(max_length=100, unique=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="posts")
    title = models.CharField(max_length=120)
    roles = models.JSONField(default=list)
    since = models.DateField()
    until = models.DateField(null=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="predecessors")
    renames = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.key

    def held_on(self, day: date) -> bool:
        """Whether the post is held on `day`."""
        return self.since <= day and (self.until is None or day <= self.until)


class Portfolio(models.Model):
    """What a leader's post answers for: a unit with all below it (None: every unit) and a mechanism ('': all)."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="portfolios")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True)
    mechanism = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "unit", "mechanism"], name="portfolio_once"),
        ]


class Register(models.Model):
    """A list that matters refer to and that outlives them: enterprises, schools, policies."""

    key = models.CharField(max_length=80, unique=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)


class Entry(models.Model):
    """One line of a register, valid from a day to a day."""

    register = models.ForeignKey(Register, models.PROTECT, related_name="entries")
    key = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    values = models.JSONField(default=dict)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["register", "key"], name="entry_key_once")]


class Alteration(models.Model):
    """One thing that was done to units, accounts or posts: by whom, when, and from which day on it holds.

    Append-only: the databases refuse to change or remove a row. `body` are the values of the sentence that
    `alterations` has for `kind`; in place of a name or of free text stands its commitment (see `disclosed`).
    `account` and `post` are empty where the ledger's own operator did it.
    """

    at = models.DateTimeField()
    account = models.CharField(max_length=80)
    post = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="alterations")
    person = models.ForeignKey(Account, models.PROTECT, null=True, related_name="alterations")
    since = models.DateField()
    body = models.JSONField(default=dict)


class AlterationValue(models.Model):
    """The name or the text behind a commitment in an alteration, until it is erased: no row can be changed."""

    pk = models.CompositePrimaryKey("alteration_id", "slot")
    alteration = models.ForeignKey(Alteration, models.PROTECT, related_name="values_kept", db_index=False)
    slot = models.CharField(max_length=40)
    salt = models.CharField(max_length=32)
    value = models.TextField()


class Pending(models.Model):
    """What one of the three administrations asks for and another has yet to confirm; gone once that is settled.

    `kind` and `body` are those of `confirming`. `answer` says why it was declined, and waits for whoever asked.
    """

    kind = models.CharField(max_length=20)
    body = models.JSONField(default=dict)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
