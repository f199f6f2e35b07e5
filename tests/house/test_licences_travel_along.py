"""The package is whole: works of others lie beside their licences, and no data file is left behind."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tree import PACKAGE, ROOT

VENDOR = PACKAGE / "web" / "static" / "vendor"
DATA = {".html", ".css", ".js", ".svg", ".toml", ".mo", ".csv", ".txt", ".json", ".xlsx", ".sql"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_every_vendored_work_has_its_licence_and_is_named_in_the_notice() -> None:
    folders = sorted(path for path in VENDOR.iterdir() if path.is_dir())
    assert folders
    notice = (ROOT / "NOTICE").read_text()
    for folder in folders:
        name, _, version = folder.name.rpartition("-")
        assert (folder / "LICENSE").read_text().strip(), folder.name
        assert f"{name} {version}".lower() in notice.lower(), f"{folder.name} is not in NOTICE"


def test_no_vendored_work_lies_outside_a_folder_with_its_version() -> None:
    assert [path.name for path in VENDOR.iterdir() if path.is_file()] == []


def test_the_licence_is_apache_2() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License" in text and "Version 2.0, January 2004" in text


def test_the_wheel_carries_every_data_file_and_licence(wheel: zipfile.ZipFile) -> None:
    inside = set(wheel.namelist())
    files = [path for path in PACKAGE.rglob("*") if path.suffix in DATA or path.name.startswith("LICENSE")]
    missing = [str(path.relative_to(PACKAGE)) for path in files if _name(path) not in inside]
    assert files and missing == []
    assert [name for name in inside if name.endswith("licenses/NOTICE")]


def _name(path: Path) -> str:
    return f"bihuan/{path.relative_to(PACKAGE).as_posix()}"
