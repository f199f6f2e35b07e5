"""The reference page has every key of the file, with what the loader demands, and every word that it accepts."""

import re
from pathlib import Path

import pytest

from bihuan.mechanism.load import SHAPES
from bihuan.mechanism.load.outputs import Measure
from bihuan.mechanism.model import Does, End, FieldKind, Held
from bihuan.mechanism.names import BUILT_IN

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "mechanism.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### ([a-z ]+)\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))


def rows(shape):
    table = SECTIONS[shape].split("| `does` | meaning |")[0]
    return dict(re.findall(r"^\| `(\w+)` \|([^|]*)\|", table, re.MULTILINE))


def test_every_table_of_the_file_has_its_section_and_no_other_has():
    assert set(SECTIONS) == set(SHAPES)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_key_is_told_with_whether_it_must_be_there(shape):
    told = rows(shape)
    assert set(told) == set(SHAPES[shape])
    assert {key for key, must in told.items() if must.strip() == "yes"} == {
        key for key, needed in SHAPES[shape].items() if needed
    }


@pytest.mark.parametrize("words", [Does, End, FieldKind, Held, Measure], ids=lambda words: words.__name__)
def test_every_word_of_a_closed_list_is_told(words):
    assert [word.value for word in words if f"`{word.value}`" not in PAGE] == []


def test_every_built_in_name_and_every_proof_is_told():
    assert [name for name in BUILT_IN if f"| `{name}` |" not in PAGE] == []
    assert re.findall(r"^(\d)\. \*\*", PAGE, re.MULTILINE) == list("1234567")
