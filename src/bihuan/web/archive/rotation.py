"""What backups are called, and which old ones go."""

import re
from datetime import datetime
from pathlib import Path

_NAME = re.compile(r"bihuan-\d{8}-\d{6}\.zip")


def name_at(moment: datetime) -> str:
    """Return the file name of a backup made at `moment`, in the ledger's own time."""
    return f"bihuan-{moment:%Y%m%d-%H%M%S}.zip"


def remove_older(folder: Path, keep: int) -> list[Path]:
    """Delete all but the `keep` newest backups that carry such a name; return those that went."""
    found = sorted((path for path in folder.iterdir() if _NAME.fullmatch(path.name)), key=lambda path: path.name)
    older = found[:-keep]
    for path in older:
        path.unlink(missing_ok=True)
    return older
