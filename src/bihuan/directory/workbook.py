"""The child process that opens a small workbook.

`python -m bihuan.directory.workbook FILE` prints its sheets as JSON.
"""

import json
import sys
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineWorkbook


def cell_text(value: Any) -> str:
    """Return a cell as it is read by people: whole numbers without a point, days in ISO form."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def main(path: str) -> None:
    with CalamineWorkbook.from_path(path) as book:
        sheets = [
            [[cell_text(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
            for name in book.sheet_names
        ]
    sys.stdout.buffer.write(json.dumps(sheets).encode())


if __name__ == "__main__":
    main(sys.argv[1])
