"""What an office has written does not get lost by an upgrade: a ledger of an earlier version goes on here."""

import json
from typing import Any

import pytest

from installation import Installation
from older import only, unpack

ENGLISH = {"BIHUAN_LANGUAGE": "en"}


@pytest.fixture
def older(installation: Installation) -> tuple[Installation, dict[str, Any]]:
    installation.extra.update(ENGLISH)
    return installation, unpack(installation)


def _listed(installation: Installation) -> dict[str, dict[str, Any]]:
    listed = installation.run("list", "--as", "clerk", "--json")
    assert listed.returncode == 0, listed.stderr
    return {matter["number"]: matter for matter in json.loads(listed.stdout)["matters"]}


def test_an_older_ledger_is_refused_until_upgraded_then_whole_and_walked_on(
    older: tuple[Installation, dict[str, Any]],
) -> None:
    installation, told = older
    refused = installation.run("list")
    assert refused.returncode == 2 and "bihuan upgrade" in refused.stderr

    upgraded = installation.run("upgrade")
    assert upgraded.returncode == 0, upgraded.stderr
    assert only(installation.data / "backups").exists()
    again = installation.run("upgrade")
    assert again.returncode == 0 and "nothing to do" in again.stdout

    verified = installation.run("verify", "--files", "--json")
    assert json.loads(verified.stdout) == {"intact": True, "matters": len(told["matters"]), "broken": []}
    listed = _listed(installation)
    for matter in told["matters"]:
        now = listed[matter["number"]]
        kept = {name: now[name] for name in ("stage", "title", "version")}
        assert kept == {name: matter[name] for name in kept}
        assert (str(now["due"]), now["ended"] or "") == (matter["due"], matter["ended"])
        assert now["responsible_unit"] == matter["unit"]
    assert len(listed) == len(told["matters"])
    _walk_on(installation, next(each["number"] for each in told["matters"] if each["stage"] == "registered"))
    _refuse_later(installation)


def _walk_on(installation: Installation, number: str) -> None:
    before = _listed(installation)[number]
    acted = installation.run("act", number, "dispatch", "--as", "clerk", "--json")
    assert acted.returncode == 0, acted.stderr + acted.stdout
    after = _listed(installation)[number]
    assert after["version"] == before["version"] + 1 and after["stage"] != before["stage"]
    assert installation.run("verify", number).returncode == 0


def _refuse_later(installation: Installation) -> None:
    """A ledger of a later version is left alone."""
    _pretend_later(installation)
    refused = installation.run("upgrade")
    assert refused.returncode == 2 and "later version" in refused.stderr


def _pretend_later(installation: Installation) -> None:
    import sqlite3
    from contextlib import closing

    import psycopg

    statement = "INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '9999_later', '2026-11-25')"
    if installation.database_url:
        with psycopg.connect(installation.database_url, autocommit=True) as connection:
            connection.execute(statement)
        return
    with closing(sqlite3.connect(installation.data / "ledger.sqlite3")) as connection, connection:
        connection.execute(statement)
