"""The files of the repository, for the tests that hold the house together."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "bihuan"
CODE_FOLDERS = ("src", "tests", "tools", "bench")


def python_files(*folders: str) -> list[Path]:
    """Return every Python file of ours in the folders (all code folders when none is named)."""
    found = [path for name in folders or CODE_FOLDERS for path in (ROOT / name).rglob("*.py")]
    return sorted(path for path in found if "__pycache__" not in path.parts)


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))
