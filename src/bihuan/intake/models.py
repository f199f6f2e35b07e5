"""What was brought in: files, their sheets and rows, and the rows that wait for a person.

A row keeps its texts only until it has become a matter: from then on personal data lies in the ledger alone,
where it can be erased. What stays is enough to know the row again: its key, and salted prints of its values.
"""

from typing import ClassVar

from django.db import models

from bihuan.directory.models import Post, Unit
from bihuan.ledger.models import Matter


class Status(models.TextChoices):
    """Where a row stands. The first three are what reading it made of it; the others what became of it."""

    READY = "ready"
    WAITING = "waiting"
    SKIPPED = "skipped"
    CREATED = "created"
    UNCHANGED = "unchanged"
    DIFFERING = "differing"
    DECIDED = "decided"
    DISCARDED = "discarded"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class Stage(models.TextChoices):
    """How far an intake has come. One that is being stored is nobody's yet."""

    STORING = "storing"
    OPEN = "open"
    COMMITTED = "committed"
    WITHDRAWN = "withdrawn"


class Intake(models.Model):
    """One file brought in by a post. `sheet`, `mapping` and `reference_day` are as they were asked for.

    `pace` is how many rows a step of the commit takes; it follows the measured time.
    """

    id = models.UUIDField(primary_key=True)
    mechanism = models.CharField(max_length=80)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    sheet = models.CharField(max_length=255, null=True)
    mapping = models.JSONField(null=True)
    reference_day = models.DateField(null=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    account = models.CharField(max_length=80)
    stage = models.CharField(max_length=12, choices=Stage.choices)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    pace = models.PositiveIntegerField(default=200)

    def __str__(self) -> str:
        return self.name


class IntakeSheet(models.Model):
    """A sheet of the file that holds a ledger: its columns in their order, and which field took up which."""

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="sheets")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=255)
    header_rows = models.JSONField()
    mapping = models.JSONField()
    anchors = models.JSONField()
    columns = models.JSONField()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["intake", "position"], name="intake_sheet_once")]


class IntakeRow(models.Model):
    """One row of a sheet. `values`, `cells` and `problems` are JSON texts (see `contents`), '' once cleared.

    `key` is what the row is known by; `mark` a salted print of its cells as they stood, `prints` salted
    prints of the values that it last gave to its matter, field by field.
    """

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="rows", db_index=False)
    sheet_no = models.PositiveSmallIntegerField()
    row = models.PositiveIntegerField()
    read_as = models.CharField(max_length=8)
    status = models.CharField(max_length=10, choices=Status.choices)
    key = models.CharField(max_length=64, blank=True, db_index=True)
    salt = models.CharField(max_length=32, blank=True)
    mark = models.CharField(max_length=32, blank=True)
    prints = models.TextField(blank=True)
    values = models.TextField(blank=True)
    cells = models.TextField(blank=True)
    problems = models.TextField(blank=True)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="+", null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["intake", "status", "id"], name="intake_row_status")]


class SavedMapping(models.Model):
    """A mapping of fields to column labels that a unit keeps by name, for the next file of the same form."""

    name = models.CharField(max_length=120)
    mechanism = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
    columns = models.JSONField()
    saved_by = models.CharField(max_length=80)
    saved_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "mechanism", "name"], nulls_distinct=False, name="mapping_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
