"""The reference lists every rule that reading goes by, in both languages, and no other."""

import re

from babel.messages import Catalog

import messages
from bihuan.intake.text import RULES
from docs.pages import DOCS
from tree import PACKAGE

PAGE = DOCS / "reference" / "reading-text.md"


def test_every_rule_is_listed_in_both_languages_and_no_other() -> None:
    rows = re.findall(
        r"^\| `([a-z_.]+\.[a-z_]+)` \| (.*?) \| (.*?) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    catalogue: Catalog = messages.written(PACKAGE / "intake")
    wanted = [(key, catalogue.get(sentence).string, sentence) for key, sentence in RULES.items()]
    assert rows == wanted
