"""What `bihuan import` says of a file to a person."""

from clerks_table import row


def test_a_csv_file_has_no_sheet_to_be_named(city, bihuan, tmp_path, settings) -> None:
    settings.BIHUAN_INTAKE = tmp_path / "intake"
    path = tmp_path / "台账.csv"
    path.write_text("\n".join(",".join(map(str, each)) for each in (row(1), row(1).values())), encoding="utf-8")
    asked = ("import", path, "--mechanism", "audit_rectification", "--as", "clerk", "--dry-run")
    said = bihuan(*asked)
    assert said.code == 0 and "“”" not in said.out and "工作表" not in said.out and "表头" in said.out
    assert bihuan(*asked, "--json").json["sheets"][0]["sheet"] == ""
