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


class Matter(models.Model):
    """One matter as its events have made it. `amount` is fen. Days are local days of the ledger's time zone."""

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=12, unique=True)
    mechanism = models.CharField(max_length=80)
    mechanism_hash = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    head = models.CharField(max_length=64)
    stage = models.CharField(max_length=80)
    ended = models.CharField(max_length=12, blank=True)
    responsible = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    supervising = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
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
    state = models.TextField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due", "id"], name="matter_due"),
            models.Index(fields=["responsible", "mechanism", "due"], name="matter_unit_due"),
            models.Index(fields=["ended", "due", "id"], name="matter_open_due"),
            models.Index(fields=["stage", "stage_due"], name="matter_stage_due"),
            models.Index(fields=["finding_no"], name="matter_finding_no"),
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

    space = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="claims")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["space", "key"], name="claim_once")]


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
