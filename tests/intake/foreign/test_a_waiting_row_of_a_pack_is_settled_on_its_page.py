"""Rows of a pack's foreign sheet that wait are settled on their page, each field by its kind."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bihuan.intake.models import IntakeRow
from bihuan.intake.opening import open_intake
from bihuan.ledger.fold import load_state

from .test_foreign_sheets_of_every_pack_are_read import bring, registrar, written

pytestmark = [pytest.mark.django_db, pytest.mark.either_engine]


@pytest.fixture
def waiting(office: None, tmp_path: Path) -> Any:
    """Bring in the sheet of a pack and return a client of its clerk and `row(number)`, with its address."""

    def bring_in(pack: str) -> tuple[Client, Any]:
        drawn = tomllib.loads(Path(__file__).with_name(f"{pack}.toml").read_text(encoding="utf-8"))
        intake = bring(written(drawn, tmp_path / "foreign.xlsx"), pack).intake
        client = Client()
        client.force_login(registrar(pack).account)
        return client, lambda number: IntakeRow.objects.get(intake=intake, row=number)

    return bring_in


def address(row: IntakeRow) -> str:
    return reverse("import_row", args=[row.pk])


def test_an_entry_is_named_as_the_register_has_it(waiting: Any) -> None:
    client, row = waiting("enterprise_difficulty")
    page = client.get(address(row(7))).content.decode()
    assert (
        'data-field="enterprise"' in page
        and "棠川云舸新材料有限公司" in page
        and 'data-field="audited_unit"' not in page
    )
    answer = client.post(address(row(7)), {"do": "settle", "value-enterprise": "云舸公司"})
    assert answer.status_code == 422 and 'id="fault-enterprise"' in answer.content.decode()
    client.post(address(row(7)), {"do": "settle", "value-enterprise": "棠川云舸新材料有限公司"})
    settled = row(7)
    assert settled.status == "created" and settled.matter is not None
    assert load_state(settled.matter.state).values["enterprise"] == "E001"


def test_a_number_a_day_and_several_words_are_read_by_their_kind(waiting: Any) -> None:
    client, row = waiting("talent_demand")
    answer = client.post(address(row(5)), {"do": "settle", "value-number": "若干"})
    assert answer.status_code == 422 and 'id="fault-number"' in answer.content.decode()
    typed = {"value-number": "5人", "value-needed_by": "2026-12-31", "value-help": "校园招聘、定向培养"}
    client.post(address(row(5)), {"do": "settle", **typed})
    settled = row(5)
    assert settled.status == "created" and settled.matter is not None
    values = load_state(settled.matter.state).values
    assert (values["number"], values["needed_by"], values["help"]) == (5, "2026-12-31", ["campus", "training"])


def test_the_columns_of_a_sheet_are_those_of_the_pack(office: None, tmp_path: Path) -> None:
    drawn = tomllib.loads(Path(__file__).with_name("project_milestone.toml").read_text(encoding="utf-8"))
    path, post = written(drawn, tmp_path / "foreign.xlsx"), registrar("project_milestone")
    account = post.account.account
    asked = {"name": path.name, "mechanism": "project_milestone", "post": post, "account": account}
    intake = open_intake(path, **asked, now=timezone.now())
    client = Client()
    client.force_login(post.account)
    page = client.get(reverse("intake", args=[intake.pk])).content.decode()
    assert "column-demander" in page and "column-audited_unit" not in page
