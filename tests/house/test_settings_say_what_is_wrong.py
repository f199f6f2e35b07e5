"""A setting that cannot be understood is refused with one sentence: which one, and what would be right."""

from pathlib import Path

import pytest

from bihuan.web.databases import database
from bihuan.web.environment import SETTINGS, SettingProblem, read_environment


def test_without_any_variable_every_setting_has_its_default() -> None:
    chosen = read_environment({"PATH": "/bin", "BIHUAN_TEST_DATABASE": "sqlite"})
    assert list(chosen) == [setting.name for setting in SETTINGS]
    assert chosen["BIHUAN_DATA"] == Path("data").absolute()
    assert chosen["BIHUAN_PORT"] == 8000
    assert chosen["BIHUAN_MAX_UPLOAD"] == 100 * 1024 * 1024
    assert chosen["BIHUAN_TIME_ZONE"] == "Asia/Shanghai"
    assert chosen["BIHUAN_HTTPS"] is False


def test_an_empty_variable_is_an_absent_one() -> None:
    assert read_environment({"BIHUAN_PORT": " "})["BIHUAN_PORT"] == 8000


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("BIHUAN_PORT", "80000"),
        ("BIHUAN_PORT", "eight"),
        ("BIHUAN_TIME_ZONE", "Asia/Peking"),
        ("BIHUAN_TIME_ZONE", "../etc/passwd"),
        ("BIHUAN_LANGUAGE", "fr"),
        ("BIHUAN_MAX_UPLOAD", "much"),
        ("BIHUAN_MAX_UPLOAD", "0"),
        ("BIHUAN_HTTPS", "perhaps"),
        ("BIHUAN_TRUSTED_ORIGINS", "bihuan.example"),
        ("BIHUAN_SESSION_HOURS", "0"),
        ("BIHUAN_LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(name: str, text: str) -> None:
    with pytest.raises(SettingProblem) as problem:
        read_environment({name: text})
    right = next(setting.right for setting in SETTINGS if setting.name == name)
    assert str(problem.value) == f"{name} is “{text}”, and should be {right}."


def test_a_misspelt_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(SettingProblem) as problem:
        read_environment({"BIHUAN_DATABSE_URL": "postgresql://city/bihuan"})
    assert "BIHUAN_DATABSE_URL" in str(problem.value)
    assert "the nearest is BIHUAN_DATABASE_URL" in str(problem.value)


def test_sizes_are_read_with_their_units() -> None:
    sizes = {"1": 1, "2k": 2048, "3MB": 3 * 1024**2, "1G": 1024**3}
    assert {text: read_environment({"BIHUAN_MAX_UPLOAD": text})["BIHUAN_MAX_UPLOAD"] for text in sizes} == sizes


def test_a_postgresql_address_is_taken_apart() -> None:
    url = "postgresql://clerk:p%40ss@db.example:5433/city?sslmode=require"
    entry = database(url=url, data=Path("data"))
    assert (entry["NAME"], entry["USER"], entry["PASSWORD"]) == ("city", "clerk", "p@ss")
    assert (entry["HOST"], entry["PORT"]) == ("db.example", "5433")
    assert entry["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize(
    "url", ["mysql://clerk:secret@db/city", "postgresql://clerk:secret@db", "postgresql://[secret"]
)
def test_a_wrong_address_is_refused_without_repeating_the_password(url: str) -> None:
    with pytest.raises(SettingProblem) as problem:
        database(url=url, data=Path("data"))
    assert "postgresql://user:password@host:5432/bihuan" in str(problem.value)
    assert "secret" not in str(problem.value)


def test_an_acknowledged_act_survives_a_power_cut() -> None:
    options = database(url="", data=Path("data"))["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in options["init_command"]
