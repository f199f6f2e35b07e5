"""A ledger that an earlier version made, saved in tests/house/older: every test of an upgrade starts from it.

28 matters in thirteen stages with evidence, an import of which four rows wait, and one redaction. Written once,
by the code of commit bbb2a7f, and never renewed: what it holds is what is out there.
"""

import json
import tarfile
from pathlib import Path
from typing import Any

import psycopg

from installation import Installation
from tree import ROOT

_SAVED = ROOT / "tests" / "house" / "older"


def unpack(installation: Installation) -> dict[str, Any]:
    """Put the older ledger into an empty installation; return what its version listed of it."""
    engine = "postgresql" if installation.database_url else "sqlite"
    with tarfile.open(_SAVED / f"{engine}.tar.xz") as saved:
        saved.extractall(installation.data.parent, filter="data")
    if installation.database_url:
        with psycopg.connect(installation.database_url) as connection:
            connection.execute((installation.data.parent / "ledger.sql").read_text(encoding="utf-8"))
    told: dict[str, Any] = json.loads((installation.data.parent / "expected.json").read_text(encoding="utf-8"))
    return told


def only(folder: Path) -> Path:
    """Return the one backup in a folder."""
    [path] = folder.glob("*.zip")
    return path
