"""Each key of a mechanism file arrives in the model, in the shape that the rules read."""

from hashlib import sha256
from pathlib import Path

import pytest

from bihuan.mechanism.load import load
from bihuan.mechanism.model import Does, End, FieldKind, Held, Label, Span, Term

HERE = Path(__file__).parent
TEXT = (HERE / "closed.toml").read_text(encoding="utf-8")
PACK = HERE.parents[1] / "src" / "bihuan" / "packs" / "audit_rectification"


@pytest.fixture(scope="module")
def light():
    return load(TEXT, name="closed.toml")


@pytest.fixture(scope="module")
def audit():
    return load((PACK / "mechanism.toml").read_text(encoding="utf-8"), name="mechanism.toml")


def test_the_hash_is_that_of_the_very_text():
    assert load(TEXT, name="closed.toml").text_hash == sha256(TEXT.encode()).hexdigest()
    assert load(TEXT + "\n# a remark\n", name="closed.toml").text_hash != load(TEXT, name="a").text_hash


def test_people_are_read(light):
    assert list(light.roles) == ["clerk", "checker", "crew", "director"]
    assert light.roles["crew"].held is Held.UNIT
    assert light.roles["crew"].field == "crew_unit"
    assert light.roles["director"].top
    assert not light.roles["clerk"].top
    assert light.register_by == ("clerk",)
    assert light.register_requires == ("place",)


def test_fields_and_records_are_read(light):
    urgency = light.fields["urgency"]
    assert urgency.kind is FieldKind.CHOICE
    assert urgency.choice_keys == {"urgent", "normal"}
    assert light.fields["place"].group == "call"
    assert light.groups == {"call": Label("来电", "Call")}
    assert light.records["call_back"].field("said").by == ("checker",)


def test_personal_many_and_entered_by_are_read(audit):
    assert audit.fields["responsible_person"].personal
    assert audit.fields["assisting_units"].many
    assert audit.roles["owner"].entered_by == "supervisor"


def test_terms_are_read_in_all_their_forms(light, audit):
    assert light.stages["received"].term == Term(("entered",), 1, Span.WORKING_DAYS)
    assert light.deadline.terms["urgent"] == Term(("registered",), 2, Span.DAYS)
    assert audit.deadline.terms["phased"] == Term(("field:delivered_on", "registered"), 12, Span.MONTHS)
    assert audit.deadline.reviews == {"continuous"}
    assert audit.stages["rectifying"].review == Term(("entered",), 3, Span.MONTHS)
    assert (audit.extension.field, audit.extension.limit, audit.extension.max_days) == ("extended_to", 2, 180)


def test_stages_and_ends_are_read(light):
    assert light.start == "received"
    assert light.stages["ended"].end is End.SUCCESS
    assert [stage.key for stage in light.ends] == ["ended", "elsewhere"]


def test_actions_are_read_with_their_conditions(light, audit):
    dispatch = light.actions["dispatch"]
    assert [branch.stage for branch in dispatch.to] == ["repairing", "surveying"]
    assert dispatch.to[0].when.evaluate({"urgency": "urgent"})
    assert light.actions["confirm"].to[0].when is None
    send_back = light.actions["send_back"]
    assert (send_back.does, send_back.limit, send_back.beyond, send_back.reason) == (
        Does.REJECT, 2, "director", True,
    )  # fmt: skip
    assert light.actions["repair"].evidence == 1
    assert light.actions["call_back"].record == "call_back"
    assert audit.actions["strike_off"].apart_from == ("recognise", "recognise_earlier")
    assert audit.actions["add_measure"].child == "audit_measure"
    assert audit.actions["recognise_earlier"].guard.text == 'assertion == "struck_off"'
    assert audit.actions["report_progress"].assertion == "in_progress"


def test_outputs_are_read_and_rungs_are_put_in_order():
    turned = TEXT.replace(
        '{ at = -1, to = ["crew"] }, { at = 1, to = ["clerk"], letter = "reminder" }',
        '{ at = 1, to = ["clerk"], letter = "reminder" }, { at = -1, to = ["crew"] }',
    )
    light = load(turned, name="closed.toml")
    assert [rung.at for rung in light.ladders["usual"].rungs] == [-1, 1, 5]
    assert light.ladders["usual"].rungs[1].letter == "reminder"
    assert light.letters["reminder"].fields == ("place", "due")
    assert light.indicators["spent"].field == "cost"
    assert light.indicators["open"].when.evaluate({"open": True})
    assert light.index.klass == "urgency"
    assert light.closing.requires == ("opinion",)


def test_computed_values_come_after_those_they_use():
    text = TEXT.replace(
        "[computed]\n",
        '[computed]\nalarm = { zh = "警", en = "A", value = "costly && twice > 9" }\n'
        'twice = { zh = "倍", en = "T", value = "cost * 2" }\n',
    )
    order = list(load(text, name="closed.toml").computed)
    assert order.index("alarm") > order.index("costly")
    assert order.index("alarm") > order.index("twice")
