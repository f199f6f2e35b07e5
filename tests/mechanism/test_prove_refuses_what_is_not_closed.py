"""Closed mechanisms are proved closed; one change opens them, and is refused by its own proof and no other."""

import re
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.mechanism.load import load
from bihuan.mechanism.prove import prove
from mechanism.mutations import MUTATIONS
from mechanism.strategies import closed_documents, loaded

HERE = Path(__file__).parent
BROKEN = sorted((HERE / "broken").glob("*.toml"))
PACK = HERE.parents[1] / "src" / "bihuan" / "packs" / "audit_rectification"


def read(path):
    return load(path.read_text(encoding="utf-8"), name=path.name)


def test_the_small_mechanism_is_closed():
    assert prove(read(HERE / "closed.toml"), children={}) == ()


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_each_broken_sample_is_refused_for_its_own_reason_alone(file):
    mechanism = read(file)
    findings = prove(mechanism, children={mechanism.key: mechanism})
    assert {finding.proof for finding in findings} == {int(file.stem.split("_")[0])}
    assert len(findings) == 1
    assert findings[0].path


def test_every_proof_has_a_broken_sample():
    assert {int(file.stem.split("_")[0]) for file in BROKEN} == {1, 2, 3, 4, 5, 6, 7}


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_each_broken_sample_differs_from_the_closed_one_in_one_place(file):
    closed = (HERE / "closed.toml").read_text(encoding="utf-8").splitlines()
    broken = file.read_text(encoding="utf-8").splitlines()
    assert broken[0].startswith("# Not closed, for one reason: ")
    assert len(set(closed) ^ set(broken)) <= 10


def test_the_audit_pack_is_closed_and_proved_quickly():
    measure, finding = read(PACK / "measure.toml"), read(PACK / "mechanism.toml")
    children = {measure.key: measure}
    began = perf_counter()
    assert prove(measure, children=children) == ()
    assert prove(finding, children=children) == ()
    assert perf_counter() - began < 0.5  # some 20 ms on an idle machine


def test_a_part_whose_mechanism_is_not_known_is_refused():
    (finding,) = prove(read(PACK / "mechanism.toml"), children={})
    assert finding.proof == 7
    assert "audit_measure" in str(finding.sentence)


def test_the_counter_example_is_the_shortest_path_and_named_in_both_languages():
    (finding,) = prove(read(HERE / "broken" / "4_approval_outlives_change.toml"), children={})
    assert finding.path == (
        "received", "dispatch", "repairing", "repair", "checking", "confirm", "confirmed",
        "touch_up", "confirmed", "file", "ended",
    )  # fmt: skip
    assert "Received —Dispatch→ Under repair" in str(finding.sentence)
    assert "待派单 —派单→ 维修中" in finding.sentence.render(str, "zh")


def test_the_cycle_that_is_shown_is_the_shortest():
    (finding,) = prove(read(HERE / "broken" / "5_endless_rework.toml"), children={})
    assert finding.path == ("repairing", "repair", "checking", "send_back", "repairing")


def without_limit_on(text, action):
    head, mark, rest = text.partition(f"[actions.{action}]")
    return head + mark + re.sub(r"limit = \d+\nbeyond = \"\w+\"\n", "", rest, count=1)


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: without_limit_on(text, "refuse_strike_off"),
        lambda text: without_limit_on(text, "reopen"),
        lambda text: without_limit_on(text, "return"),
    ],
)
def test_the_audit_pack_without_one_of_its_limits_is_refused(edit):
    text = (PACK / "mechanism.toml").read_text(encoding="utf-8")
    measure = read(PACK / "measure.toml")
    findings = prove(load(edit(text), name="mechanism.toml"), children={measure.key: measure})
    assert {finding.proof for finding in findings} == {5}


@given(closed_documents())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_mechanisms_closed_by_construction_are_proved_closed(document):
    mechanism = loaded(document)
    assert [str(finding.sentence) for finding in prove(mechanism, children={mechanism.key: mechanism})] == []


@given(closed_documents(), st.sampled_from(sorted(MUTATIONS)))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_one_change_is_refused_by_exactly_the_proof_it_breaks(document, name):
    proof, mutate = MUTATIONS[name]
    mutate(document)
    mechanism = loaded(document)
    findings = prove(mechanism, children={mechanism.key: mechanism})
    assert {finding.proof for finding in findings} == {proof}, [str(each.sentence) for each in findings]
    assert all(str(finding.sentence) and finding.sentence.render(str, "zh") for finding in findings)
