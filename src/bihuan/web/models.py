"""How each person looks at the Ledger: the views they saved, the columns and widths they chose.

Nothing of any matter is kept here. A view is an address with a name; what it shows is always what its reader
may open.
"""

from typing import ClassVar

from django.db import models

from bihuan.directory.models import Account, Unit


class SavedView(models.Model):
    """A filter of the Ledger under a name. `query` is its part of the address; `columns` are the chosen keys.

    With `unit`, everybody who holds a post there finds it among their views; only `account` changes it.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    query = models.TextField(blank=True)
    columns = models.JSONField(default=list)
    unit = models.ForeignKey(Unit, models.SET_NULL, related_name="+", null=True)
    saved_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "name"], name="view_name_once")]

    def __str__(self) -> str:
        return self.name


class GridChoice(models.Model):
    """What a person chose for the Ledger. `columns` are keys in their order (empty: the usual ones), `widths`
    pixels by key; `dense` lines stand closer. `view` is the one that the Ledger opens with."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="+", primary_key=True)
    columns = models.JSONField(default=list)
    widths = models.JSONField(default=dict)
    dense = models.BooleanField(default=False)
    view = models.ForeignKey(SavedView, models.SET_NULL, related_name="+", null=True)
