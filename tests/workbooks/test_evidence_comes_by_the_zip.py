"""A heap of evidence finds its matters by the numbers in its names; what is doubtful is left to a person."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from bihuan.intake.reading import Refusal as FileRefusal
from bihuan.ledger.models import Evidence
from bihuan.ledger.verify import verify
from bihuan.mechanism.refusal import Refusal
from bihuan.workbooks.attaching import Attaching, Fitted
from bihuan.workbooks.collecting import Collected, collect
from bihuan.workbooks.files import room
from bihuan.workbooks.unpacking import Room, unpack
from city import City, state_of


def _zip(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return path


def _gbk_zip(path: Path, files: Mapping[str, bytes]) -> Path:
    """Pack `files` as Windows does in China: names in GBK, and nothing that says so."""

    class Named(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:
            return self.filename.encode("gbk"), self.flag_bits & ~0x800

    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(Named(name), text)
    return path


def _fit(city: City, source: Path, *, give: bool = False, by: str = "clerk") -> tuple[list[Fitted], Collected]:
    with room() as folder:
        collected = collect([(source.name, source)], folder)
        attaching = Attaching(city.posts[by], city.posts[by].account.account, city.now)
        fitted = attaching.fit(collected.pieces)
        if give:
            given = attaching.give(fitted)
            assert given.refused == {}
        return fitted, collected


def _where(fitted: list[Fitted]) -> dict[str, str | None]:
    return {each.piece.name: each.matter.number if each.matter else None for each in fitted}


def test_files_and_folders_find_their_matters_by_number(city: City, tmp_path: Path) -> None:
    one = city.rectifying(finding_no="SJ-2026-014", title="结余资金")
    two = city.rectifying(finding_no="SJ-2026-007", title="超标准")
    path = _gbk_zip(
        tmp_path / "佐证材料.zip",
        {
            "SJ-2026-014 缴款凭证.pdf": b"1",
            "014/发票1.jpg": b"2",
            "佐证/7号问题/照片/1.jpg": b"3",
            f"{two.number} 情况说明.docx": b"4",
            "其他/说明.txt": b"5",
            "__MACOSX/014/._发票1.jpg": b"6",
            "014/Thumbs.db": b"7",
        },
    )
    fitted, collected = _fit(city, path)
    assert _where(fitted) == {
        "SJ-2026-014 缴款凭证.pdf": one.number,
        "014/发票1.jpg": one.number,
        "佐证/7号问题/照片/1.jpg": two.number,
        f"{two.number} 情况说明.docx": two.number,
        "其他/说明.txt": None,
    }
    assert [name for name, _ in collected.ignored] == ["__MACOSX/014/._发票1.jpg", "014/Thumbs.db"]
    assert Evidence.objects.count() == 0, "nothing is attached unseen"


def test_several_that_fit_are_not_chosen_between_unless_the_path_tells(city: City, tmp_path: Path) -> None:
    one = city.rectifying(finding_no="3", project="预算执行审计", title="甲")
    city.rectifying(finding_no="3", project="经济责任审计", title="乙")
    path = _zip(tmp_path / "a.zip", {"3 凭证.pdf": b"1", "预算执行审计/3 凭证.pdf": b"2"})
    fitted, _ = _fit(city, path)
    assert _where(fitted) == {"3 凭证.pdf": None, "预算执行审计/3 凭证.pdf": one.number}
    assert "several matters" in str(fitted[0].why)


def test_what_is_confirmed_is_given_for_the_unit_and_verified(city: City, tmp_path: Path) -> None:
    matter = city.rectifying(finding_no="SJ-2026-014")
    _fit(city, _zip(tmp_path / "a.zip", {"014/票.pdf": b"%PDF-1", "014/票2.pdf": b"%PDF-2"}), give=True)
    state = state_of(matter)
    assert sorted(proof.name for proof in state.evidence) == ["票.pdf", "票2.pdf"]
    assert state.stage == "rectifying" and "clerk" in state.doers
    assert list(verify(files=True)) == []
    again, _ = _fit(city, tmp_path / "a.zip")
    assert [str(each.why) for each in again] == ["the matter has this very file already"] * 2


def test_one_file_as_proof_of_two_findings_is_pointed_out(city: City, tmp_path: Path) -> None:
    one, two = city.rectifying(finding_no="SJ-001"), city.rectifying(finding_no="SJ-002", title="另一个")
    fitted, _ = _fit(city, _zip(tmp_path / "a.zip", {"SJ-001.pdf": b"same", "SJ-002.pdf": b"same"}))
    assert [[str(note) for note in each.notes] for each in fitted] == [
        [f"the same file is given for {two.number} too"],
        [f"the same file is given for {one.number} too"],
    ]
    _fit(city, _zip(tmp_path / "b.zip", {"SJ-001.pdf": b"same"}), give=True)
    fitted, _ = _fit(city, _zip(tmp_path / "c.zip", {"SJ-002.pdf": b"same"}))
    assert [str(note) for note in fitted[0].notes] == [f"the same file is proof of {one.number} already"]
    assert fitted[0].can_be_given


def test_a_closed_matter_and_a_strangers_post_are_refused(city: City, tmp_path: Path) -> None:
    city.struck_off(finding_no="SJ-001")
    path = _zip(tmp_path / "a.zip", {"SJ-001.pdf": b"1"})
    (fitted,), _ = _fit(city, path)
    assert "has ended" in str(fitted.why)
    with pytest.raises(Refusal):
        _fit(city, path, by="liaison")


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "C:\\Windows\\win.ini", "014/../../x"])
def test_a_zip_that_points_outside_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    path = _zip(tmp_path / "a.zip", {"好.txt": b"1", name: b"2"})
    with pytest.raises(FileRefusal, match="points outside"):
        unpack(path, "a.zip", tmp_path, Room(1000, 10_000))
    assert not list(tmp_path.glob("etc"))


def test_a_zip_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    bomb = _zip(tmp_path / "bomb.zip", {f"{n}.bin": b"\0" * 900_000 for n in range(20)})
    assert bomb.stat().st_size < 40_000
    with pytest.raises(FileRefusal, match="would unpack"):
        unpack(bomb, "bomb.zip", tmp_path, Room(1_000_000, 5_000_000))
    lying = tmp_path / "lying.zip"
    made = bytearray(_zip(tmp_path / "x.zip", {"a.bin": b"\0" * 900_000}).read_bytes())
    for at in (made.find(b"PK\x03\x04") + 22, made.find(b"PK\x01\x02") + 24):
        made[at : at + 4] = (10).to_bytes(4, "little")
    lying.write_bytes(made)
    with pytest.raises(FileRefusal):
        unpack(lying, "lying.zip", tmp_path, Room(1_000, 10_000))
    assert sum(each.stat().st_size for each in tmp_path.glob("0*")) < 300_000


def test_a_single_file_that_is_too_large_is_left_out_and_said(city: City, tmp_path: Path, settings: object) -> None:
    settings.BIHUAN_MAX_UPLOAD = 1 << 20  # type: ignore[attr-defined]
    city.rectifying(finding_no="SJ-001")
    path = _zip(tmp_path / "a.zip", {"SJ-001.bin": b"\0" * (2 << 20), "SJ-001.txt": b"1"})
    fitted, collected = _fit(city, path)
    assert [each.piece.name for each in fitted] == ["SJ-001.txt"]
    assert "larger than 1 MB" in str(collected.ignored[0][1])


def test_an_encrypted_or_broken_zip_is_refused_in_one_sentence(city: City, tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", {"SJ-001.txt": b"secret"})
    made = bytearray(path.read_bytes())
    made[made.find(b"PK\x03\x04") + 6] |= 1
    made[made.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(made)
    with pytest.raises(FileRefusal, match="password"):
        unpack(path, "a.zip", tmp_path, Room(1000, 10_000))
    broken = tmp_path / "b.zip"
    broken.write_bytes(b"PK\x03\x04" + b"garbage" * 50)
    with room() as folder:
        assert [name for name, _ in collect([("b.zip", broken)], folder).refused] == ["b.zip"]


def test_a_name_with_the_numbers_of_two_matters_is_left_to_a_person(city: City, tmp_path: Path) -> None:
    one = city.rectifying(finding_no="ZG2026-07-004")
    two = city.rectifying(finding_no="ZG2026-07-007", title="另一个")
    files = {
        "ZG2026-07-004和ZG2026-07-007 合同.pdf": b"1",
        f"{one.number} ZG2026-07-007.pdf": b"2",
        "004、007 凭证.pdf": b"3",
        f"{one.number} ZG2026-07-004.pdf": b"4",
        "zg2026_07_007_发票.jpg": b"5",
    }
    path = _zip(tmp_path / "a.zip", files)
    fitted, _ = _fit(city, path)
    assert list(_where(fitted).values()) == [None, None, None, one.number, two.number]
    for each in fitted[:3]:
        assert "carries the numbers of several" in str(each.why)
        assert one.number in str(each.why) and two.number in str(each.why)
    with room() as folder:
        attaching = Attaching(city.posts["clerk"], "clerk", city.now)
        told = attaching.fit(collect([("a.zip", path)], folder).pieces, told={0: two.number})
    assert told[0].matter == two and told[0].can_be_given


def test_a_number_that_no_matter_has_is_named(city: City, tmp_path: Path) -> None:
    city.rectifying(finding_no="ZG2026-07-004")
    fitted, _ = _fit(city, _zip(tmp_path / "a.zip", {"ZG2026-99-001 x.pdf": b"1", "说明.pdf": b"2"}))
    assert "no matter with the number ZG2026-99-001" in str(fitted[0].why)
    assert "no matter's number or finding number" in str(fitted[1].why)


def test_a_list_of_candidates_that_is_cut_says_how_many_there_are(city: City, tmp_path: Path) -> None:
    for number in range(7):
        city.rectifying(finding_no="3", title=f"第{number}个")
    (fitted,), _ = _fit(city, _zip(tmp_path / "a.zip", {"3 凭证.pdf": b"1"}))
    assert "7 in all" in str(fitted.why) and str(fitted.why).count("、") == 4


def test_a_zip_with_nothing_in_it_is_refused(tmp_path: Path) -> None:
    for files in ({}, {"空文件夹/": b""}):
        with pytest.raises(FileRefusal, match="is empty"):
            unpack(_zip(tmp_path / "a.zip", files), "a.zip", tmp_path, Room(1000, 10_000))


def test_a_program_is_left_out_and_keeps_no_paper_back(city: City, tmp_path: Path) -> None:
    city.rectifying(finding_no="SJ-001")
    files = {"SJ-001.exe": b"1", "SJ-001.pdf": b"MZ\x90\0\x03\0", "SJ-001.txt": "MZ 说明".encode()}
    fitted, _ = _fit(city, _zip(tmp_path / "a.zip", files), give=True)
    assert [each.can_be_given for each in fitted] == [False, False, True]
    assert "is a program or a script" in str(fitted[0].why)
    assert Evidence.objects.count() == 1
