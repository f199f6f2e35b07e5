"""`bihuan act` goes the one write path: typed values, rules that refuse with their name, nothing half done."""

import pytest

from bihuan.ledger.models import Evidence, Matter, Refused
from city import state_of


@pytest.fixture
def proof(tmp_path):
    path = tmp_path / "缴款书.txt"
    path.write_text("已缴", encoding="utf-8")
    return path


def test_values_are_typed_by_the_kind_of_their_field(city, bihuan, proof) -> None:
    matter = city.rectifying()
    said = bihuan(
        "act", matter.number, "claim_done", "--as", "liaison", "--evidence", proof, "--json",
        "--set", "result=已上缴", "--set", "问题根源=把关不严", "--set", "paid_in=1,234.5万元",
        "--set", "returned=0.05", "--set", "rules_made=2",
    )  # fmt: skip
    assert said.code == 0 and said.json["matter"]["stage"] == "checking"
    values = state_of(matter).values
    assert (values["paid_in"], values["returned"], values["rules_made"]) == (1_234_500_000, 5, 2)
    assert (values["cause"], state_of(matter).evidence[0].name) == ("把关不严", "缴款书.txt")


def test_units_choices_and_lists_are_given_as_people_write_them(city, bihuan) -> None:
    matter = city.register()
    units = "assisting_units=澄湖市财政局、station"
    assert (
        bihuan(
            "act", matter.number, "assign", "--as", "clerk", "--set", "responsible_unit=澄湖市财政局", "--set", units
        ).code
        == 0
    )
    assert state_of(matter).values["assisting_units"] == ["finance", "station"]
    assert bihuan("act", matter.number, "dispatch", "--as", "clerk", "--set", "rectify_type=分阶段整改").code == 0
    assert state_of(matter).values["rectify_type"] == "phased"


def test_a_record_entry_is_added_and_corrected(city, bihuan) -> None:
    matter = city.register()
    entry = ["--set", "talked_on=2026-06-01", "--set", "talked_with=leader", "--set", "content=已沟通"]
    assert bihuan("act", matter.number, "log_communication", "--as", "clerk", *entry).code == 0
    records = bihuan("show", matter.number, "--json").json["records"][0]["entries"]
    assert (
        bihuan("act", matter.number, "log_communication", "--entry", records[0]["entry"], "--set", "content=改").code
        == 0
    )
    after = bihuan("show", matter.number, "--json").json["records"][0]["entries"]
    assert [field["text"] for field in after[0]["fields"]][-1] == "改" and len(after) == 1


def test_a_measure_is_split_off_with_the_fields_of_the_child(city, bihuan) -> None:
    matter = city.rectifying()
    said = bihuan(
        "act", matter.number, "add_measure", "--as", "clerk", "--set", "title=清理账户", "--set", "due=2030-01-31"
    )
    assert said.code == 0, said.err
    child = Matter.objects.get(parent=matter)
    assert (child.title, child.due.isoformat()) == ("清理账户", "2030-01-31")
    assert bihuan("show", matter.number, "--json").json["children"][0]["number"] == child.number


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--set", "paid_in=约三万"], ["paid_in", "约三万"]),
        (["--set", "paid_in=0.001"], ["paid_in", "0.001"]),
        (["--set", "rules_made=两项"], ["rules_made"]),
        (["--set", "result"], ["--set"]),
        (["--evidence", "/no/such/file"], ["/no/such/file"]),
        (["--for", "没有局"], ["没有局"]),
    ],
)
def test_what_is_not_understood_ends_with_2_and_changes_nothing(
    city, bihuan, given: list[str], words: list[str]
) -> None:
    matter = city.rectifying()
    said = bihuan("act", matter.number, "claim_done", "--as", "liaison", *given)
    assert (said.code, said.out) == (2, "") and all(word in said.err for word in words), said.err
    assert state_of(matter).version == matter.version and not Refused.objects.exists()


def test_the_doer_who_tries_to_verify_is_refused_by_name_of_the_rule(city, bihuan, proof) -> None:
    matter = city.rectifying(liaison="both_owner")
    city.claim(matter, by="both_owner")
    asked = [
        "act",
        matter.number,
        "recognise",
        "--as",
        "both_verifier",
        "--set",
        "criterion=money_settled",
        "--set",
        "opinion=好",
    ]
    said = bihuan(*asked)
    assert (said.code, said.out) == (3, "") and "did_the_work" in said.err
    told = bihuan(*asked, "--json").json["refused"]
    assert told["rule"] == "did_the_work" and "核验" in told["message"]
    assert Refused.objects.filter(rule="did_the_work", account="both").count() == 2
    assert bihuan(*["verifier" if word == "both_verifier" else word for word in asked]).code == 0


def test_a_refused_act_leaves_no_file(city, bihuan, proof, settings) -> None:
    matter = city.rectifying()
    said = bihuan("act", matter.number, "claim_done", "--as", "verifier", "--evidence", proof)
    assert said.code == 3
    assert not Evidence.objects.filter(matter=matter).exists()
    assert not list(settings.BIHUAN_EVIDENCE.glob(f"*/{matter.pk}/*"))


def test_a_missing_field_is_named(city, bihuan) -> None:
    matter = city.claimed()
    refused = bihuan("act", matter.number, "recognise", "--as", "verifier", "--set", "opinion=好", "--json").json[
        "refused"
    ]
    assert (refused["rule"], refused["field"]) == ("missing_field", "criterion")


def test_who_saw_an_older_version_is_told_what_changed(city, bihuan) -> None:
    matter = city.register()
    city.act(matter, "dispatch", "clerk")
    said = bihuan("act", matter.number, "sign", "--as", "liaison", "--version", 1, "--json")
    assert said.code == 3 and said.json["refused"]["rule"] == "conflict"
    assert [(each["version"], each["action"]) for each in said.json["refused"]["changes"]] == [(2, "dispatch")]
    assert bihuan("act", matter.number, "sign", "--as", "liaison", "--version", 2).code == 0


def test_without_as_the_clerk_acts_and_the_system_is_on_record(city, bihuan) -> None:
    matter = city.register()
    assert bihuan("act", matter.number, "dispatch").code == 0
    event = bihuan("show", matter.number, "--json").json["timeline"][-1]
    assert (event["account"], event["post"]) == ("system", "clerk")


def test_the_clerk_enters_for_a_unit_that_does_not_sign_in(city, bihuan, proof) -> None:
    matter = city.register("finance")
    city.act(matter, "dispatch", "clerk")
    assert bihuan("act", matter.number, "sign", "--as", "clerk").code == 3
    without = bihuan("act", matter.number, "sign", "--as", "clerk", "--for", "澄湖市财政局", "--json")
    assert without.json["refused"]["rule"] == "missing_scan"
    assert bihuan("act", matter.number, "sign", "--as", "clerk", "--for", "澄湖市财政局", "--evidence", proof).code == 0
    assert bihuan("show", matter.number, "--json").json["timeline"][-1]["on_behalf"]["key"] == "finance"


def test_an_unknown_action_names_those_that_are_open(city, bihuan) -> None:
    matter = city.register()
    refused = bihuan("act", matter.number, "finish", "--json")
    assert refused.code == 3 and "dispatch" in refused.json["refused"]["message"]
