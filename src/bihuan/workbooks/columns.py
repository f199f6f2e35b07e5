"""The columns of the workbooks that go out; they are the ledger's own form, which the intake reads back."""

from bihuan.intake.form.columns import NUMBER, NUMBER_HEAD, Column, Holds, Look, frozen_columns, ledger_columns

#: The sheets of a unit's workbook. The last is very hidden: A1 `handout` B1 uuid, A2 `unit` B2 the unit's key,
#: A3 `mechanism` B3 its key.
COVER, LEDGER, HIDDEN = "填报说明", "台账", "_bihuan"

__all__ = [
    "COVER",
    "HIDDEN",
    "LEDGER",
    "NUMBER",
    "NUMBER_HEAD",
    "Column",
    "Holds",
    "Look",
    "frozen_columns",
    "ledger_columns",
]
