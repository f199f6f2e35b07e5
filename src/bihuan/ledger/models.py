"""What the ledger keeps. Only the code of this module's `execute`, `register` and `redact` writes these tables.

`Event` and `Disclosed` are the truth: `Event` never changes, `Disclosed` can only lose rows. `Matter` and
`Party` are folded from them and can be made again; `Claim` keeps out what may happen only once.
"""

from typing import ClassVar

from django.db import models

from bihuan.directory.models import Unit


class MechanismText(models.Model):
    """The text of a mechanism that some matter follows, kept for ever under its hash."""

    text_hash = models.CharField(max_length=64, primary_key=True)
    key = models.CharField(max_length=80, db_index=True)
    text = models.TextField()
    first_used = models.DateTimeField()


#: What lists narrow and sort by.
_LISTED = (
    *("ended", "due", "mechanism", "stage", "klass", "assertion", "recognition", "responsible", "supervising"),
    *("stage_due", "registered_on", "finding_no", "amount", "asking", "returned", "text_place"),
)


def _listing(*first: str) -> models.Index:
    """Return the index in the order of `first` that holds every column of a list.

    A matter's row is kilobytes, its state being in it: a list that reads rows to decide which ones it wants
    reads a hundred times as much as it shows. With all columns in the index it reads none. There are few of these,
    since every act writes to each.
    """
    return models.Index(fields=[*first, *(each for each in _LISTED if each not in first)], name=f"listing_{first[0]}")


class Matter(models.Model):
    """One matter as its events have made it. `amount` is fen. Days are local days of the ledger's time zone.

    `beyond` are the roles to which a step is left since its rounds are used up; NULL, and in no index, for nearly all.
    `text_place` is its place in the index of texts, once it is there (see `search_index`).
    """

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=12, unique=True)
    mechanism = models.CharField(max_length=80)
    mechanism_hash = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    head = models.CharField(max_length=64)
    stage = models.CharField(max_length=80)
    ended = models.CharField(max_length=12, blank=True)
    responsible = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    supervising = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True, db_index=False)
    parent = models.ForeignKey("self", models.PROTECT, related_name="children", null=True)
    due = models.DateField(null=True)
    original_due = models.DateField(null=True)
    stage_due = models.DateField(null=True)
    registered_on = models.DateField()
    entered_on = models.DateField()
    ended_on = models.DateField(null=True)
    title = models.TextField()
    finding_no = models.CharField(max_length=200)
    project = models.TextField()
    category = models.TextField()
    klass = models.CharField(max_length=80)
    amount = models.BigIntegerField(null=True)
    assertion = models.CharField(max_length=40, blank=True)
    recognition = models.CharField(max_length=40, blank=True)
    asking = models.DateField(null=True)
    returned = models.BooleanField(default=False)
    beyond = models.CharField(max_length=200, null=True)
    state = models.TextField()
    text_place = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            _listing("due", "id"),
            _listing("ended", "due", "id", "mechanism_hash"),
            _listing("registered_on", "id"),
            _listing("responsible", "id"),
            models.Index(fields=["supervising", "id"], name="matter_supervising"),
            models.Index(fields=["finding_no", "id"], name="matter_finding"),
            models.Index(fields=["beyond", "id"], condition=models.Q(beyond__isnull=False), name="matter_beyond"),
        ]

    def __str__(self) -> str:
        return self.number


class Event(models.Model):
    """One thing that happened to a matter. `payload` is the very bytes that were hashed; see `chain`."""

    pk = models.CompositePrimaryKey("matter_id", "version")
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="events", db_index=False)
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    at = models.CharField(max_length=40)
    recorded_at = models.CharField(max_length=40)
    account = models.CharField(max_length=80)
    post = models.CharField(max_length=100)
    payload = models.BinaryField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)


class Disclosed(models.Model):
    """The value behind a commitment in an event's payload, until it is redacted."""

    pk = models.CompositePrimaryKey("matter_id", "version", "slot")
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    slot = models.CharField(max_length=120)
    salt = models.CharField(max_length=32)
    value = models.TextField()


class Party(models.Model):
    """A unit that is something to a matter, for those who look for their own."""

    pk = models.CompositePrimaryKey("matter_id", "role", "unit_id")
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="parties", db_index=False)
    role = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["unit", "matter"], name="party_unit")]


class Link(models.Model):
    """Two matters that have to do with each other, neither part of the other."""

    pk = models.CompositePrimaryKey("matter_id", "other_id")
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="links", db_index=False)
    other = models.ForeignKey(Matter, models.CASCADE, related_name="linked_from")


class Claim(models.Model):
    """A key that only one matter may hold: the finding number of a project, a row that was imported."""

    space = models.CharField(max_length=100)
    key = models.CharField(max_length=200)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="claims")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["space", "key"], name="claim_once")]


class Spending(models.Model):
    """Money of a matter by budget year and source; `place` is the entry that says so. `amount` is fen."""

    pk = models.CompositePrimaryKey("matter_id", "place")
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="spending", db_index=False)
    place = models.CharField(max_length=20)
    year = models.IntegerField()
    source = models.CharField(max_length=80)
    amount = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["year", "source", "matter", "amount"], name="spending_year")]


class Mention(models.Model):
    """A register entry that a field of a matter names."""

    pk = models.CompositePrimaryKey("matter_id", "field", "entry")
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="mentions", db_index=False)
    field = models.CharField(max_length=80)
    register = models.CharField(max_length=80)
    entry = models.CharField(max_length=100)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["register", "entry", "matter"], name="mention_entry")]


class Evidence(models.Model):
    """A file given as proof in a matter, by the hash of its bytes. Its name is an erasable value of the event."""

    pk = models.CompositePrimaryKey("matter_id", "sha256")
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="files", db_index=False)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=120)
    given_at = models.DateTimeField()


class Refused(models.Model):
    """Something that was asked for and not allowed."""

    at = models.DateTimeField(db_index=True)
    account = models.CharField(max_length=80)
    post = models.CharField(max_length=100, blank=True)
    matter = models.UUIDField(null=True)
    asked = models.CharField(max_length=120)
    rule = models.CharField(max_length=40)
    detail = models.TextField(blank=True)


class SearchPending(models.Model):
    """A matter that was written and is not yet in the index of texts. Rows are only added, so writers never wait."""

    matter = models.UUIDField()


class SearchText(models.Model):
    """The normalised text by which a matter is found. `place` is its bit in the index, dense and from 0."""

    place = models.BigIntegerField(primary_key=True)
    matter = models.OneToOneField(Matter, models.CASCADE, related_name="searched")
    text = models.TextField()


class SearchPosting(models.Model):
    """Which matters of a block of places have `gram` in their text: `bits` as `postings` writes it."""

    pk = models.CompositePrimaryKey("block", "gram")
    block = models.IntegerField()
    gram = models.CharField(max_length=2)
    bits = models.BinaryField()
