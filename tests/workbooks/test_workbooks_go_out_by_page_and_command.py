"""The pages and commands that write workbooks: what is chosen, who may, and what is said where it cannot be done."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from bihuan.intake.models import IntakeRow
from bihuan.web.cli import main
from bihuan.web.secret import make_secret_key
from bihuan.workbooks.models import Handout
from city import City
from import_desk import opened


def received(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def numbers(content: bytes) -> set[Any]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return {row[0] for row in sheet.iter_rows(min_row=2, values_only=True)}


def test_a_list_is_exported_as_it_was_filtered_or_chosen(city: City, signed_in: Callable[[str], Client]) -> None:
    ours, theirs = city.rectifying(), city.register("finance")
    client = signed_in("clerk")
    answer = client.get(reverse("export"))
    assert answer.status_code == 200 and answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    assert numbers(received(answer)) == {ours.number, theirs.number}
    assert numbers(received(client.get(reverse("export"), {"unit": "finance"}))) == {theirs.number}
    assert numbers(received(client.post(reverse("export"), {"m": [ours.number]}))) == {ours.number}


def test_nobody_exports_what_they_may_not_open(city: City, signed_in: Callable[[str], Client]) -> None:
    ours, theirs = city.rectifying(), city.register("finance")
    liaison = signed_in("liaison")
    assert numbers(received(liaison.get(reverse("export")))) == {ours.number}
    assert numbers(received(liaison.post(reverse("export"), {"m": [ours.number, theirs.number]}))) == {ours.number}
    refused = liaison.get(reverse("export"), {"m": theirs.number})
    assert refused.status_code == 404 and "没有事项" in refused.content.decode()
    assert signed_in("sysadmin").get(reverse("export")).status_code == 404


def test_the_split_page_gives_a_zip_of_the_ticked_units(city: City, signed_in: Callable[[str], Client]) -> None:
    city.rectifying()
    city.register("finance")
    client = signed_in("clerk")
    page = client.get(reverse("split")).content.decode()
    assert "澄湖市住房和城乡建设局" in page and "澄湖市财政局" in page
    sent = {"mechanism": city.mechanism, "return_by": "2099-12-31", "unit": [city.units["finance"].pk]}
    answer = client.post(reverse("split"), sent)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(received(answer))) as packed:
        assert [name.split("_")[0] for name in packed.namelist()] == ["澄湖市财政局"]
    assert Handout.objects.get().parts.count() == 1
    assert "2099-12-31" in client.get(reverse("split")).content.decode()


@pytest.mark.parametrize(
    "sent",
    [{"return_by": "明天", "unit": ["1"]}, {"return_by": "2026-02-30"}, {"return_by": "2099-12-31", "unit": ["x"]}],
)
def test_the_split_page_says_what_is_missing_and_makes_nothing(
    city: City, signed_in: Callable[[str], Client], sent: dict[str, Any]
) -> None:
    city.rectifying()
    answer = signed_in("clerk").post(reverse("split"), {"mechanism": city.mechanism, **sent})
    assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()
    assert not Handout.objects.exists()


def test_who_may_not_split_is_told_who_can(city: City, signed_in: Callable[[str], Client]) -> None:
    city.rectifying()
    answer = signed_in("liaison").get(reverse("split"))
    assert answer.status_code == 403 and "审计整改管理岗" in answer.content.decode()
    assert "clerk" in answer.content.decode()
    assert reverse("split") in signed_in("clerk").get(reverse("ledger")).content.decode()
    assert reverse("split") not in signed_in("liaison").get(reverse("ledger")).content.decode()


def test_the_commands_write_new_files_and_overwrite_none(
    city: City, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.BIHUAN_DATA.mkdir(parents=True, exist_ok=True)
    make_secret_key(settings.BIHUAN_DATA)
    ours = city.rectifying()
    city.register("finance")

    def run(*words: object) -> tuple[int, str]:
        code = main([str(word) for word in words])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    out = tmp_path / "list.xlsx"
    code, said = run("export", "--out", out, "--unit", "housing", "--as", "clerk")
    assert (code, numbers(out.read_bytes())) == (0, {ours.number}), said
    assert run("export", "--out", out, "--as", "clerk")[0] == 2 and numbers(out.read_bytes()) == {ours.number}
    assert run("export", "--out", tmp_path / "list.csv", "--as", "clerk")[0] == 2
    assert run("export", "--out", tmp_path / "no" / "list.xlsx", "--as", "clerk")[0] == 2
    nothing = tmp_path / "nothing.xlsx"
    assert run("export", "--out", nothing, "--unit", "station", "--as", "clerk")[0] == 3 and not nothing.exists()

    split = ("split", "--mechanism", city.mechanism, "--out", tmp_path / "units")
    assert run(*split, "--as", "liaison")[0] == 3 and not Handout.objects.exists()
    assert run(*split, "--as", "clerk", "--return-by", "soon")[0] == 2
    code, said = run(*split, "--as", "clerk", "--unit", "finance", "--return-by", "2099-12-31")
    assert code == 0 and "2099-12-31" in said
    assert sorted(path.suffix for path in (tmp_path / "units").iterdir()) == [".xlsx", ".zip"]
    assert run(*split, "--as", "clerk")[0] == 3 and Handout.objects.count() == 1


def test_the_import_page_knows_the_ledgers_own_list(
    city: City, signed_in: Callable[[str], Client], settings: Any, tmp_path: Path
) -> None:
    """It offers no mapping, calls each column what it is, and shows an edit as a difference with its column."""
    settings.BIHUAN_INTAKE = tmp_path / "intake"
    matter = city.rectifying(progress="原进展")
    client = signed_in("clerk")
    book = openpyxl.load_workbook(io.BytesIO(received(client.get(reverse("export")))))
    sheet = book.worksheets[0]
    place = [cell.value for cell in sheet[1]].index("整改进展") + 1
    sheet.cell(2, place).value = "新进展"
    book.save(tmp_path / "edited.xlsx")
    intake = opened(client, tmp_path / "edited.xlsx")
    page = client.get(reverse("intake", args=[intake.pk])).content.decode()
    assert "这是从本台账导出的清单" in page and 'name="column-title"' not in page and "所属事项" in page
    client.post(reverse("intake_commit", args=[intake.pk]))
    row = IntakeRow.objects.get(status="differing")
    assert row.matter == matter
    shown = client.get(reverse("import_row", args=[row.pk])).content.decode()
    assert "新进展" in shown and "原进展" in shown
