"""What cannot be taken in is refused in one sentence over the form, is recorded, and leaves nothing behind."""

import hashlib
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.directory.models import Post
from bihuan.intake.models import Intake, IntakeRow
from bihuan.ledger.models import Refused
from city import SINCE, City
from clerks_table import Table, row
from import_desk import committed, opened, refusal, send


@pytest.fixture
def table(city: City, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Table:
    settings.BIHUAN_INTAKE = tmp_path / "intake"
    received = tmp_path / "received"
    received.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(received)
    monkeypatch.setattr(tempfile, "tempdir", str(received))
    return Table(city, tmp_path)


def left_behind(table: Table) -> list[Path]:
    folders = (table.folder / "received", table.folder / "intake")
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def bomb(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 420_000_000, compresslevel=1)
    return path


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.either_engine
@pytest.mark.parametrize("kind", ["empty", "nothing", "letter", "bomb"])
def test_a_file_that_is_no_ledger(kind: str, table: Table, signed_in: Any) -> None:
    files = {
        "empty": lambda: written(table.folder / "空.xlsx", b""),
        "nothing": lambda: written(table.folder / "乱.xlsx", b"\x00\x01" * 500),
        "letter": lambda: written(table.folder / "信.csv", "各位同事：\n请于周五前报送。\n".encode()),
        "bomb": lambda: bomb(table.folder / "大.xlsx"),
    }
    path = files[kind]()
    answer = send(signed_in("clerk"), path, reference_day="2026-03-01")
    assert answer.status_code == 422
    sentence = refusal(answer)
    assert 0 < len(sentence) <= 400 and "\n" not in sentence
    assert 'value="2026-03-01"' in answer.content.decode(), "the form is kept"
    assert not Intake.objects.exists() and not IntakeRow.objects.exists() and not left_behind(table)
    noted = Refused.objects.get()
    detail = json.loads(noted.detail)
    assert noted.account == "clerk" and detail["name"] == path.name
    assert detail["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_file_beyond_what_may_be_sent(table: Table, signed_in: Any, settings: Any) -> None:
    settings.BIHUAN_MAX_UPLOAD = 2 << 20
    path = written(table.folder / "很大.xlsx", b"PK" + bytes(5 << 20))
    answer = send(signed_in("clerk"), path)
    assert answer.status_code == 422
    assert "6 MB" in refusal(answer) and "2 MB" in refusal(answer)
    assert not Intake.objects.exists() and not left_behind(table)
    assert json.loads(Refused.objects.get().detail)["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_no_file_at_all(table: Table, signed_in: Any) -> None:
    answer = signed_in("clerk").post(reverse("import_start"), {"mechanism": "audit_rectification"})
    assert answer.status_code == 422 and "选择" in refusal(answer)


def test_the_form_is_guarded_although_its_check_waits_for_the_file(table: Table, signed_in: Any) -> None:
    client = signed_in("clerk", enforce_csrf_checks=True)
    answer = send(client, table.write([row(1)]))
    assert answer.status_code == 403
    assert not Intake.objects.exists() and not left_behind(table)


@pytest.mark.parametrize("account", ["liaison", "verifier", "leader", "sysadmin", "inspector"])
def test_whoever_may_not_register_is_told_who_may(account: str, table: Table, signed_in: Any) -> None:
    client: Client = signed_in(account)
    intake = opened(signed_in("clerk"), table.write([row(1)]))
    Refused.objects.all().delete()
    addresses = [reverse("import_start"), reverse("tray"), reverse("intake", args=[intake.pk])]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 403
        assert "澄湖市审计局 clerk" in answer.content.decode()
    assert send(client, table.write([row(2)])).status_code == 403
    assert client.post(reverse("intake_commit", args=[intake.pk])).status_code == 403
    assert Refused.objects.filter(account=account).count() == len(addresses) + 2
    assert Intake.objects.get().stage == "open"


def test_another_units_import_does_not_exist_for_a_colleague_elsewhere(
    table: Table, signed_in: Any, city: City
) -> None:
    Post.objects.create(
        key="elsewhere",
        account=city.posts["other"].account,
        unit=city.units["finance"],
        title="内审",
        roles=["supervisor"],
        since=SINCE,
    )
    intake = committed(signed_in("clerk"), table.write([row(1, unit="没有的局")]))
    waiting = intake.rows.get(status="waiting")
    client = signed_in("other")
    for address in (reverse("intake", args=[intake.pk]), reverse("import_row", args=[waiting.pk])):
        assert client.get(address).status_code == 404
    assert client.post(reverse("intake_withdraw", args=[intake.pk]), {"reason": "x"}).status_code == 404
    assert "没有的局" not in client.get(reverse("tray")).content.decode()


def test_somebody_who_is_not_signed_in_leaves_nothing(table: Table) -> None:
    assert send(Client(), table.write([row(1)])).status_code == 401
    assert not Intake.objects.exists() and not left_behind(table)
