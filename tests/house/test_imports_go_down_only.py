"""The order of the modules holds, and the check that holds it can see."""

import subprocess
import sys
from pathlib import Path

from tree import PACKAGE, ROOT

LINTER = Path(sys.executable).parent / "lint-imports"
UPWARDS = {
    "mechanism": "import bihuan.ledger\n",
    "ledger": "import bihuan.web.environment\n",
    "directory": "from bihuan import intake\n",
}


def _lint(source: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINTER, "--config", ROOT / "pyproject.toml", "--no-cache"],
        env={"PYTHONPATH": str(source), "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=folder,
        capture_output=True,
        text=True,
    )


def _copy(folder: Path) -> Path:
    """Copy the package's Python files alone: that is all the linter reads."""
    for path in PACKAGE.rglob("*.py"):
        target = folder / "bihuan" / path.relative_to(PACKAGE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return folder / "bihuan"


def test_imports_go_down_only(tmp_path: Path) -> None:
    _copy(tmp_path)
    result = _lint(tmp_path, tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


def test_an_import_upwards_is_refused(tmp_path: Path) -> None:
    package = _copy(tmp_path)
    for module, line in UPWARDS.items():
        intruder = package / module / "upwards.py"
        intruder.write_text(line)
        assert _lint(tmp_path, tmp_path).returncode == 1, module
        intruder.unlink()


def test_the_mechanism_core_may_not_know_django(tmp_path: Path) -> None:
    package = _copy(tmp_path)
    (package / "mechanism" / "impure.py").write_text("from django.db import models\n")
    result = _lint(tmp_path, tmp_path)
    assert result.returncode == 1
    assert "knows no Django" in result.stdout


def test_a_pack_is_imported_by_nobody(tmp_path: Path) -> None:
    package = _copy(tmp_path)
    (package / "web" / "favourite.py").write_text("from bihuan.packs import audit_rectification\n")
    (package / "packs" / "audit_rectification").mkdir(exist_ok=True, parents=True)
    (package / "packs" / "audit_rectification" / "__init__.py").touch()
    assert _lint(tmp_path, tmp_path).returncode == 1
