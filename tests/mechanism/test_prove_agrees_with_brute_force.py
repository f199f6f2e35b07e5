"""On small random graphs, proofs 1, 4 and 5 say what walking every path by hand says."""

from dataclasses import replace
from itertools import product
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.mechanism.expression import compile_expression
from bihuan.mechanism.load import load
from bihuan.mechanism.model import Action, Branch, Closing, Does, End, Label, Stage
from bihuan.mechanism.names import all_types
from bihuan.mechanism.prove.bounded import bounded
from bihuan.mechanism.prove.reached import reached
from bihuan.mechanism.prove.verified import verified

BASE = load((Path(__file__).parent / "closed.toml").read_text(encoding="utf-8"), name="closed.toml")
LABEL = Label("某", "some")
STAGES = ["s0", "s1", "s2"]
ENDS = ["good", "other"]
CONDITIONS = {
    text: compile_expression(text, all_types(BASE))
    for text in [
        'urgency == "urgent"', 'urgency != "urgent"', 'urgency == "normal"', "has(urgency)", "!has(urgency)",
        "open_children > 0", "open_children <= 0", 'urgency == "urgent" || open_children > 0', "cost > 5",
        "cost <= 5",
    ]
}  # fmt: skip
CASES = [
    {"urgency": urgency, "open_children": children, "cost": cost, "open": True}
    for urgency, children, cost in product([None, "urgent", "normal"], [0, 1], [None, 1, 9])
]

conditions = st.sampled_from([None, None, *CONDITIONS.values()])


@st.composite
def branches(draw):
    targets = st.sampled_from([*STAGES, *ENDS])
    count = draw(st.sampled_from([0, 1, 1, 1, 2]))
    if count < 2:
        return (Branch(draw(targets)),) * count
    return (
        Branch(draw(targets), draw(st.sampled_from(list(CONDITIONS.values())))),
        Branch(draw(targets), draw(conditions)),
    )


@st.composite
def actions(draw, key):
    does = draw(st.sampled_from([Does.STEP, Does.STEP, Does.WORK, Does.VERIFY, Does.REJECT]))
    role = {Does.WORK: "crew", Does.VERIFY: "checker"}.get(does) or draw(st.sampled_from(["crew", "clerk"]))
    return Action(
        key=key,
        label=LABEL,
        does=does,
        stages=tuple(draw(st.lists(st.sampled_from(STAGES), min_size=1, max_size=2, unique=True))),
        by=(role,),
        to=draw(branches()),
        guard=draw(conditions),
        sets=draw(st.sampled_from([(), ("result",)])),
        limit=draw(st.sampled_from([None, 1])),
        beyond="director",
    )


@st.composite
def graphs(draw):
    """A mechanism of three stages and two ends, with up to six actions drawn at random."""
    stages = {key: replace(BASE.stages["repairing"], key=key) for key in STAGES}
    stages["good"] = Stage("good", LABEL, end=End.SUCCESS)
    stages["other"] = Stage("other", LABEL, end=End.OTHER)
    drawn = [draw(actions(f"a{index}")) for index in range(draw(st.integers(1, 6)))]
    working = Action("work", LABEL, Does.WORK, stages=("s0",), by=("crew",))
    table = {action.key: action for action in [working, *drawn]}
    return replace(BASE, start="s0", stages=stages, actions=table, closing=Closing())


PARTS = st.sampled_from(
    [
        [None],
        ['urgency == "urgent"', 'urgency != "urgent"'],
        ["has(urgency)", "!has(urgency)"],
        ["open_children > 0", "open_children <= 0"],
        ['urgency == "urgent"', 'urgency == "normal"', "!has(urgency)"],
        ['urgency == "urgent"', 'urgency == "normal"'],  # leaves out: not set
        ["cost > 5", "cost <= 5"],  # leaves out: not set
        ["cost > 5"],
    ]
)


