"""The key that signs sessions and forms: one file in the data folder, readable by its owner alone."""

import os
import secrets
import tempfile
from pathlib import Path

FILE_NAME = "secret_key"


def make_secret_key(data: Path) -> None:
    """Write a new key into the folder `data` (made when absent); a key that is there already is kept.

    The key comes into being whole or not at all, so that two commands at once agree on one.
    """
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    # mkstemp makes the draft readable by its owner alone, and the link keeps that.
    descriptor, draft = tempfile.mkstemp(prefix=f".{FILE_NAME}.", dir=data)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, data / FILE_NAME)
    except FileExistsError:
        return
    finally:
        os.unlink(draft)


def read_secret_key(data: Path) -> str:
    """Return the key of the folder `data`, or a passing one where no ledger has been made yet.

    A passing key serves commands that need no ledger, such as `bihuan check`; nothing signed with it lasts.
    """
    path = data / FILE_NAME
    if not path.exists():
        return secrets.token_urlsafe(48)
    return path.read_text().strip()
