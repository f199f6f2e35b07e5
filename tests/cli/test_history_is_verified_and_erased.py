"""`bihuan verify` names what was tampered with; `bihuan redact` erases so that it still verifies."""

from bihuan.intake.models import IntakeRow
from bihuan.ledger.models import Event, Matter
from clerks_table import Table, row
from triggers import without_triggers


def test_a_clean_ledger_ends_with_0(city, bihuan) -> None:
    city.rectifying()
    matter = city.claimed()
    assert bihuan("verify", "--json").json == {"intact": True, "matters": 2, "broken": []}
    assert bihuan("verify", matter.number, "--files", "--json").json["matters"] == 1
    assert bihuan("verify").code == 0


def test_one_changed_byte_is_named_by_matter_and_event(city, bihuan) -> None:
    city.rectifying()
    matter = city.rectifying()
    event = Event.objects.get(matter=matter, version=2)
    with without_triggers():
        changed = bytes(event.payload).replace(b"dispatch", b"dispatcH", 1)
        Event.objects.filter(matter=matter, version=2).update(payload=changed)
    said = bihuan("verify")
    assert said.code == 1 and matter.number in said.err and "第2条" in said.err
    broken = bihuan("verify", "--json")
    assert broken.code == 1
    assert [(each["number"], each["event"]) for each in broken.json["broken"]] == [(matter.number, 2)]
    assert bihuan("show", matter.number, "--json").json["chain"] == "broken"


def test_a_lost_file_is_found_when_files_are_read(city, bihuan, settings) -> None:
    matter = city.claimed()
    for path in settings.BIHUAN_EVIDENCE.glob(f"*/{matter.pk}/*"):
        path.write_bytes(b"other")
    assert bihuan("verify").code == 0
    assert bihuan("verify", "--files").code == 1


def test_erasing_needs_ground_and_approval_and_reaches_everything(city, bihuan) -> None:
    matter = city.register(responsible_person="欧阳某某", description="欧阳某某经办")
    slots = {each["slot"]: each["value"] for each in bihuan("redact", matter.number, "--list", "--json").json["slots"]}
    assert slots["1:set.responsible_person"] == "欧阳某某"
    asked = ["redact", matter.number, "--slot", "1:set.responsible_person", "--slot", "1:set.description"]
    assert bihuan(*asked).code == 2
    asked += ["--ground", "当事人依个人信息保护法第四十七条请求删除", "--as", "clerk", "--approver"]
    assert bihuan(*asked, "verifier", "--json").json["refused"]["rule"] == "not_approved"
    assert bihuan(*asked, "approver").code == 0
    shown = bihuan("show", matter.number, "--json")
    assert "欧阳" not in shown.out + bihuan("list", "--json").out + bihuan("show", matter.number).out
    assert [field["key"] for field in shown.json["fields"] if field["erased"]] == ["description", "responsible_person"]
    assert bihuan("verify").code == 0
    assert bihuan(*asked[:4], *asked[6:], "approver").code == 3, "it is gone already"


def test_erasing_reaches_what_the_import_kept_of_the_matter(city, bihuan, tmp_path, settings) -> None:
    settings.BIHUAN_INTAKE = tmp_path / "intake"
    Table(city, tmp_path).bring([row(1)])
    asked = ["redact", Matter.objects.get().number, "--slot", "1:set.responsible_person", "--ground", "依法"]
    refused = bihuan(*asked, "--as", "clerk", "--approver", "verifier")
    assert refused.code == 3 and IntakeRow.objects.get().prints
    assert bihuan(*asked, "--as", "clerk", "--approver", "approver").code == 0
    found = IntakeRow.objects.get()
    assert (found.prints, found.mark, found.salt) == ("", "", "")
