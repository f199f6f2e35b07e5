"""`bihuan read` proposes what a text asks for, with the ledger's own units and mechanisms, and registers nothing."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bihuan.ledger.models import Matter
from city import City

TEXT = (
    "会议纪要\n\n2026年9月16日\n\n　　会议议定：\n"
    "　　（一）由澄湖市住房和城乡建设局牵头，市财政局配合，12月底前完成审计整改清单所列1.2万户管网改造。\n"
    "　　（二）尽快完善台账。\n"
)


@pytest.fixture
def minutes(tmp_path: Path) -> Path:
    path = tmp_path / "纪要.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_the_json_has_these_keys_and_no_others(bihuan: Callable[..., Any], city: City, minutes: Path) -> None:
    said = bihuan("read", minutes, "--json")
    assert said.code == 0
    assert set(said.json) == {"articles"}
    (article,) = said.json["articles"]
    assert set(article) == {"headline", "byline", "continued_from", "paragraphs", "proposals", "figures"}
    first, second = article["proposals"]
    assert set(first) == {
        "sentence", "start", "end", "speaker", "post", "task", "units", "figures", "due", "due_note", "mechanism",
        "rules",
    }  # fmt: skip
    assert (first["units"], first["due"], first["mechanism"]) == (
        ["housing", "finance"],
        "2026-12-31",
        "audit_rectification",
    )
    assert first["figures"] == [{"text": "1.2万户", "value": 12000, "unit": "户", "kind": "to_do"}]
    assert TEXT[first["start"] : first["end"]].strip() == first["sentence"]
    assert (second["due"], second["due_note"]) == (None, "no deadline in the text: “尽快” is none")


def test_people_are_told_in_their_language_and_nothing_is_registered(
    bihuan: Callable[..., Any], city: City, minutes: Path
) -> None:
    said = bihuan("read", minutes)
    assert said.code == 0
    assert "澄湖市住房和城乡建设局、澄湖市财政局" in said.out
    assert "拟立项2项" in said.out
    assert "文本日期：2026-09-16" in said.out
    assert not Matter.objects.exists()


def test_the_day_of_the_text_may_be_said(bihuan: Callable[..., Any], city: City, minutes: Path) -> None:
    said = bihuan("read", minutes, "--day", "2027-01-05", "--json")
    assert said.json["articles"][0]["proposals"][0]["due"] == date(2027, 12, 31).isoformat()
    wrong = bihuan("read", minutes, "--day", "下周")
    assert wrong.code == 2
    assert "2026-06-30" in wrong.err


def test_a_file_that_is_no_text_is_refused_in_one_line(bihuan: Callable[..., Any], city: City, tmp_path: Path) -> None:
    pdf = tmp_path / "page.pdf"
    pdf.write_bytes(b"%PDF-1.7\n")
    said = bihuan("read", pdf, "--json")
    assert (said.code, said.out) == (2, "")
    assert said.err.count("\n") == 1
    assert "PDF" in said.err
    assert json.dumps(bihuan("read", tmp_path / "none.txt").code) == "2"
