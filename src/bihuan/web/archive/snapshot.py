"""A database as it stood at one moment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

#: What is counted for the manifest, and in which table.
COUNTED = {
    "matters": "ledger_matter",
    "events": "ledger_event",
    "evidence": "ledger_evidence",
    "accounts": "directory_account",
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`parts` are the files of the archive with their bytes, to be read once; the rest as in the manifest.

    `evidence` holds the matter (32 hexadecimal digits) and hash of every file that the database names.
    """

    engine: str
    engine_version: str
    counts: Mapping[str, int]
    migrations: Mapping[str, list[str]]
    columns: Mapping[str, list[str]]
    evidence: frozenset[tuple[str, str]]
    parts: Iterator[tuple[str, Iterator[bytes]]]
