"""Where the ledger lies, as Django wants to be told: an SQLite file, or a PostgreSQL by its address."""

from pathlib import Path
from typing import Any

from bihuan.mechanism.sentence import N_, Sentence
from bihuan.web.environment import SettingProblem

# FULL, not NORMAL: in WAL mode NORMAL may lose the last commits at a power cut, and an act that was
# acknowledged to a person must not vanish. IMMEDIATE: a writer waits for its turn when it begins; a
# transaction that read first and wrote later would fail instead of waiting. SECURE_DELETE, whatever the library
# was built with: what is erased by law must not stay legible in the free space of the file.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000; PRAGMA secure_delete=ON;"
    ),
}


def database(*, url: str, data: Path) -> dict[str, Any]:
    """Return the entry for DATABASES: PostgreSQL when `url` is given, else the SQLite file in `data`."""
    return postgresql(url) if url else sqlite(data / "ledger.sqlite3")


def sqlite(path: Path) -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": SQLITE_OPTIONS}


def postgresql(url: str) -> dict[str, Any]:
    """Read `postgresql://user:password@host:port/name?option=value` (any option of libpq).

    Raises SettingProblem when the address cannot be understood; the message never repeats the password.
    """
    # Imported here because an office on SQLite need not pay for loading the PostgreSQL driver.
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts = conninfo_to_dict(url) if url.startswith(("postgresql://", "postgres://")) else {}
    except ProgrammingError:
        parts = {}
    if not parts.get("dbname"):
        raise SettingProblem(
            Sentence(
                N_(
                    "BIHUAN_DATABASE_URL cannot be understood; it should look like "
                    "postgresql://user:password@host:5432/bihuan."
                )
            )
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": parts,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
