"""Which files of the data folder belong into a backup: all but the database, the logs, the key and old backups."""

import os
from collections.abc import Iterator
from pathlib import Path

#: In the archive, in front of the path within the data folder.
PREFIX = "data/"
SECRET = "secret_key"
#: Names at the top of the data folder that a backup leaves out.
LEFT_OUT = frozenset({"ledger.sqlite3", "ledger.sqlite3-wal", "ledger.sqlite3-shm", "logs", "backups", SECRET})


def files(data: Path) -> Iterator[tuple[str, Path]]:
    """Yield (path within the data folder, file); drafts, which begin with a dot, belong to nobody yet."""
    for folder, below, names in os.walk(data):
        here = Path(folder)
        top = here == data
        below[:] = sorted(name for name in below if not name.startswith(".") and not (top and name in LEFT_OUT))
        for name in sorted(names):
            path = here / name
            if not name.startswith(".") and not (top and name in LEFT_OUT) and path.is_file():
                yield path.relative_to(data).as_posix(), path


def place_of(matter: str, sha256: str) -> str:
    """Return the path within the data folder of a file of evidence; `matter` in 32 hexadecimal digits."""
    name = f"{matter[:8]}-{matter[8:12]}-{matter[12:16]}-{matter[16:20]}-{matter[20:]}"
    return f"evidence/{name[-2:]}/{name}/{sha256}"
