"""`bihuan people redact` erases names and reasons from the record of changes, with ground and approval."""

from bihuan.directory.models import Alteration, Post
from bihuan.ledger.models import Refused


def test_names_are_listed_erased_with_approval_and_gone(city, bihuan) -> None:
    assert bihuan("people", "end-post", "both_owner", "--reason", "欧阳某某离职", "--even-so").code == 0
    entry = Alteration.objects.get(kind="post_ended").pk
    listed = bihuan("people", "redact", "--list", "--as", "inspector", "--json").json["slots"]
    assert [(each["slot"], each["value"]) for each in listed] == [(f"{entry}:reason", "欧阳某某离职")]
    assert "欧阳" in bihuan("people", "redact", "--list", "--as", "inspector").out
    assert not bihuan("people", "redact", "--list", "--person", "leader", "--as", "inspector", "--json").json["slots"]
    asked = ["people", "redact", "--slot", f"{entry}:reason", "--as", "inspector", "--approver", "security"]
    assert bihuan(*asked).code == 2, "without a ground"
    ground = ["--ground", "当事人依个人信息保护法第四十七条请求删除"]
    assert bihuan(*asked, *ground).code == 0
    left = bihuan("people", "redact", "--list", "--as", "inspector", "--person", "both", "--json").json["slots"]
    assert [each["kind"] for each in left] == ["values_erased"], "the ground is free text, too"
    again = bihuan(*asked, *ground, "--json")
    assert again.code == 3 and again.json["refused"]["rule"] == "nothing_there"
    assert Post.objects.get(key="both_owner").until is not None and "欧阳" not in bihuan("people", "list").out


def test_whoever_does_not_keep_the_record_neither_lists_nor_erases(city, bihuan) -> None:
    bihuan("people", "end-post", "both_owner", "--reason", "离职", "--even-so")
    entry = Alteration.objects.get(kind="post_ended").pk
    assert bihuan("people", "redact", "--list", "--as", "leader").code == 3
    asked = ["people", "redact", "--slot", f"{entry}:reason", "--ground", "依法", "--json"]
    for by, approver, rule in (
        ("security", "inspector", "not_keeper"),
        ("inspector", "sysadmin", "not_approved"),
        ("inspector", "inspector", "not_approved"),
    ):
        refused = bihuan(*asked, "--as", by, "--approver", approver)
        assert refused.code == 3 and refused.json["refused"]["rule"] == rule
    assert Refused.objects.filter(asked="people redact").count() == 4
    assert bihuan(*asked[:2], "--slot", "reason", *asked[4:], "--as", "inspector", "--approver", "security").code == 2
    assert "离职" in bihuan("people", "redact", "--list", "--as", "inspector").out
