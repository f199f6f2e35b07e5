"""One decision settles all ticked rows that wait for the same, and touches no other."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.intake.models import Intake
from bihuan.ledger.fold import load_state
from bihuan.ledger.models import Matter
from city import City
from clerks_table import Table, row
from import_desk import committed

DOUBT = re.compile(r'<li><a href="([^"]*fields=[^"]*)">([^<]*)</a> <span class="tag soon">(\d+)行</span>')
BOX = re.compile(r'name="row" value="(\d+)"( checked)?')


@pytest.fixture
def table(city: City, tmp_path: Path, settings: Any) -> Table:
    settings.BIHUAN_INTAKE = tmp_path / "intake"
    return Table(city, tmp_path)


@pytest.fixture
def client(table: Table, signed_in: Any) -> Client:
    return signed_in("clerk")


@pytest.fixture
def intake(table: Table, client: Client) -> Intake:
    """Three rows of one unknown unit, one of another, two without a day that can be read, and one of both."""
    rows = [row(number, unit="住建居") for number in (1, 2, 3)] + [row(4, unit="财正局")]
    rows += [row(number, due="六月某日") for number in (5, 6)] + [row(7, unit="住建居", due="六月某日")]
    return committed(client, table.write(rows))


def doubts(client: Client, intake: Intake) -> dict[str, tuple[str, int]]:
    page = client.get(reverse("tray"), {"intake": str(intake.pk)}).content.decode()
    return {names: (unescape(address), int(number)) for address, names, number in DOUBT.findall(page)}


def boxes(page: str) -> dict[str, bool]:
    return {pk: bool(ticked) for pk, ticked in BOX.findall(page)}


def test_the_tray_says_which_rows_wait_for_the_same(client: Client, intake: Intake) -> None:
    found = doubts(client, intake)
    assert {names: number for names, (_, number) in found.items()} == {"责任单位": 4, "整改期限": 2}
    page = client.get(found["责任单位"][0]).content.decode()
    assert "住建居" in page and "财正局" in page and not any(boxes(page).values()), "they do not all say the same"
    assert all(boxes(client.get(found["整改期限"][0]).content.decode()).values())


def test_one_decision_settles_the_ticked_rows_and_no_other(client: Client, intake: Intake) -> None:
    address = doubts(client, intake)["责任单位"][0]
    same = re.search(r'href="([^"]*text=[^"]*)"', client.get(address).content.decode())
    assert same
    only = unescape(same[1])
    ticked = boxes(client.get(only).content.decode())
    assert len(ticked) == 3 and all(ticked.values())
    sent = {"do": "settle", "value-responsible_unit": "澄湖市住房和城乡建设局", "row": list(ticked)[:2]}
    assert "已确认2行" in client.post(only, sent, follow=True).content.decode()
    made = [load_state(matter.state).values for matter in Matter.objects.all()]
    assert [(each["responsible_unit"], each["finding_no"]) for each in made] == [("housing", "001"), ("housing", "002")]
    assert intake.rows.filter(status="waiting").count() == 5


def test_nothing_is_done_while_the_decision_is_missing_or_wrong(client: Client, intake: Intake) -> None:
    address = doubts(client, intake)["责任单位"][0]
    rows = list(boxes(client.get(address).content.decode()))
    for typed in ("", "没有的局"):
        answer = client.post(address, {"do": "settle", "value-responsible_unit": typed, "row": rows})
        page = answer.content.decode()
        assert answer.status_code == 422 and 'id="fault-responsible_unit"' in page and all(boxes(page).values())
    answer = client.post(address, {"do": "settle", "value-responsible_unit": "澄湖市财政局"})
    assert (
        answer.status_code == 422 and "请勾选" in answer.content.decode() and "澄湖市财政局" in answer.content.decode()
    )
    assert Matter.objects.count() == 0


def test_a_field_is_left_empty_for_all_or_all_are_laid_aside(client: Client, intake: Intake) -> None:
    address = doubts(client, intake)["整改期限"][0]
    rows = list(boxes(client.get(address).content.decode()))
    refused = client.post(address, {"do": "discard", "reason": " ", "row": rows[1:]})
    assert refused.status_code == 422 and "data-refusal" in refused.content.decode()
    assert client.post(address, {"do": "discard", "reason": "重复登记", "row": rows[1:]}).status_code == 302
    assert [each.reason for each in intake.rows.filter(status="discarded")] == ["重复登记"]
    assert client.post(address, {"do": "settle", "empty-due": "1", "value-due": "", "row": rows[:1]}).status_code == 302
    assert load_state(Matter.objects.get().state).values.get("due") is None


def test_when_all_are_settled_the_page_leads_back_to_what_still_waits(client: Client, intake: Intake) -> None:
    address = doubts(client, intake)["责任单位"][0]
    rows = list(boxes(client.get(address).content.decode()))
    sent = {"do": "settle", "value-responsible_unit": "澄湖市财政局", "row": rows}
    page = client.post(address, sent, follow=True)
    assert Matter.objects.count() == 4 and page.redirect_chain[-1][0] == f"{reverse('tray')}?intake={intake.pk}"
    assert client.post(address, sent, follow=True).status_code == 200 and Matter.objects.count() == 4


def test_only_who_may_act_on_the_import_settles_its_rows(client: Client, intake: Intake, signed_in: Any) -> None:
    address = doubts(client, intake)["责任单位"][0]
    rows = list(boxes(client.get(address).content.decode()))
    sent = {"do": "settle", "value-responsible_unit": "澄湖市财政局", "row": rows}
    assert signed_in("verifier").post(address, sent).status_code == 403, "registers nothing"
    assert signed_in("other").post(address, sent).status_code in (403, 404), "sees no import of the audit office"
    assert client.post(f"{reverse('tray')}?fields=due&intake=nonsense", sent).status_code == 404
    assert Matter.objects.count() == 0
