"""A backup made while people work holds everything, is tried out, and becomes a ledger whose history is guarded."""

import json
import shutil
import sqlite3
import threading
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import psycopg.conninfo
import pytest

import engines
from bihuan.web.archive.manifest import FORM, NAME
from installation import Installation
from older import only, unpack


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A ledger of this version with matters, files and a redaction in it; made once, and copied by each test."""
    folder = tmp_path_factory.mktemp("upgraded")
    name = f"upgraded_{uuid.uuid4().hex}"
    url = engines.make_database(name) if engines.chosen() == "postgresql" else ""
    made = Installation(data=folder / "data", database_url=url, extra={"BIHUAN_LANGUAGE": "en"})
    unpack(made)
    done = made.run("upgrade")
    assert done.returncode == 0, done.stderr
    shutil.rmtree(made.data / "backups")
    yield made
    if url:
        engines.drop_database(name)


@pytest.fixture
def ledger(upgraded: Installation, tmp_path: Path) -> Iterator[Installation]:
    data = tmp_path / "ledger" / "data"
    shutil.copytree(upgraded.data, data)
    if not upgraded.database_url:
        yield Installation(data=data, extra=dict(upgraded.extra))
        return
    name = f"copied_{uuid.uuid4().hex}"
    source = psycopg.conninfo.conninfo_to_dict(upgraded.database_url)["dbname"]
    url = engines.make_database(name, template=str(source))
    yield Installation(data=data, database_url=url, extra=dict(upgraded.extra))
    engines.drop_database(name)


@pytest.fixture
def empty(ledger: Installation, tmp_path: Path) -> Iterator[Installation]:
    """Another place, on the same engine, where nothing is yet."""
    extra = {"BIHUAN_LANGUAGE": "en"}
    if not ledger.database_url:
        yield Installation(data=tmp_path / "again" / "data", extra=extra)
        return
    name = f"restored_{uuid.uuid4().hex}"
    yield Installation(data=tmp_path / "again" / "data", database_url=engines.make_database(name), extra=extra)
    engines.drop_database(name)


def _backup(ledger: Installation, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    made = ledger.run("backup", "--to", folder)
    assert made.returncode == 0, made.stderr
    assert "28 matters" in made.stdout
    return only(folder)


def _restore(empty: Installation, file: Path) -> str:
    empty.data.parent.mkdir(exist_ok=True)
    done = empty.run("restore", file)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _execute(installation: Installation, statement: str) -> None:
    if installation.database_url:
        with psycopg.connect(installation.database_url, autocommit=True) as connection:
            connection.execute(statement)
        return
    with closing(sqlite3.connect(installation.data / "ledger.sqlite3")) as connection, connection:
        connection.execute(statement)


def test_what_was_backed_up_comes_back_and_its_history_is_still_guarded(
    ledger: Installation, empty: Installation, tmp_path: Path
) -> None:
    file = _backup(ledger, tmp_path / "backups")
    assert file.stat().st_mode & 0o077 == 0
    assert "28 matters" in _restore(empty, file)
    for words in (["list", "--as", "clerk", "--json"], ["people", "list", "--json"]):
        assert json.loads(empty.run(*words).stdout) == json.loads(ledger.run(*words).stdout)
    assert empty.run("verify", "--files").returncode == 0

    for statement in ("UPDATE ledger_event SET kind = 'other'", "DELETE FROM ledger_event"):
        with pytest.raises((sqlite3.Error, psycopg.Error), match="append-only"):
            _execute(empty, statement)
    # Keys are counted on from where they were: a new account is not given one that is taken.
    assert empty.run("people", "password", "clerk").returncode == 0
    number = next(each["number"] for each in json.loads(empty.run("list", "--as", "clerk", "--json").stdout)["matters"]
                  if each["stage"] == "registered")  # fmt: skip
    assert empty.run("act", number, "dispatch", "--as", "clerk").returncode == 0

    refused = empty.run("restore", file)
    assert refused.returncode == 2 and "not empty" in refused.stderr
    assert empty.run("verify").returncode == 0


def test_a_backup_is_taken_while_somebody_writes(ledger: Installation, empty: Installation, tmp_path: Path) -> None:
    import_file = tmp_path / "one.csv"
    stop, written = threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            row = f"W-{len(written)},边写边备,立行立改,市财政局,2026-12-30"
            import_file.write_text(f"问题编号,问题摘要,整改类型,责任单位,整改时限\n{row}\n", encoding="utf-8")
            done = ledger.run("import", import_file, "--mechanism", "audit_rectification", "--as", "clerk")
            written.append(done.returncode)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        (tmp_path / "backups").mkdir()
        made = ledger.run("backup", "--to", tmp_path / "backups")
    finally:
        stop.set()
        writer.join()
    assert made.returncode == 0, made.stderr
    assert written and set(written) == {0}
    _restore(empty, only(tmp_path / "backups"))


def test_the_key_travels_only_when_asked_for(ledger: Installation, empty: Installation, tmp_path: Path) -> None:
    file = _backup(ledger, tmp_path / "backups")
    assert "data/secret_key" not in zipfile.ZipFile(file).namelist()
    assert "signs in again" in _restore(empty, file)
    key = (ledger.data / "secret_key").read_text()
    assert (empty.data / "secret_key").read_text() != key
    assert ledger.run("backup", "--to", tmp_path / "with.zip", "--with-secret").returncode == 0
    assert zipfile.ZipFile(tmp_path / "with.zip").read("data/secret_key").decode() == key


def test_only_the_newest_backups_are_kept_and_no_other_file_goes(ledger: Installation, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in ("bihuan-20250101-000000.zip", "bihuan-20250102-000000.zip", "holiday.zip"):
        (folder / name).write_text("old")
    assert ledger.run("backup", "--to", folder, "--keep", "2", "--quiet").stdout == ""
    assert not (folder / "bihuan-20250101-000000.zip").exists()
    assert (folder / "holiday.zip").exists() and len(list(folder.glob("bihuan-*.zip"))) == 2
    assert [path for path in folder.iterdir() if path.name.startswith(".")] == []


def test_a_backup_never_takes_the_place_of_a_file_and_needs_its_folder(ledger: Installation, tmp_path: Path) -> None:
    (tmp_path / "there.zip").write_text("mine")
    refused = ledger.run("backup", "--to", tmp_path / "there.zip")
    assert refused.returncode == 1 and "there already" in refused.stderr
    assert (tmp_path / "there.zip").read_text() == "mine"
    refused = ledger.run("backup", "--to", tmp_path / "nowhere" / "b.zip")
    assert refused.returncode == 1 and "There is no folder" in refused.stderr


def test_a_file_missing_in_the_ledger_is_told_and_ends_with_one(ledger: Installation, tmp_path: Path) -> None:
    lost = max(path for path in (ledger.data / "evidence").rglob("*") if path.is_file())
    lost.unlink()
    made = ledger.run("backup", "--to", tmp_path / "b.zip")
    assert made.returncode == 1
    assert "is missing" in made.stderr and "broken already" in made.stderr


def test_broken_cut_and_foreign_archives_get_one_sentence_and_leave_nothing(
    ledger: Installation, empty: Installation, tmp_path: Path
) -> None:
    whole = _backup(ledger, tmp_path / "backups")
    empty.data.parent.mkdir()
    cut, flipped, foreign, later, extra = (
        tmp_path / f"{name}.zip" for name in ("cut", "flip", "alien", "later", "extra")
    )
    cut.write_bytes(whole.read_bytes()[:-4000])
    flipped.write_bytes(_with_changed_evidence(whole))
    with zipfile.ZipFile(foreign, "w") as archive:
        archive.writestr("hello.txt", "no backup")
    with zipfile.ZipFile(later, "w") as archive:
        archive.writestr(NAME, json.dumps({"bihuan_backup": FORM + 1, "product": "9.0"}))
    shutil.copy(whole, extra)
    with zipfile.ZipFile(extra, "a") as archive:
        archive.writestr("data/../../etc/hosts", "evil")
    for file, words in (
        (cut, "only part of one"),
        (flipped, "damaged at"),
        (foreign, "no backup that"),
        (later, "later version (9.0)"),
        (extra, "changed after it was made"),
        (tmp_path / "absent.zip", "There is no file"),
    ):
        refused = empty.run("restore", file)
        assert refused.returncode == 2 and words in refused.stderr, (file.name, refused.stderr)
        assert len(refused.stderr.strip().splitlines()) == 1
        assert not (empty.data / "secret_key").exists() and not (empty.data / "evidence").exists()


def _with_changed_evidence(whole: Path) -> bytes:
    """Change one byte in the middle of a stored file of evidence."""
    with zipfile.ZipFile(whole) as archive:
        info = max(
            (each for each in archive.infolist() if each.filename.startswith("data/evidence")),
            key=lambda each: each.file_size,
        )
    content = bytearray(whole.read_bytes())
    content[info.header_offset + 30 + len(info.filename) + 20 + info.file_size // 2] ^= 0xFF
    return bytes(content)


def test_a_backup_of_one_engine_is_not_forced_into_the_other(ledger: Installation, tmp_path: Path) -> None:
    file = _backup(ledger, tmp_path / "backups")
    elsewhere = Installation(data=tmp_path / "other", extra={"BIHUAN_LANGUAGE": "en"})
    if not ledger.database_url:
        elsewhere.extra["BIHUAN_DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none"
    refused = elsewhere.run("restore", file)
    assert refused.returncode == 2
    assert "BIHUAN_DATABASE_URL" in refused.stderr and len(refused.stderr.strip().splitlines()) == 1
