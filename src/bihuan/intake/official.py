"""Official text read with what this ledger knows: its units, its mechanisms' words, its calendar."""

from datetime import date

from bihuan.directory.calendars import load_calendar
from bihuan.directory.organisation import Organisation
from bihuan.ledger.packs import beside, current

from .text import Reading, read_text
from .text.hints import Hints
from .unit_names import unit_index

#: The file of a pack with words that its matters are written in, one a line; `#` begins a remark.
_WORDS = "words.txt"


def read_official(text: str, *, organisation: Organisation, day: date | None) -> Reading:
    """Read an official text as `read_text` does. `day` is the day of the text, if a person says it."""
    return read_text(
        text,
        names=unit_index(organisation).names(),
        mechanisms=hints(),
        day=day,
        count_working_days=load_calendar().add_working_days,
    )


def hints() -> Hints:
    """Return the words of each mechanism in force that is registered by itself, with its own title among them.

    The words of a pack's file are those of its first mechanism; others in the same pack have their title alone.
    """
    parts = {action.child for each in current().values() for action in each.actions.values()}
    found: list[tuple[str, tuple[str, ...]]] = []
    given: set[str] = set()
    for key, mechanism in current().items():
        text = beside(key, _WORDS) or ""
        if key not in parts:
            found.append((key, (mechanism.title.zh, *(() if text in given else _words(text)))))
        given.add(text)
    return tuple(found)


def _words(text: str) -> tuple[str, ...]:
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return tuple(line for line in lines if line)
