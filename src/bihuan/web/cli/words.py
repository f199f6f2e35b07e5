"""The language of the command line, known without loading Django: help must answer at once.

The catalogues of all modules are laid over each other, as Django does for the pages.
"""

import os
from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

from bihuan.mechanism.sentence import Named, Sentence

_PACKAGE = Path(__file__).resolve().parents[2]


@cache
def language() -> str:
    """Return `en` or `zh-hans`, as BIHUAN_LANGUAGE says; what else it may hold is refused with the settings."""
    return "en" if os.environ.get("BIHUAN_LANGUAGE", "").strip().lower() == "en" else "zh-hans"


@cache
def _catalogue() -> Mapping[str, str]:
    found: dict[str, str] = {}
    if language() != "en":
        for path in sorted(_PACKAGE.glob("*/locale/zh_Hans/LC_MESSAGES/django.mo")):
            with path.open("rb") as file:
                texts: dict[Any, str] = GNUTranslations(file)._catalog  # type: ignore[attr-defined]
            found |= {key: text for key, text in texts.items() if isinstance(key, str) and key}
    return found


def translate(text: str) -> str:
    """Return `text` in the language of the command line."""
    return _catalogue().get(text) or text


#: The name under which texts are marked for the catalogues.
_ = translate


def say(sentence: Sentence | Named | str) -> str:
    """Return a rule's sentence, or a label, as this reader reads it."""
    if isinstance(sentence, Sentence):
        return sentence.render(translate, language())
    return sentence.text(language()) if isinstance(sentence, Named) else sentence
