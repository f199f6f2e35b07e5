"""Backups: one archive that holds a whole ledger, made while people work, and made into a ledger again.

A ZIP file, so that it can be looked into with any tool: `bihuan-backup.json` (the manifest, written last),
`database/…` (an SQLite file, or the rows of every PostgreSQL table) and `data/…` (the data folder's files).
"""