@st.composite
def lines(draw):
    """A mechanism whose stages follow each other, each left by several ways that may or may not leave no
    case out: as actions with guards, or as branches of one action."""
    table, order = {}, [*STAGES, "good"]
    for index, stage in enumerate(STAGES):
        parts = draw(PARTS)
        places = [order[index + 1], *(draw(st.sampled_from([*order, "other"])) for _ in parts[1:])]
        ways = [Branch(place, CONDITIONS[part] if part else None) for place, part in zip(places, parts, strict=True)]
        if draw(st.booleans()):
            split = [((replace(way, when=None),), way.when) for way in ways]
        else:
            split = [(tuple(ways), None)]
        for to, guard in split:
            key = f"a{len(table)}"
            table[key] = Action(key, LABEL, Does.STEP, stages=(stage,), by=("clerk",), to=to, guard=guard)
    table["out"] = Action("out", LABEL, Does.STEP, ("s0",), ("clerk",), (Branch("other"),), CONDITIONS["cost > 5"])
    return replace(draw(graphs()), actions=table)


def targets(action, stage, case):
    """Where `action` leads from `stage` with the values of `case`; None if it may not be done there."""
    values = case | {"stage": stage}
    if stage not in action.stages or (action.guard and not action.guard.evaluate(values)):
        return None
    for branch in action.to:
        if branch.when is None or branch.when.evaluate(values):
            return branch.stage
    return "nowhere" if action.to else stage


def walks(mechanism, length):
    """Every walk from the start of at most `length` moves, whatever the conditions say."""
    waiting = [("s0", ())]
    while waiting:
        stage, steps = waiting.pop()
        yield stage, steps
        if len(steps) < length:
            for action in mechanism.actions.values():
                if stage in action.stages:
                    for target in {branch.stage for branch in action.to} or {stage}:
                        waiting.append((target, (*steps, action)))


def can_be_brought_to_an_end(mechanism, stage, moves):
    """Whether, with the values changed against us before each of at most `moves` moves, we reach an end."""
    if mechanism.stages[stage].end:
        return True
    return moves > 0 and all(
        any(
            target not in (None, "nowhere", stage) and can_be_brought_to_an_end(mechanism, target, moves - 1)
            for target in (targets(action, stage, case) for action in mechanism.actions.values())
        )
        for case in CASES
    )


def leaves_a_case_out(mechanism):
    return any(
        targets(action, stage, case) == "nowhere"
        for action in mechanism.actions.values()
        for stage in action.stages
        for case in CASES
    )


@given(st.one_of(graphs(), lines(), lines()))
@settings(max_examples=300, deadline=None)
def test_proof_1_agrees_with_playing_every_case(mechanism):
    visited = {stage for stage, _ in walks(mechanism, 4)}
    closed = (
        visited == set(mechanism.stages)
        and not leaves_a_case_out(mechanism)
        and all(can_be_brought_to_an_end(mechanism, stage, 3) for stage in STAGES)
    )
    assert closed == (not list(reached(mechanism)))


def verified_by_history(steps):
    """Whether a verification happened after which nobody worked, changed or rejected anything."""
    looks = [index for index, action in enumerate(steps) if action.does is Does.VERIFY]
    return bool(looks) and not any(
        action.does in (Does.WORK, Does.REJECT) or ("crew" in action.by and action.sets)
        for action in steps[looks[-1] + 1 :]
    )


@given(graphs())
@settings(max_examples=100, deadline=None)
def test_proof_4_agrees_with_the_history_of_every_walk(mechanism):
    closed = all(verified_by_history(steps) for stage, steps in walks(mechanism, 5) if stage == "good")
    findings = list(verified(mechanism))
    assert closed == (not findings)
    for finding in findings:
        assert finding.path[0] == "s0"
        assert finding.path[-1] == "good"
        steps = [mechanism.actions[key] for key in finding.path[1::2]]
        assert not verified_by_history(steps)
        shorter = (each for stage, each in walks(mechanism, len(steps) - 1) if stage == "good")
        assert all(map(verified_by_history, shorter))


def walks_on_without_limits(mechanism, stage, moves):
    """Whether `moves` unlimited moves in a row can be made from `stage`."""
    return moves == 0 or any(
        walks_on_without_limits(mechanism, branch.stage, moves - 1)
        for action in mechanism.actions.values()
        if stage in action.stages and action.limit is None
        for branch in action.to
    )


@given(graphs())
@settings(max_examples=200, deadline=None)
def test_proof_5_agrees_with_walking_on_for_longer_than_there_are_stages(mechanism):
    endless = any(walks_on_without_limits(mechanism, stage, len(STAGES) + 1) for stage in STAGES)
    findings = list(bounded(mechanism))
    assert endless == bool(findings)
    for finding in findings:
        assert finding.path[0] == finding.path[-1]
        assert all(mechanism.actions[key].limit is None for key in finding.path[1::2])
