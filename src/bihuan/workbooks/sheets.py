"""The sheets of a unit's workbook. Their columns are those of the ledger's own form (`intake.form.columns`)."""

#: The last is very hidden: A1 `handout` B1 uuid, A2 `unit` B2 the unit's key, A3 `mechanism` B3 its key.
COVER, LEDGER, HIDDEN = "填报说明", "台账", "_bihuan"
