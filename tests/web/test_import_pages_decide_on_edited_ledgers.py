"""An edited ledger proposes, a person decides; an import is taken back while nobody has touched its matters."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bihuan.intake.models import Intake
from bihuan.ledger.fold import load_state
from bihuan.ledger.models import Matter
from city import City
from clerks_table import Table, row
from import_desk import committed, counts, opened, refusal

VERSION = re.compile(r'name="version" value="(\d+)"')


@pytest.fixture
def table(city: City, tmp_path: Path, settings: Any) -> Table:
    settings.BIHUAN_INTAKE = tmp_path / "intake"
    return Table(city, tmp_path)


@pytest.fixture
def client(table: Table, signed_in: Any) -> Client:
    return signed_in("clerk")


@pytest.fixture
def edited(table: Table, client: Client) -> Intake:
    committed(client, table.write([row(1), row(2)]))
    return committed(client, table.write([row(1, progress="已全部收回", amount="99.00"), row(2)]))


def test_old_and_new_stand_side_by_side_and_what_is_ticked_is_taken_over(client: Client, edited: Intake) -> None:
    assert counts(client, edited)["differing"] == 1
    differing = edited.rows.get(status="differing")
    address = reverse("import_row", args=[differing.pk])
    page = client.get(address).content.decode()
    assert "已收回一半" in page and "已全部收回" in page and "0.0099万元" in page
    assert client.post(address, {"do": "accept", "name": ["progress"], "reason": " "}).status_code == 422
    client.post(address, {"do": "accept", "name": ["progress", "amount"], "reason": "单位补报"})
    state = load_state(Matter.objects.get(pk=differing.matter_id).state)
    assert state.values["progress"] == "已全部收回" and state.values["amount"] == 9900


def test_what_changed_since_the_page_was_opened_is_shown_before_it_is_overwritten(
    client: Client, edited: Intake, city: City
) -> None:
    differing = edited.rows.get(status="differing")
    address = reverse("import_row", args=[differing.pk])
    shown = VERSION.search(client.get(address).content.decode())
    assert shown and differing.matter is not None
    city.now = timezone.now()
    city.act(differing.matter, "amend", "clerk", values={"progress": "此间的新进展"}, reason="补正")
    sent = {"do": "accept", "name": ["progress"], "reason": "单位补报", "version": shown[1]}
    answer = client.post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 409 and refusal(answer) and "此间的新进展" in page and "单位补报" in page
    assert load_state(Matter.objects.get(pk=differing.matter_id).state).values["progress"] == "此间的新进展"
    again = VERSION.search(page)
    assert again and again[1] != shown[1]
    assert client.post(address, sent | {"version": again[1]}).status_code == 302
    assert load_state(Matter.objects.get(pk=differing.matter_id).state).values["progress"] == "已全部收回"


def test_the_matter_may_stay_as_it_is(client: Client, edited: Intake) -> None:
    differing = edited.rows.get(status="differing")
    client.post(reverse("import_row", args=[differing.pk]), {"do": "keep"})
    differing.refresh_from_db()
    assert differing.status == "decided"
    assert load_state(Matter.objects.get(pk=differing.matter_id).state).values["progress"] == "已收回一半"


def test_an_import_is_withdrawn_with_a_reason(client: Client, table: Table) -> None:
    intake = committed(client, table.write([row(1), row(2)]))
    address = reverse("intake_withdraw", args=[intake.pk])
    assert client.post(address, {"reason": ""}).status_code == 409
    assert client.post(address, {"reason": "选错了文件"}).status_code == 302
    intake.refresh_from_db()
    assert intake.stage == "withdrawn" and set(Matter.objects.values_list("ended", flat=True)) == {"withdrawn"}


def test_a_touched_matter_keeps_its_import_and_is_named(client: Client, table: Table, city: City) -> None:
    intake = committed(client, table.write([row(1), row(2)]))
    touched = intake.rows.get(row=3).matter
    assert touched is not None
    city.now = timezone.now()
    city.act(touched, "dispatch", "clerk")
    answer = client.post(reverse("intake_withdraw", args=[intake.pk]), {"reason": "选错了文件"})
    assert answer.status_code == 409 and touched.number in refusal(answer)
    assert "选错了文件" in answer.content.decode(), "the reason is kept"
    assert not Matter.objects.filter(ended="withdrawn").exists()


def test_a_file_that_was_only_read_is_taken_back_and_nothing_stays(client: Client, table: Table) -> None:
    intake = opened(client, table.write([row(1)]))
    assert client.post(reverse("intake_abandon", args=[intake.pk])).status_code == 302
    assert not Intake.objects.exists()
    assert not [path for path in (table.folder / "intake").rglob("*") if path.is_file()]
