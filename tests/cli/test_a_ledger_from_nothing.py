"""An installation of its own: made once, filled from files, driven by four people from registered to struck off."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from installation import Installation
from tree import ROOT

LEDGERS = ROOT / "tests" / "intake" / "ledgers"
CLEAN = LEDGERS / "a6_clean_sixty_rows"
PEOPLE = """account,name,unit,post,role,from,to,portfolio
hecha,何查,云岭市审计局,主审,verifier,2020-01-01,,
shending,申定,云岭市审计局,科长,approver,2020-01-01,,
lianluo,连络,云岭市财政局,联络员,owner,2020-01-01,,
fenguan,冯管,云岭市人民政府,副市长,leader,2020-01-01,,
"""


def _ran(installation: Installation, *words: object) -> dict:
    ran = installation.run(*words, "--json")
    assert ran.returncode == 0 and ran.stderr == "", ran.stderr
    return json.loads(ran.stdout)


@pytest.fixture(scope="module")
def peopled(begun: Installation, copied: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("peopled")
    with copied(begun, folder / "data") as placed:
        (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
        _ran(placed, "units", "import", CLEAN / "units.csv")
        _ran(placed, "people", "import", folder / "people.csv")
        yield placed


@pytest.fixture
def filled(peopled: Installation, copied: Any, tmp_path: Path) -> Iterator[Installation]:
    with copied(peopled, tmp_path / "data") as placed:
        yield placed


def test_init_makes_one_clerk_who_can_sign_in_and_a_second_init_changes_nothing(installation: Installation) -> None:
    first = installation.run("init")
    assert first.returncode == 0 and first.stderr == ""
    posts = _ran(installation, "people", "list")["posts"]
    assert [(post["key"], post["account"], post["unit"], post["roles"]) for post in posts] == [
        ("clerk", "clerk", None, ["supervisor"])
    ]
    password = re.search(r"[a-z0-9]{4}(-[a-z0-9]{4}){2}", first.stdout)
    assert password and _signs_in(installation, password.group())
    key = (installation.data / "secret_key").read_text()
    again = installation.run("init")
    assert again.returncode == 2 and len(again.stderr.splitlines()) == 1
    assert (installation.data / "secret_key").read_text() == key
    assert _signs_in(installation, password.group())


def _signs_in(installation: Installation, password: str) -> bool:
    script = (
        "import sys, django; django.setup(); from django.contrib.auth import authenticate; "
        "print(authenticate(username='clerk', password=sys.argv[1]))"
    )
    environment = {**installation.environment, "DJANGO_SETTINGS_MODULE": "bihuan.web.settings"}
    command = [sys.executable, "-c", script, password]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip() != "None"


def test_a_ledger_goes_in_once_and_json_is_all_that_is_said(filled: Installation) -> None:
    asked = ("import", CLEAN / "ledger.xlsx", "--mechanism", "audit_rectification")
    dry = _ran(filled, *asked, "--dry-run")
    assert dry["summary"] | {"created": 0} == dry["summary"] and dry["summary"]["ready"] == 60
    assert _ran(filled, "list") == {"matters": []}
    assert _ran(filled, *asked)["summary"]["created"] == 60
    assert _ran(filled, *asked)["summary"] == {
        "ready": 60, "waiting": 0, "skipped": 0, "created": 0, "unchanged": 60, "differing": 0,
    }  # fmt: skip
    assert len(_ran(filled, "list")["matters"]) == 60


@pytest.mark.parametrize("name", ["a1_two_line_header_merged", "a5_rows_that_must_wait"])
def test_the_answer_for_a_messy_ledger_is_the_one_written_by_hand(installed: Installation, name: str) -> None:
    expected = json.loads((LEDGERS / name / "expected.json").read_text(encoding="utf-8"))
    file = next((LEDGERS / name).glob("ledger.*"))
    _ran(installed, "units", "import", LEDGERS / name / "units.csv")
    asked = ("import", file, "--mechanism", "audit_rectification", "--reference-day", expected["reference_day"])
    told = _ran(installed, *asked)
    for sheet, wanted in zip(told["sheets"], expected["sheets"], strict=True):
        rows = {row["row"]: row for row in sheet["rows"]}
        for row in wanted["rows"]:
            assert rows[row["row"]]["status"] == row["status"], row["row"]
            given = {key: rows[row["row"]]["values"][key] for key in row.get("values", {})}
            assert _sorted(given) == _sorted(row.get("values", {})), row["row"]
    assert told["summary"]["created"] == len(_ran(installed, "list")["matters"])
    assert _ran(installed, *asked)["summary"]["created"] == 0


def _sorted(values: dict) -> dict:
    return {key: sorted(value) if isinstance(value, list) else value for key, value in values.items()}


def test_a_file_that_is_no_ledger_is_refused_in_one_line(filled: Installation, tmp_path: Path) -> None:
    bad = tmp_path / "bad.xlsx"
    for content in (b"", b"PK\x03\x04 damaged", b"\x00" * 100, "name\n甲\n".encode()):
        bad.write_bytes(content)
        ran = filled.run("import", bad, "--mechanism", "audit_rectification", "--json")
        assert (ran.returncode, ran.stdout) == (2, "")
        assert len(ran.stderr.splitlines()) == 1 and len(ran.stderr) <= 400
    assert _ran(filled, "list") == {"matters": []}


def test_four_people_take_a_finding_from_registered_to_struck_off(filled: Installation, tmp_path: Path) -> None:
    (tmp_path / "proof.txt").write_text("缴款书")
    _ran(filled, "import", CLEAN / "ledger.xlsx", "--mechanism", "audit_rectification")
    rows = _ran(filled, "list", "--unit", "云岭市财政局")["matters"]
    number = next(row["number"] for row in rows if row["rectify_type"] == "immediate" and row["finding_no"] == "001")
    proof = ("--evidence", tmp_path / "proof.txt")
    _ran(filled, "act", number, "dispatch")
    _ran(filled, "act", number, "sign", "--as", "lianluo")
    _ran(
        filled,
        "act",
        number,
        "claim_done",
        "--as",
        "lianluo",
        "--set",
        "result=已收回",
        "--set",
        "cause=清理不及时",
        *proof,
    )
    verdict = ("--set", "criterion=money_settled", "--set", "opinion=属实")
    doer = filled.run("act", number, "recognise", "--as", "lianluo", *verdict, "--json")
    assert doer.returncode == 3 and json.loads(doer.stdout)["refused"]["rule"]
    _ran(filled, "act", number, "recognise", "--as", "hecha", *verdict)
    _ran(filled, "act", number, "strike_off", "--as", "云岭市审计局/科长")
    shown = _ran(filled, "show", number)
    assert (shown["stage"], shown["ended"], shown["recognition"]) == ("struck_off", "success", "approved")
    assert [event["account"] for event in shown["timeline"]][1:] == [
        "system",
        "lianluo",
        "lianluo",
        "hecha",
        "shending",
    ]
    assert shown["chain"] == "ok" and filled.run("verify").returncode == 0


def test_serve_answers_says_where_and_refuses_a_taken_port(installation: Installation, free_port: int) -> None:
    installation.run("init")
    server = installation.start("serve", "--port", str(free_port))
    try:
        assert server.stdout is not None and str(free_port) in server.stdout.readline()
        assert _status(f"http://127.0.0.1:{free_port}/") == 200
        second = installation.run("serve", "--port", str(free_port))
        assert second.returncode == 2 and str(free_port) in second.stderr
    finally:
        os.killpg(server.pid, signal.SIGINT)
        assert server.wait(timeout=20) == 0


@pytest.fixture
def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _status(address: str) -> int:
    for _attempt in range(100):
        try:
            return urllib.request.urlopen(address, timeout=10).status
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"nobody answers at {address}")
