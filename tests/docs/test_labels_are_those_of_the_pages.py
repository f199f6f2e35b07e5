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

ENGLISH = [DOCS / "tutorial.md", *sorted((DOCS / "how-to").glob("*.md"))]
CHINESE = [DOCS / "zh" / "tutorial.md", *sorted((DOCS / "zh" / "how-to").glob("*.md"))]


def messages() -> dict[str, str]:
    """Return English → Chinese for everything that a page can say."""
    made = dict.fromkeys(LANGUAGES.values(), "English")
    for path in (ROOT / "src" / "bihuan").glob("*/locale/zh_Hans/LC_MESSAGES/django.mo"):
        with path.open("rb") as file:
            catalogue = read_mo(file)
        made |= {str(each.id): str(each.string) for each in catalogue if isinstance(each.id, str)}
    for name, text in mechanism_files():
        mechanism = load(text, name=name)
        choices = [choice for field in mechanism.fields.values() for choice in field.choices]
        labels = [each.label for each in (*mechanism.actions.values(), *choices)]
        made |= {label.en: label.zh for label in (*labels, mechanism.title)}
    return made


@pytest.mark.parametrize("page", [*ENGLISH, *CHINESE], ids=lambda path: str(path.relative_to(DOCS)))
def test_what_stands_in_bold_is_a_label(page: Path) -> None:
    known = set(messages().values() if page in CHINESE else messages())
    bold = set(re.findall(r"\*\*(.+?)\*\*", prose(page).replace("\n", " ")))
    strange = bold - known
    assert not strange


def test_the_tutorials_name_labels_at_all() -> None:
    for page in (ENGLISH[0], CHINESE[0]):
        assert len(re.findall(r"\*\*", prose(page))) > 20
