"""Units and people come from files: all of a file or nothing, every problem named, twice is once."""

from pathlib import Path

import openpyxl
import pytest

from bihuan.directory.models import Account, Post, Unit

UNITS = "name,short_names,level,parent\n棠溪站,质监站|站,3,乙局\n甲市,,1,\n乙局,乙|局,2,甲市\n丙局,局,2,甲市\n"
PEOPLE = (
    "账号,姓名,单位,岗位,角色,任职起,任职止,分管\n"
    "zhang,张三,澄湖市财政局,联络员,owner、配合单位联络人,2024-01-01,,\n"
    "li,李四,澄湖市人民政府,副市长,分管领导,2024-01-01,2099-12-31,澄湖市财政局|澄湖市住房和城乡建设局\n"
)


@pytest.fixture
def file(tmp_path):
    def write(text: str, name: str = "file.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_parents_may_come_later_short_names_may_be_shared_and_twice_is_once(city, bihuan, file) -> None:
    Unit.objects.filter(key="nobody").delete()
    before = bihuan("units", "list", "--json").json["units"]
    assert bihuan("units", "import", file(UNITS), "--json").json == {"created": 4, "changed": 0, "unchanged": 0}
    assert bihuan("units", "import", file(UNITS), "--json").json == {"created": 0, "changed": 0, "unchanged": 4}
    new = [unit for unit in bihuan("units", "list", "--json").json["units"] if unit not in before]
    assert new == [
        {"key": "u2", "name": "甲市", "level": 1, "parent": None},
        {"key": "u3", "name": "乙局", "level": 2, "parent": "u2"},
        {"key": "u4", "name": "丙局", "level": 2, "parent": "u2"},
        {"key": "u1", "name": "棠溪站", "level": 3, "parent": "u3"},
    ]
    assert Unit.objects.get(key="u3").short_names == ["乙", "局"]


def test_the_same_from_a_workbook_from_gb18030_and_under_chinese_headers(city, bihuan, file, tmp_path) -> None:
    chinese = UNITS.replace("name,short_names,level,parent", "单位名称,简称,级别,上级单位")
    assert bihuan("units", "import", file(chinese, encoding="gb18030"), "--json").json["created"] == 4
    book = openpyxl.Workbook()
    book.active.append(["组织机构表"])
    for line in chinese.splitlines():
        cells = line.split(",")
        book.active.append([int(cell) if cell.isdecimal() else cell for cell in cells])
    book.save(tmp_path / "units.xlsx")
    assert bihuan("units", "import", tmp_path / "units.xlsx", "--json").json == {
        "created": 0,
        "changed": 0,
        "unchanged": 4,
    }


def test_a_unit_that_moved_keeps_its_key(city, bihuan, file) -> None:
    bihuan("units", "import", file(UNITS))
    moved = bihuan("units", "import", file("name,level,parent\n棠溪站,3,丙局\n"), "--json").json
    assert moved == {"created": 0, "changed": 1, "unchanged": 0}
    unit = Unit.objects.get(name="棠溪站")
    assert (unit.key, unit.parent.name, unit.short_names) == ("u1", "丙局", ["质监站", "站"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,level,parent\n甲,1,\n乙,2,没有这个局\n", ["第3行", "parent", "没有这个局"]),
        ("name,level,parent\n甲,2,乙\n乙,3,甲\n", ["第2行", "甲 → 乙 → 甲"]),
        ("name,level,parent\n甲,2,\n", ["第2行", "level", "上级"]),
        ("name,level,parent\n甲,1,\n乙,1,甲\n", ["第3行", "级别"]),
        ("name,level,parent\n甲,一,\n", ["第2行", "一"]),
        ("name,level,parent\n甲,1,\n甲,1,\n", ["第3行", "第2行"]),
        ("name,level,parent\n,1,\n", ["第2行", "name"]),
        ("序号,备注\n1,甲\n", ["表头"]),
        ("name,level\n", ["没有单位"]),
        ("", ["空文件"]),
    ],
)
def test_a_file_with_a_fault_is_refused_whole(city, bihuan, file, text: str, words: list[str]) -> None:
    count = Unit.objects.count()
    said = bihuan("units", "import", file(text))
    assert (said.code, said.out) == (2, "")
    assert all(word in said.err for word in words), said.err
    assert Unit.objects.count() == count


def test_every_problem_is_named_by_row_and_column(city, bihuan, file) -> None:
    said = bihuan("units", "import", file("name,level,parent\n甲,x,\n乙,2,丁\n丙,2,\n"))
    assert [line[:3] for line in said.err.splitlines()[:3]] == ["第2行", "第3行", "第4行"]
    assert "3个问题" in said.err.splitlines()[-1]


@pytest.mark.parametrize("content", [b"PK\x03\x04 no zip", b"\x00\x01", b"\xd0\xcf\x11\xe0" + b"\x00" * 600])
def test_what_is_no_workbook_is_said_in_one_sentence(city, bihuan, tmp_path, content: bytes) -> None:
    for name in ("units.xlsx", "units.xls", "units.csv"):
        (tmp_path / name).write_bytes(content)
        said = bihuan("units", "import", tmp_path / name)
        assert said.code == 2 and len(said.err.splitlines()) == 1


def test_a_workbook_with_a_cell_in_its_last_corner_does_not_end_the_command(city, bihuan, tmp_path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "name", "x"
    book.save(tmp_path / "sparse.xlsx")
    said = bihuan("units", "import", tmp_path / "sparse.xlsx")
    assert said.code == 2 and len(said.err.splitlines()) == 1


def test_people_get_posts_roles_and_portfolios_and_twice_is_once(city, bihuan, file) -> None:
    assert bihuan("people", "import", file(PEOPLE), "--json").json == {"created": 2, "changed": 0, "unchanged": 0}
    assert bihuan("people", "import", file(PEOPLE), "--json").json == {"created": 0, "changed": 0, "unchanged": 2}
    zhang = Post.objects.get(account__account="zhang")
    assert (zhang.key, zhang.roles, zhang.unit.key) == ("zhang@finance", ["owner", "assisting"], "finance")
    leader = Post.objects.get(account__account="li")
    assert leader.roles == ["leader"]
    assert {each.unit.key for each in leader.portfolios.all()} == {"finance", "housing"}
    posts = bihuan("people", "list", "--json").json["posts"]
    assert "zhang@finance" in {post["key"] for post in posts}


def test_an_edited_file_changes_the_post_and_a_new_time_makes_a_new_one(city, bihuan, file) -> None:
    bihuan("people", "import", file(PEOPLE))
    ended = PEOPLE.replace("2024-01-01,,", "2024-01-01,2026-01-31,")
    assert bihuan("people", "import", file(ended), "--json").json == {"created": 0, "changed": 1, "unchanged": 1}
    again = PEOPLE.replace("2024-01-01,,", "2026-03-01,,")
    assert bihuan("people", "import", file(again), "--json").json == {"created": 1, "changed": 0, "unchanged": 1}
    assert [post.key for post in Post.objects.filter(account__account="zhang")] == ["zhang@finance", "zhang@finance-2"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("wu,吴五,没有局,联络员,owner,,,", ["第2行", "单位", "没有局"]),
        ("wu,吴五,澄湖市财政局,联络员,总管,,,", ["第2行", "角色", "总管"]),
        ("wu,吴五,澄湖市财政局,联络员,owner,昨天,,", ["第2行", "任职起", "昨天"]),
        ("wu,吴五,澄湖市财政局,联络员,owner,2026-02-01,2026-01-01,", ["第2行", "任职止"]),
        ("system,吴五,澄湖市财政局,联络员,owner,,,", ["第2行", "system"]),
        (",吴五,澄湖市财政局,联络员,owner,,,", ["第2行", "账号"]),
        ("wu,吴五,澄湖市财政局,系统员,system_admin|security_admin,,,", ["第2行", "三员"]),
        ("wu,吴五,澄湖市财政局,副局长,leader,,,没有局", ["第2行", "分管", "没有局"]),
    ],
)
def test_people_with_a_fault_are_refused_with_row_and_column(city, bihuan, file, line: str, words: list[str]) -> None:
    said = bihuan("people", "import", file(PEOPLE.splitlines()[0] + "\n" + line + "\n"))
    assert said.code == 2 and all(word in said.err for word in words), said.err
    assert not Account.objects.filter(name="吴五").exists()


def test_one_account_is_one_person(city, bihuan, file) -> None:
    twice = PEOPLE + "zhang,张四,澄湖市住房和城乡建设局,联络员,owner,,,\n"
    said = bihuan("people", "import", file(twice))
    assert said.code == 2 and "第4行" in said.err and "张三" in said.err
    assert not Account.objects.filter(account="zhang").exists()


def test_nobody_signs_in_before_a_password_was_given(city, bihuan, file) -> None:
    bihuan("people", "import", file(PEOPLE))
    assert not Account.objects.get(account="zhang").has_usable_password()
    said = bihuan("people", "password", "zhang")
    assert Account.objects.get(account="zhang").check_password(said.out.split()[-1].rpartition("：")[2])
    assert bihuan("people", "password", "nobody").code == 2
