"""`bihuan check` proves what is in force, refuses each broken sample for its reason, and asks who is there."""

import tomllib
from pathlib import Path

import pytest

from bihuan.ledger.packs import mechanism_files
from installation import Installation
from tree import ROOT

BROKEN = sorted((ROOT / "tests" / "mechanism" / "broken").glob("*.toml"))
PACK = ROOT / "src" / "bihuan" / "packs" / "audit_rectification"


def test_what_is_in_force_is_closed(bihuan) -> None:
    said = bihuan("check", "--json")
    assert said.code == 0 and said.json["closed"] is True
    declared = {tomllib.loads(text)["key"] for _, text in mechanism_files()}
    assert {each["key"] for each in said.json["mechanisms"]} == declared >= {"audit_rectification", "mediation"}
    assert bihuan("check").code == 0
    for what in ("audit_rectification", PACK, PACK / "mechanism.toml"):
        assert bihuan("check", what).code == 0
    assert len(bihuan("check", PACK, "--json").json["mechanisms"]) == len(list(mechanism_files(PACK)))


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_each_broken_sample_is_refused_for_its_own_reason(bihuan, path: Path) -> None:
    said = bihuan("check", path, "--json")
    (found,) = said.json["mechanisms"]
    assert said.code == 1 and said.json["closed"] is False and found["closed"] is False
    assert {finding["proof"] for finding in found["findings"]} == {int(path.stem[0])}
    assert all(finding["message"] for finding in found["findings"])
    text = bihuan("check", path).out
    assert f"证明{path.stem[0]}" in text and found["findings"][0]["message"] in text


def test_what_cannot_be_read_is_named_by_line(bihuan, tmp_path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text((PACK / "mechanism.toml").read_text(encoding="utf-8").replace('start = "registered"', "start = 5"))
    said = bihuan("check", path, "--json")
    error = said.json["mechanisms"][0]["errors"][0]
    assert said.code == 1 and error["where"].startswith("mine.toml:")
    assert error["message"] in bihuan("check", path).out


def test_what_is_nothing_is_said_in_one_line(bihuan, tmp_path) -> None:
    (tmp_path / "not-text.toml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "empty").mkdir()
    for what in ("nothing", tmp_path, tmp_path / "not-text.toml", tmp_path / "empty"):
        said = bihuan("check", what)
        assert said.code == 2 and len(said.err.splitlines()) == 1


def test_a_drawing_is_written(bihuan, tmp_path) -> None:
    out = tmp_path / "loop.svg"
    assert bihuan("check", "audit_rectification", "--diagram", out).code == 0
    assert out.read_text(encoding="utf-8").startswith("<svg") and "待核查" in out.read_text(encoding="utf-8")
    assert bihuan("check", "--diagram", out).code == 2, "which of the two?"
    assert bihuan("check", "audit_measure", "--diagram", tmp_path / "no" / "x.svg").code == 2


def test_a_role_that_nobody_carries_and_a_unit_without_anybody_are_named(city, bihuan) -> None:
    city.register("housing")
    assert bihuan("check", "audit_rectification", "--directory").code == 0
    city.register("station"), city.register("finance")
    city.posts["station"].delete()
    city.posts["verifier"].delete()
    city.posts["both_verifier"].delete()
    said = bihuan("check", "audit_rectification", "--directory", "--json")
    (found,) = said.json["mechanisms"]
    assert said.code == 1 and found["closed"] is True and said.json["closed"] is False
    told = "\n".join(found["directory"])
    assert "审计组核查人" in told and "待核查" in told, "the role without a post, and what depends on it"
    assert "澄湖市建设工程质量监督站" in told, "the unit whose liaison is gone"
    assert "澄湖市财政局" in told, "the unit that no leader's portfolio covers"
    assert "澄湖市住房和城乡建设局" not in told


@pytest.mark.either_engine
def test_a_citys_own_mechanism_that_is_not_closed_stops_the_ledger_with_a_sentence(installation: Installation) -> None:
    assert installation.run("init").returncode == 0
    (installation.data / "packs").mkdir()
    (installation.data / "packs" / "mine.toml").write_text(BROKEN[0].read_text(encoding="utf-8"), encoding="utf-8")
    said = installation.run("list")
    assert said.returncode == 2 and "bihuan check" in said.stderr and len(said.stderr.splitlines()) == 1
    assert installation.run("check").returncode == 1
    assert installation.run("units", "list").returncode == 0, "what needs no mechanism goes on"
