"""What every test of the intake's reading stands on: a small city, the audit layout, and a way to build files."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import bihuan
from bihuan.intake.reading import Layout, Reading, UnitIndex, UnitName, read_ledger

PACK = Path(bihuan.__file__).parent / "packs" / "audit_rectification"
HEADER = ("问题编号", "问题描述", "责任单位", "整改时限")


@pytest.fixture(scope="session")
def layout() -> Layout:
    return Layout.load(PACK / "intake.toml")


@pytest.fixture(scope="module")
def units() -> UnitIndex:
    return UnitIndex([
        UnitName("gov", "云杉市人民政府", ("市政府",), 1, None),
        UnitName("zjj", "云杉市住房和城乡建设局", ("市住建局", "住建局"), 2, "gov"),
        UnitName("czj", "云杉市财政局", ("市财政局", "财政局"), 2, "gov"),
        UnitName("jtj", "云杉市教育和体育局", ("市教体局", "教体局"), 2, "gov"),
        UnitName("nyj", "云杉市农业农村局", ("农业农村局",), 2, "gov"),
        UnitName("xian", "白溪县人民政府", ("白溪县",), 2, "gov"),
        UnitName("xczj", "白溪县财政局", ("县财政局", "财政局"), 3, "xian"),
    ])  # fmt: skip


@pytest.fixture
def read(layout: Layout, units: UnitIndex) -> Callable[..., Reading]:
    """Read a file with the city's units, as of a day in 2026."""

    def reader(path: Path, **more: Any) -> Reading:
        return read_ledger(path, **({"units": units, "layout": layout, "reference_day": date(2026, 3, 1)} | more))

    return reader


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """Write rows into a real .xlsx; `merges` are areas such as A1:C1."""

    def build(rows: Sequence[Sequence[Any]], *, merges: Sequence[str] = (), name: str = "ledger.xlsx") -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "台账"
        for row in rows:
            sheet.append(list(row))
        for area in merges:
            sheet.merge_cells(area)
        path = tmp_path / name
        book.save(path)
        return path

    return build


@pytest.fixture
def read_row(workbook: Callable[..., Path], read: Callable[..., Reading]) -> Callable[..., Any]:
    """Read one row below the plain header, with more columns given as label=text."""

    def reader(
        more: dict[str, Any] | None = None, *, due: Any = "2026-06-30", unit: Any = "市住建局", **options: Any
    ) -> Any:
        more = more or {}
        rows = [(*HEADER, *more), ("001", "多计工程款", unit, due, *more.values())]
        return read(workbook(rows), **options).sheets[0].rows[0]

    return reader
