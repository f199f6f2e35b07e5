"""Columns are proposed and can be changed and kept; the commit goes by steps that nobody needs to wait for."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.intake.contents import values_of
from bihuan.intake.models import Intake, SavedMapping
from bihuan.ledger.models import Matter
from city import City
from clerks_table import COLUMNS, Table, row
from import_desk import opened, refusal

HTMX = {"HX-Request": "true"}


@pytest.fixture
def table(city: City, tmp_path: Path, settings: Any) -> Table:
    settings.BIHUAN_INTAKE = tmp_path / "intake"
    return Table(city, tmp_path)


@pytest.fixture
def client(table: Table, signed_in: Any) -> Client:
    return signed_in("clerk")


def ask(client: Client, intake: Intake, do: str = "read", **sent: Any) -> tuple[Any, Intake]:
    """Send the form of the columns; return the answer and the intake that is open then."""
    answer = client.post(reverse("intake_columns", args=[intake.pk]), {"do": do, **sent})
    return answer, Intake.objects.get(stage="open")


def test_each_field_shows_its_column_and_each_column_what_stands_in_it(client: Client, table: Table) -> None:
    intake = opened(client, table.write([row(1), row(2)]))
    page = client.get(reverse("intake", args=[intake.pk])).content.decode()
    assert '<option value="问题摘要" selected>问题摘要 · 专项资金未及时收回（1）</option>' in page
    assert all(f'<th scope="row">{column}</th>' in page for column in COLUMNS)
    assert "见底稿" in page and "随行保留" in page


def test_another_column_is_taken_up_and_given_back(client: Client, table: Table) -> None:
    intake = opened(client, table.write([row(1)]))
    answer, changed = ask(client, intake, **{"column-reason": "备注"})
    assert answer.status_code == 302 and changed.mapping == {"reason": "备注"}
    assert values_of(changed.rows.get(status="ready"))["reason"] == "见底稿"
    _, back = ask(client, changed, "propose")
    assert back.mapping is None and values_of(back.rows.get(status="ready"))["reason"] is None
    assert Intake.objects.count() == 1


def test_a_mapping_is_kept_by_name_and_used_for_the_next_file(client: Client, table: Table) -> None:
    intake = opened(client, table.write([row(1)]))
    _, intake = ask(client, intake, **{"column-reason": "备注"})
    assert ask(client, intake, "save", name="")[0].status_code == 422
    assert ask(client, intake, "save", name="年报格式")[0].status_code == 302
    client.post(reverse("intake_abandon", args=[intake.pk]))
    other = opened(client, table.write([row(2)]))
    kept = SavedMapping.objects.get()
    _, loaded = ask(client, other, "load", kept=kept.pk)
    assert values_of(loaded.rows.get(status="ready"))["reason"] == "见底稿"


def test_a_kept_mapping_is_forgotten_by_its_unit_alone_and_its_imports_stay(
    client: Client, table: Table, signed_in: Any
) -> None:
    intake = opened(client, table.write([row(1)]))
    _, intake = ask(client, intake, **{"column-reason": "备注"})
    ask(client, intake, "save", name="年报格式")
    kept = SavedMapping.objects.get()
    address = reverse("intake_columns", args=[intake.pk])
    assert 'value="forget"' in client.get(reverse("intake", args=[intake.pk])).content.decode()
    assert signed_in("other").post(address, {"do": "forget", "kept": kept.pk}).status_code in (302, 403, 404)
    assert ask(client, intake, "forget", kept="")[0].status_code == 422 and SavedMapping.objects.exists()
    answer, same = ask(client, intake, "forget", kept=kept.pk)
    assert answer.status_code == 302 and not SavedMapping.objects.exists()
    assert (same.pk, same.mapping) == (intake.pk, {"reason": "备注"})
    page = client.get(reverse("intake", args=[intake.pk])).content.decode()
    assert "年报格式" in page and 'value="forget"' not in page, "told once, and no longer offered"


def test_a_mapping_of_columns_that_are_not_there_is_refused_and_nothing_changes(client: Client, table: Table) -> None:
    intake = opened(client, table.write([row(1)]))
    answer, same = ask(client, intake, **{"column-reason": "没有的列"})
    assert answer.status_code == 422 and "没有的列" in refusal(answer)
    assert same.pk == intake.pk and same.rows.filter(status="ready").count() == 1


def test_a_commit_goes_step_by_step_and_a_closed_page_loses_nothing(client: Client, table: Table) -> None:
    intake = opened(client, table.write([row(number) for number in range(1, 131)]))
    Intake.objects.filter(pk=intake.pk).update(pace=50)
    commit = reverse("intake_commit", args=[intake.pk])
    first = client.post(commit, headers=HTMX).content.decode()
    assert 'value="50"' in first and 'hx-trigger="load, submit"' in first and Matter.objects.count() == 50
    # The page is closed here. Later, whoever comes by finds the way on.
    start = client.get(reverse("import_start")).content.decode()
    assert "中断，可继续" in start and reverse("intake", args=[intake.pk]) in start
    page = client.get(reverse("intake", args=[intake.pk])).content.decode()
    assert "继续" in page and 'hx-trigger="load' not in page, "it goes on when asked, not by itself"
    answer = client.post(commit, headers=HTMX)
    while "HX-Redirect" not in answer.headers:
        answer = client.post(commit, headers=HTMX)
    intake.refresh_from_db()
    assert intake.stage == "committed" and Matter.objects.count() == 130
    assert client.post(commit, headers=HTMX).headers["HX-Redirect"], "finished once; asked again, nothing happens"
    assert Matter.objects.count() == 130


def test_rows_are_paged_by_key_in_both_directions(client: Client, table: Table) -> None:
    intake = opened(client, table.write([row(number) for number in range(1, 131)]))
    address = reverse("intake", args=[intake.pk])
    seen, ids = [], list(intake.rows.order_by("id").values_list("id", flat=True))
    for after in ("", f"&after={ids[49]}", f"&after={ids[99]}"):
        page = client.get(f"{address}?show=ready{after}", headers={**HTMX, "HX-Target": "rows"}).content.decode()
        assert "<html" not in page
        seen += [int(part.split('"')[0]) for part in page.split('data-row="')[1:]]
    assert seen == list(range(2, 132))
    back = client.get(f"{address}?show=ready&before={ids[100]}").content.decode()
    assert 'data-row="52"' in back and 'data-row="101"' in back and 'data-row="102"' not in back


def test_two_sheets_may_have_different_columns(client: Client, table: Table) -> None:
    import openpyxl

    path = table.write([row(1)])
    book = openpyxl.load_workbook(path)
    other = book.create_sheet("另一表")
    other.append(["编号", "存在问题", "牵头单位", "完成时限", "说明"])
    other.append(["乙-1", "未按期上缴", "澄湖市财政局", "2026-08-31", "另见附件"])
    book.save(path)
    intake = opened(client, path)
    assert [sheet.name for sheet in intake.sheets.all()] == ["Sheet", "另一表"]
    page = client.get(reverse("intake", args=[intake.pk])).content.decode()
    assert '<option value="*proposed*" selected>' in page
    _, one = ask(client, intake, sheet="另一表", **{"column-reason": "说明", "column-responsible_unit": "*proposed*"})
    assert [sheet.name for sheet in one.sheets.all()] == ["另一表"]
    assert values_of(one.rows.get(status="ready"))["reason"] == "另见附件"
