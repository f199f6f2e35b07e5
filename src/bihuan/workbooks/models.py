"""Which workbooks went out to whom, which came back, and what they propose.

Neither what went out nor what came back is copied into rows that outlive it: what a workbook said of a matter
when it went out is read from the matter's own history at `version`, where erasure reaches it.
"""

from typing import ClassVar

from django.db import models

from bihuan.directory.models import Post, Unit
from bihuan.ledger.models import Matter


class Handout(models.Model):
    """One splitting of a ledger: a workbook for each responsible unit, wanted back by `return_by`."""

    id = models.UUIDField(primary_key=True)
    mechanism = models.CharField(max_length=80)
    made_at = models.DateTimeField(db_index=True)
    return_by = models.DateField()
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    account = models.CharField(max_length=80)


class HandoutPart(models.Model):
    """The workbook of one unit. `returned_at` is when the first file that answers it was brought in."""

    handout = models.ForeignKey(Handout, models.CASCADE, related_name="parts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    file = models.CharField(max_length=255)
    returned_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["handout", "unit"], name="handout_unit_once")]


class HandoutRow(models.Model):
    """A matter that stands in a workbook, and the version that it had then."""

    part = models.ForeignKey(HandoutPart, models.CASCADE, related_name="rows")
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["part", "matter"], name="handout_matter_once")]


class Answer(models.Model):
    """One file that came back. `part` is the workbook it answers, where that is known."""

    id = models.UUIDField(primary_key=True)
    mechanism = models.CharField(max_length=80)
    part = models.ForeignKey(HandoutPart, models.PROTECT, related_name="answers", null=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    brought_at = models.DateTimeField(db_index=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    account = models.CharField(max_length=80)
    unchanged = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)


class ProposalStatus(models.TextChoices):
    """`PROPOSED` waits for a person; `REFUSED` may not be done by whoever wrote it, and is shown and left."""

    PROPOSED = "proposed"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Proposal(models.Model):
    """One value that a returned workbook says anew. `old` and `new` are JSON texts, '' once it is decided.

    `row` is the row of the sheet as people count; `version` that of the matter which `old` was read from, none where
    the row is of no matter, or contradicts itself as to which.
    """

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="proposals")
    sheet = models.CharField(max_length=255, blank=True)
    row = models.PositiveIntegerField()
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="+", null=True)
    version = models.PositiveIntegerField(null=True)
    field = models.CharField(max_length=80)
    action = models.CharField(max_length=80, blank=True)
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=ProposalStatus.choices)
    reason = models.TextField(blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["answer", "status", "id"], name="proposal_status")]
