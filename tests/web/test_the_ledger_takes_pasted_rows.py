"""Rows pasted from Excel become an import; nothing is done unseen, and what is no rows comes back with a sentence."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.intake.contents import values_of
from bihuan.intake.models import Intake, IntakeRow
from bihuan.ledger.models import Event, Refused
from city import City

COLUMNS = ["number", "title", "unit", "klass", "amount", "stage", "assertion", "recognition", "due"]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: Any) -> None:
    settings.BIHUAN_INTAKE = tmp_path / "intake"


def paste(client: Client, text: str, columns: list[str] = COLUMNS) -> Any:
    return client.post(reverse("paste_rows"), {"text": text, "column": columns})


def rows_of(answer: Any) -> list[IntakeRow]:
    assert answer.status_code == 302, said(answer)
    intake = Intake.objects.get(pk=answer.headers["Location"].rstrip("/").rsplit("/", 1)[-1])
    return list(intake.rows.exclude(status="skipped"))


def said(answer: Any) -> str:
    found = re.search(r'role="alert"><p>(.*?)</p>', answer.content.decode(), re.DOTALL)
    return unescape(found[1]) if found else ""


def test_rows_with_their_header_are_read_by_it(city: City, signed_in: Any) -> None:
    events = Event.objects.count()
    text = '责任单位\t问题\t整改时限\t整改措施\n澄湖市财政局\t往来款挂账\t2027-06-30\t"第一步\n第二步""清理"""\n'
    [row] = rows_of(paste(signed_in("clerk"), text))
    assert (row.status, row.matter) == ("ready", None)
    values = values_of(row)
    assert (values["title"], values["responsible_unit"], values["due"]) == ("往来款挂账", "澄湖市财政局", "2027-06-30")
    assert values["measures"] == '第一步\n第二步"清理"'
    assert Event.objects.count() == events


def test_rows_without_a_header_take_the_columns_of_the_list(city: City, signed_in: Any) -> None:
    client = signed_in("clerk")
    [row] = rows_of(paste(client, "Z-7\t往来款挂账\t澄湖市财政局\t立行立改\t12.5\n"))
    values = values_of(row)
    assert (values["finding_no"], values["title"], values["responsible_unit"]) == ("Z-7", "往来款挂账", "澄湖市财政局")
    assert (values["rectify_type"], values["amount"]) == ("immediate", "125000")
    [row] = rows_of(paste(client, "结余资金未盘活\t澄湖市财政局\n", ["title", "unit"]))
    assert values_of(row)["title"] == "结余资金未盘活"


def test_a_row_with_a_matters_number_proposes_only_what_differs(city: City, signed_in: Any) -> None:
    matter = city.register(title="往来款挂账", project="预算执行审计", finding_no="Z-1", measures="逐笔清理")
    client = signed_in("clerk")
    [same] = rows_of(paste(client, f"事项编号\t整改措施\n{matter.number}\t逐笔清理\n"))
    assert (same.status, same.matter_id) == ("unchanged", matter.pk)
    answer = paste(client, f"事项编号\t整改措施\n{matter.number}\t逐笔清理，限期上缴\n")
    [row] = rows_of(answer)
    assert (row.status, row.matter_id) == ("differing", matter.pk)
    matter.refresh_from_db()
    assert matter.version == 1, "nothing is done before somebody accepts it"
    [headless] = rows_of(paste(client, f"{matter.number}\tZ-1\t往来款长期挂账\t澄湖市住房和城乡建设局\n"))
    assert (headless.status, headless.matter_id) == ("differing", matter.pk)


@pytest.mark.parametrize(
    "text, sentence",
    [
        (" \n ", "没有粘贴任何内容"),
        ("随手复制的一句话", "“随手复制的一句话”只有一列"),
        ("问题\t责任单位\t整改时限\n", "只粘贴了表头"),
        ("甲\t乙\n丙\t丁", "没有台账"),
    ],
)
def test_what_is_no_rows_is_said_in_one_sentence_and_stays(
    text: str, sentence: str, city: City, signed_in: Any
) -> None:
    answer = paste(signed_in("clerk"), text, ["stage", "due"])
    assert answer.status_code == 422
    assert sentence in said(answer)
    page = answer.content.decode()
    assert f">{text}</textarea>" in page
    assert 'name="column" value="stage"' in page
    assert not Intake.objects.exists()


def test_who_may_not_register_is_told_who_can(city: City, signed_in: Any) -> None:
    city.register()
    client = signed_in("liaison")
    answer = paste(client, "问题\t责任单位\t整改时限\n甲\t澄湖市财政局\t2027-06-30\n")
    assert answer.status_code == 403
    assert "澄湖市审计局 clerk" in answer.content.decode()
    assert not Intake.objects.exists()
    assert Refused.objects.filter(account="liaison", rule="not_role").count() == 1
    assert "粘贴 Excel 行" not in client.get(reverse("ledger")).content.decode()
    assert "粘贴 Excel 行" in signed_in("clerk").get(reverse("ledger")).content.decode()
