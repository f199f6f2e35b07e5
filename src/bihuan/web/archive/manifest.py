"""What a backup says of itself: by which version it was made, of which engine, and every file with its hash."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bihuan.mechanism.sentence import N_, Listed, Sentence

#: The member that holds the manifest.
NAME = "bihuan-backup.json"
#: The form of the archive. A later form gets a higher number, and is refused by what knows only this one.
FORM = 1


class ArchiveProblem(Exception):
    """A backup that cannot be made or used; `sentence` says what is wrong and what would be right."""

    def __init__(self, text: str, **values: str | int | Listed) -> None:
        self.sentence = Sentence(text, values)
        super().__init__(str(self.sentence))


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the archive: the SHA-256 of its bytes in hexadecimal, and how many there are."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """`engine` is `sqlite` or `postgresql`; `migrations` are app → names as the database has them applied.

    `counts` are the rows of matters, events, evidence and accounts; `columns` table → columns, on PostgreSQL.
    `missing` are files of evidence that the database names and the folder lacked.
    """

    product: str
    made_at: str
    engine: str
    engine_version: str
    secret: bool
    counts: Mapping[str, int]
    migrations: Mapping[str, list[str]]
    columns: Mapping[str, list[str]]
    missing: list[str]
    files: Mapping[str, Part]

    def text(self) -> str:
        return json.dumps({"bihuan_backup": FORM, **asdict(self)}, ensure_ascii=False, indent=1)

    @property
    def size(self) -> int:
        """Bytes of all files, unpacked."""
        return sum(part.size for part in self.files.values())


def read_manifest(text: bytes) -> Manifest:
    """Return the manifest. Raises `ArchiveProblem` if it is none, or of a form that a later version wrote."""
    try:
        told: dict[str, Any] = json.loads(text)
        form = told.pop("bihuan_backup")
        if isinstance(form, int) and form > FORM:
            raise ArchiveProblem(
                N_("This backup was made by a later version (%(version)s); install that one or a newer to restore it."),
                version=str(told.get("product", "?")),
            )
        files = {name: Part(**part) for name, part in told.pop("files").items()}
        return Manifest(**told, files=files)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ArchiveProblem(N_("This is no backup of a Bihuan ledger: its manifest cannot be read.")) from None
