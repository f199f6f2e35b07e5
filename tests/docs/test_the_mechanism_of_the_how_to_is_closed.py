"""Who types the blocks of "write a mechanism" into one file has the sample file, and it is closed."""

from pathlib import Path

import pytest

from bihuan.mechanism.load import MechanismError, load
from bihuan.mechanism.prove import prove
from docs.pages import DOCS, blocks

SAMPLE = DOCS / "samples" / "meeting_task.toml"
PAGES = [DOCS / "how-to" / "write-a-mechanism.md", DOCS / "zh" / "how-to" / "write-a-mechanism.md"]


def is_closed(text: str) -> bool:
    try:
        return not prove(load(text, name="typed.toml"), children={})
    except MechanismError:
        return False


@pytest.mark.parametrize("page", PAGES, ids=["English", "Chinese"])
def test_the_blocks_are_the_sample_and_the_sample_is_closed(page: Path) -> None:
    text = "\n".join(blocks(page, "toml"))
    assert text.split() == SAMPLE.read_text(encoding="utf-8").split()
    assert is_closed(text)


def test_what_the_page_breaks_on_purpose_is_not_closed() -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    for right, wrong in (('does = "verify"', 'does = "step"'), ("\nrequires", "\nrequire")):
        assert right in text
        assert not is_closed(text.replace(right, wrong))
