"""Rows that wait are settled or laid aside on their page; a refused attempt loses nothing that was typed."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.intake.models import Intake, IntakeRow
from bihuan.ledger.fold import load_state
from bihuan.ledger.models import Matter
from city import City
from clerks_table import Table, row
from import_desk import committed, refusal


@pytest.fixture
def table(city: City, tmp_path: Path, settings: Any) -> Table:
    settings.BIHUAN_INTAKE = tmp_path / "intake"
    return Table(city, tmp_path)


@pytest.fixture
def client(table: Table, signed_in: Any) -> Client:
    return signed_in("clerk")


@pytest.fixture
def intake(table: Table, client: Client) -> Intake:
    rows = [row(1), row(2, unit="住建居", due="六月某日"), row(3, unit="")]
    return committed(client, table.write(rows))


def waiting(intake: Intake) -> IntakeRow:
    found = intake.rows.filter(status="waiting").order_by("id").first()
    assert found is not None
    return found


def address(row: IntakeRow) -> str:
    return reverse("import_row", args=[row.pk])


def settle(client: Client, row: IntakeRow, **typed: Any) -> Any:
    sent = {"do": "settle", **{name.replace("__", "-"): text for name, text in typed.items()}}
    return client.post(address(row), sent)


def test_the_page_shows_the_cells_and_why_the_row_waits(client: Client, intake: Intake) -> None:
    page = client.get(address(waiting(intake))).content.decode()
    assert "住建居" in page and "六月某日" in page and "见底稿" in page
    assert 'data-field="responsible_unit"' in page and page.count("data-field=") == 17


def test_both_problems_must_be_settled_and_what_was_typed_stays(client: Client, intake: Intake) -> None:
    first = waiting(intake)
    answer = settle(client, first, value__responsible_unit="澄湖市住房和城乡建设局", value__title="改过的题目")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="澄湖市住房和城乡建设局"' in page and "改过的题目" in page
    assert 'id="fault-due"' in page and 'id="fault-responsible_unit"' not in page
    assert waiting(intake).pk == first.pk and Matter.objects.count() == 1


def test_a_unit_that_is_not_there_is_said_at_its_field(client: Client, intake: Intake) -> None:
    answer = settle(client, waiting(intake), value__responsible_unit="住建", value__due="2026-09-30")
    page = answer.content.decode()
    assert answer.status_code == 422 and 'id="fault-responsible_unit"' in page
    assert 'value="住建"' in page and 'value="2026-09-30"' in page


def test_a_settled_row_is_a_matter_and_the_next_row_comes_up(client: Client, intake: Intake) -> None:
    first = waiting(intake)
    answer = settle(
        client,
        first,
        value__responsible_unit="澄湖市住房和城乡建设局",
        value__due="2026-09-30",
        value__amount="1.5",
        unit__amount="wan",
    )
    first.refresh_from_db()
    assert first.status == "created" and first.matter is not None
    state = load_state(first.matter.state)
    assert state.values["responsible_unit"] == "housing" and str(state.due) == "2026-09-30"
    assert state.values["amount"] == 1_500_000
    assert answer.headers["Location"] == address(waiting(intake))
    assert first.matter.number in client.get(answer.headers["Location"]).content.decode()


def test_a_rule_may_stand_for_the_day(client: Client, intake: Intake) -> None:
    first = waiting(intake)
    settle(client, first, value__responsible_unit="housing", value__due="", value__due_rule="立行立改")
    first.refresh_from_db()
    assert first.status == "created"


def test_no_matter_is_ownerless_even_on_request(client: Client, intake: Intake) -> None:
    row = intake.rows.filter(status="waiting").order_by("id").last()
    assert row is not None
    answer = settle(client, row, empty__responsible_unit="1")
    row.refresh_from_db()
    assert answer.status_code == 422 and row.status == "waiting"


def test_a_row_is_laid_aside_with_a_reason_only_and_can_come_back(client: Client, intake: Intake) -> None:
    first = waiting(intake)
    assert client.post(address(first), {"do": "discard", "reason": " "}).status_code == 422
    assert client.post(address(first), {"do": "discard", "reason": "与第1行同一问题"}).status_code == 302
    first.refresh_from_db()
    assert first.status == "discarded"
    assert "与第1行同一问题" in client.get(address(first)).content.decode()
    assert client.post(address(first), {"do": "restore"}).status_code == 302
    first.refresh_from_db()
    assert first.status == "waiting"


def test_a_row_that_somebody_else_decided_is_not_decided_again(client: Client, intake: Intake) -> None:
    first = waiting(intake)
    client.post(address(first), {"do": "discard", "reason": "重复"})
    answer = settle(client, first, value__responsible_unit="housing", value__due="2026-09-30")
    assert answer.status_code == 409 and refusal(answer)


def test_every_count_of_the_tray_is_the_length_of_its_list(client: Client, intake: Intake) -> None:
    page = client.get(reverse("tray")).content.decode()
    assert page.count("<tr data-row=") == 2
    assert "<strong>2</strong>" in page and page.count('data-status="waiting"') == 2
