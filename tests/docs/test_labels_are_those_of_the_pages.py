"""What the tutorial and the how-tos write in bold is what stands on the page: buttons, counts, fields."""

import re
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo

from bihuan.ledger.packs import mechanism_files
from bihuan.mechanism.load import load
from bihuan.web.environment import LANGUAGES
from docs.pages import DOCS, prose
from tree import ROOT


def told(folder: Path) -> list[Path]:
    """Return the pages of `folder` that tell somebody what to press."""
    return [folder / "tutorial.md", *sorted((folder / "how-to").glob("*.md")), *sorted((folder / "packs").glob("*.md"))]


ENGLISH, CHINESE = told(DOCS), told(DOCS / "zh")


def messages() -> set[tuple[str, str]]:
    """Return English and Chinese of everything that a page can say; the same English may have several Chinese."""
    made = {(name, name) for name in LANGUAGES.values()}
    for path in (ROOT / "src" / "bihuan").glob("*/locale/zh_Hans/LC_MESSAGES/django.mo"):
        with path.open("rb") as file:
            catalogue = read_mo(file)
        made |= {(str(each.id), str(each.string)) for each in catalogue if isinstance(each.id, str)}
    for name, text in mechanism_files():
        mechanism = load(text, name=name)
        entries = [field for group in mechanism.records.values() for field in group.fields]
        fields = [*mechanism.fields.values(), *entries]
        choices = [choice for field in fields for choice in field.choices]
        named = (*mechanism.actions.values(), *mechanism.stages.values(), *mechanism.computed.values())
        labels = [mechanism.title, *(each.label for each in (*named, *fields, *choices))]
        made |= {(label.en, label.zh) for label in labels}
    return made


@pytest.mark.parametrize("page", [*ENGLISH, *CHINESE], ids=lambda path: str(path.relative_to(DOCS)))
def test_what_stands_in_bold_is_a_label(page: Path) -> None:
    known = {pair[page in CHINESE] for pair in messages()}
    bold = set(re.findall(r"\*\*(.+?)\*\*", prose(page).replace("\n", " ")))
    strange = bold - known
    assert not strange


def test_the_tutorials_name_labels_at_all() -> None:
    for page in (ENGLISH[0], CHINESE[0]):
        assert len(re.findall(r"\*\*", prose(page))) > 20
