"""Each look of `bihuan doctor` sees the fault that it is for, and is content without it."""

import json
import os
import socket
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from bihuan.directory.calendars import load_calendar
from bihuan.ledger.models import Evidence
from bihuan.ledger.store import path_of
from bihuan.mechanism.sentence import Sentence
from bihuan.web.cli import main
from bihuan.web.doctor import city as office
from bihuan.web.doctor import machine, network, store
from bihuan.web.doctor.finding import Finding, Level
from bihuan.web.secret import make_secret_key
from city import City, build_city
from triggers import without_triggers

OK, WARN, BAD = Level.OK, Level.WARN, Level.BAD


@pytest.fixture
def city(db: Any) -> City:
    return build_city()


def _levels(*findings: Finding) -> list[Level]:
    return [finding.level for finding in findings]


def test_versions_of_the_machine() -> None:
    assert _levels(machine.python((3, 13, 1)), machine.python((3, 10, 9))) == [OK, BAD]
    assert _levels(machine.sqlite((3, 40, 1)), machine.sqlite((3, 31, 0))) == [OK, BAD]


def test_rights_of_the_folder_and_of_the_key(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert machine.secret_key(data / "secret_key").level is BAD
    make_secret_key(data)
    assert _levels(machine.rights(data), machine.secret_key(data / "secret_key")) == [OK, OK]
    os.chmod(data, 0o755)
    os.chmod(data / "secret_key", 0o644)
    assert _levels(machine.rights(data), machine.secret_key(data / "secret_key")) == [WARN, BAD]


def test_room_on_the_disk_and_size_of_the_logs(tmp_path: Path) -> None:
    assert [machine.disk(tmp_path, free=free << 20).level for free in (100, 1000, 9000)] == [BAD, WARN, OK]
    (tmp_path / "bihuan.log").write_bytes(b"x" * 2000)
    assert _levels(machine.logs(tmp_path), machine.logs(tmp_path, limit=1000)) == [OK, WARN]


def test_the_clock_never_stands_before_what_was_recorded() -> None:
    now = datetime(2026, 6, 10, 12, tzinfo=UTC)
    assert machine.clock(now, now - timedelta(hours=1), "Asia/Shanghai").level is OK
    assert machine.clock(now, None, "Asia/Shanghai").level is OK
    assert machine.clock(now, now + timedelta(days=1), "Asia/Shanghai").level is BAD
    assert machine.clock(now, None, "Europe/Berlin").level is WARN


def test_the_calendar_warns_before_it_ends() -> None:
    until = load_calendar().covered_until
    days = (until - timedelta(days=100), until - timedelta(days=10), until + timedelta(days=1))
    assert [office.calendar(load_calendar(), day).level for day in days] == [OK, WARN, WARN]


def test_mechanisms_that_are_not_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert office.mechanisms().level is OK

    def broken() -> None:
        raise ValueError("a stage without an exit")

    monkeypatch.setattr(office, "current", broken)
    assert office.mechanisms().level is BAD


def test_a_first_password_of_somebody_powerful(city: City) -> None:
    today = date(2026, 6, 10)
    assert office.passwords(today).level is OK
    account = city.posts["sysadmin"].account
    account.must_change = True
    account.save()
    assert office.passwords(today).level is WARN
    assert "sysadmin" in str(office.passwords(today).sentence.values["names"])


def test_demonstration_roles_and_backups() -> None:
    assert _levels(office.demonstration(False), office.demonstration(True)) == [OK, WARN]
    assert _levels(office.roles([]), office.roles([Sentence("Nobody.")])) == [OK, WARN]
    assert [store.backup(age).level for age in (0, 3, 30, None)] == [OK, WARN, BAD, WARN]


def test_the_database_and_its_tables(city: City) -> None:
    assert store.database().level is OK
    assert _levels(store.migrations(False), store.migrations(True)) == [OK, BAD]


def test_exactly_the_triggers_that_guard_history_are_known(city: City) -> None:
    assert store.standing() == store.GUARDS[connection.vendor]


@pytest.mark.django_db(transaction=True)
def test_a_trigger_that_is_gone_is_named() -> None:
    assert store.triggers().level is OK
    if connection.vendor == "sqlite":
        with without_triggers():
            assert store.triggers().level is BAD
        assert store.triggers().level is OK
        return
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_event DISABLE TRIGGER event_keep")
        try:
            found = store.triggers()
        finally:
            cursor.execute("ALTER TABLE ledger_event ENABLE TRIGGER event_keep")
    assert found.level is BAD and "event_keep" in str(found.sentence)


def test_a_file_of_evidence_that_is_gone_or_cut(city: City) -> None:
    matter = city.claimed()
    assert _levels(store.evidence(full=True), store.evidence(full=False)) == [OK, OK]
    kept = Evidence.objects.get(matter=matter)
    path_of(matter.pk, kept.sha256).write_bytes(b"cut")
    assert matter.number in str(store.evidence(full=True).sentence.values["numbers"])
    path_of(matter.pk, kept.sha256).unlink()
    assert store.evidence(full=False).level is BAD


def test_names_port_and_certificate(tmp_path: Path) -> None:
    assert _levels(network.hosts("0.0.0.0", []), network.hosts("0.0.0.0", ["duban.example"])) == [BAD, OK]
    assert network.hosts("127.0.0.1", ["*"]).level is WARN
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        number = listening.getsockname()[1]
        assert network.port("127.0.0.1", number).level is WARN
        listening.listen()
        assert network.port("127.0.0.1", number).level is OK
    now = datetime.now(UTC)
    for names, proxied, level in ((["127.0.0.1"], False, OK), (["10.1.2.3"], False, WARN), (["10.1.2.3"], True, OK)):
        assert network.tls(None, None, proxied=proxied, names=names, now=now).level is level
    assert network.tls(tmp_path / "absent", tmp_path / "absent", proxied=False, names=[], now=now).level is BAD


def test_the_command_says_all_of_it_and_its_code_says_whether_something_is_wrong(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    make_secret_key(settings.BIHUAN_DATA)
    code = main(["doctor", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert code == (1 if told["bad"] else 0)
    checks = {each["check"] for each in told["checks"]}
    assert checks >= {"python", "sqlite", "rights", "secret_key", "disk", "logs", "calendar", "mechanisms", "hosts"}
    assert checks >= {"tls", "port", "backup", "database", "migrations", "triggers", "clock", "evidence", "roles"}
    os.chmod(settings.BIHUAN_DATA / "secret_key", 0o644)
    assert main(["doctor"]) == 1
    assert "chmod 600" in capsys.readouterr().out
    os.chmod(settings.BIHUAN_DATA / "secret_key", 0o600)
