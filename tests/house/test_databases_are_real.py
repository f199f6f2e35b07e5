"""The tests run on what installations run on: a file with WAL, or a PostgreSQL server."""

from pathlib import Path

import pytest
from django.db import connection

from installation import Installation


def _ask(question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return str(cursor.fetchone()[0])


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_sqlite_is_a_file_with_a_write_ahead_log_and_full_durability() -> None:
    assert Path(connection.settings_dict["NAME"]).is_file()
    assert _ask("PRAGMA journal_mode") == "wal"
    assert _ask("PRAGMA synchronous") == "2"
    assert _ask("PRAGMA foreign_keys") == "1"


@pytest.mark.postgresql
@pytest.mark.django_db
def test_postgresql_is_a_server_that_reads_chinese() -> None:
    assert connection.vendor == "postgresql"
    assert int(_ask("SHOW server_version_num")) >= 180000
    assert _ask("SELECT length('闭环')") == "2"


def test_an_installation_of_its_own_is_empty_and_apart(installation: Installation) -> None:
    assert not installation.data.exists()
    assert installation.environment["BIHUAN_DATA"] == str(installation.data)
    assert bool(installation.database_url) == (connection.vendor == "postgresql")
    assert installation.database_url != connection.settings_dict["NAME"]
