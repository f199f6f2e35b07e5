"""Characters that neither a database's text nor XML can hold, and that no ledger needs: NUL and most controls."""

import re

from bihuan.intake.reading.header import letter
from bihuan.intake.reading.refusal import refuse
from bihuan.mechanism.sentence import N_

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def refuse_controls(texts: list[str], *, sheet: str, row: int) -> None:
    """Raise `Refusal` naming the first cell of a row (counted from 0) that holds such a character."""
    if not CONTROL.search("".join(texts)):
        return
    column = next(place for place, text in enumerate(texts) if CONTROL.search(text))
    raise refuse(
        N_(
            "Cell %(cell)s of the sheet “%(sheet)s” holds a NUL or another control character, which no text may hold; "
            "write that cell anew, save the file and try again."
        ),
        cell=f"{letter(column)}{row + 1}",
        sheet=sheet,
    )
