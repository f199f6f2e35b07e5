"""What is installed is what the project file asks for, to the last byte."""

import re
import tomllib
from collections.abc import Iterator

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tree import ROOT

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS = PROJECT["project"]["optional-dependencies"]


def _text(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text()


def _pins(name: str) -> dict[str, Version]:
    return {canonicalize_name(package): Version(version) for package, version in PIN.findall(_text(name))}


def _unmet(lines: list[str], lock: str) -> Iterator[str]:
    pins = _pins(lock)
    for line in lines:
        wanted = Requirement(line)
        pinned = pins.get(canonicalize_name(wanted.name))
        if pinned is None or pinned not in wanted.specifier:
            yield f"{line}: {lock}.txt has {pinned} (run `make lock`)"


def test_the_locks_meet_the_project_file() -> None:
    assert not [*_unmet(PROJECT["project"]["dependencies"], "run")]
    assert not [*_unmet(PROJECT["build-system"]["requires"], "build")]
    for extra in ("test", "docs", "bench"):
        assert not [*_unmet(EXTRAS[extra], "test")]


def test_the_tests_run_on_the_versions_that_are_installed() -> None:
    run, test = _pins("run"), _pins("test")
    assert run
    assert {name: test.get(name) for name in run} == run


def test_every_locked_package_has_hashes_and_no_address() -> None:
    for name in ("build", "run", "test"):
        blocks = re.split(r"\n(?=[A-Za-z0-9])", _text(name).split("\n", 2)[2])
        assert all("--hash=sha256:" in block for block in blocks if "==" in block), name
        assert "://" not in _text(name), f"{name}.txt names an address"
        assert "-index" not in _text(name), f"{name}.txt names a registry"


def test_one_version_serves_every_python() -> None:
    # The product on 3.11 and on 3.13 must not meet two versions of a library.
    packages = [package for package, _ in PIN.findall(_text("run"))]
    assert sorted(packages) == sorted(set(packages))
