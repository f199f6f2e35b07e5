"""Every text that a person may read is there in Chinese, and what is installed is what is written."""

import ast
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog

import messages
from tree import python_files, shown

PLACE = re.compile(r"%\((\w+)\)|%[sd]|\{(\w*)\}")
MODULES = messages.modules()


def _keys(catalogue: Catalog) -> set:
    return {_key(message) for message in catalogue if message.id}


def _key(message) -> tuple:
    return (message.context, _first(message.id))


def _first(text) -> str:
    return text if isinstance(text, str) else text[0]


def test_there_are_modules_to_look_at() -> None:
    assert {"web", "mechanism"} <= {module.name for module in MODULES}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_catalogue_holds_exactly_the_messages_of_its_module(module: Path) -> None:
    named, written = _keys(messages.extracted(module)), _keys(messages.written(module))
    assert not named - written, "in the sources, not in the catalogue (run `make messages`)"
    assert not written - named, "in the catalogue, no longer in the sources (run `make messages`)"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_every_message_is_translated_and_keeps_its_places(module: Path) -> None:
    for message in messages.written(module):
        if not message.id:
            continue
        texts = [message.string] if isinstance(message.string, str) else list(message.string)
        assert all(texts) and texts, f"not translated: {message.id!r}"
        assert not message.fuzzy, f"a guess: {message.id!r}"
        sources = [message.id] if isinstance(message.id, str) else list(message.id)
        # A plural's singular may leave its number out, so the last form names the places.
        for text in texts:
            assert sorted(PLACE.findall(text)) == sorted(PLACE.findall(sources[-1])), message.id


def _forms(message: Any) -> Any:
    """One string, or those of a plural: a written catalogue lists them, a compiled one has them in a tuple."""
    return message.string if isinstance(message.string, str) else tuple(message.string)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_the_compiled_catalogue_is_up_to_date(module: Path) -> None:
    compiled = {_key(m): _forms(m) for m in messages.compiled(module) if m.id}
    written = {_key(m): _forms(m) for m in messages.written(module) if m.id}
    assert compiled == written, "run `make messages`"


def test_one_english_text_has_one_chinese_text() -> None:
    # The catalogues are laid over each other, so two translations of one text would depend on their order.
    seen: dict[tuple, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for module in MODULES:
        for message in messages.written(module):
            if message.id:
                seen[_key(message)][str(message.string)].append(module.name)
    differing = {key[1]: dict(texts) for key, texts in seen.items() if len(texts) > 1}
    assert not differing


def test_every_sentence_marks_its_text_for_translation() -> None:
    # Sentence("…") without N_ would never reach a catalogue, and stay English without a word.
    unmarked = [
        f"{shown(path)}:{node.lineno}"
        for path in python_files("src")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", None) == "Sentence"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]
    assert not unmarked
