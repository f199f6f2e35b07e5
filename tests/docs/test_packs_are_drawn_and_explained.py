"""Every pack has its page in both languages, and the drawings there are those of the mechanisms in force."""

from pathlib import Path

import pytest

from bihuan.demo.walks import packs
from bihuan.ledger.packs import current
from drawings import FOLDER, drawings

DOCS = Path(__file__).parents[2] / "docs"


def test_every_drawing_is_what_the_mechanism_in_force_looks_like() -> None:
    """`make drawings` brings them in step."""
    kept = {file.name: file.read_text(encoding="utf-8") for file in FOLDER.glob("*.svg")}
    assert kept == dict(drawings())


@pytest.mark.parametrize("pack", packs())
def test_every_pack_is_explained_in_both_languages(pack: str) -> None:
    for page in (DOCS / "packs" / f"{pack}.md", DOCS / "zh" / "packs" / f"{pack}.md"):
        text = page.read_text(encoding="utf-8")
        assert f"images/packs/{pack}." in text, f"{page} shows no drawing"


def test_every_mechanism_is_shown_on_some_page() -> None:
    pages = "".join(file.read_text(encoding="utf-8") for file in (DOCS / "packs").glob("*.md"))
    shown = {key for key in current() if f"packs/{key}." in pages}
    assert current().keys() - shown - {"audit_rectification", "audit_measure"} == set()
