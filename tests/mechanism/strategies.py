"""Random mechanisms for hypothesis: closed ones by construction, and mutations that open them again.

A mechanism is drawn as a document (plain dictionaries, in the shape of the TOML file), so that what is
tested is what a person would write: `written(document)` is its text, `loaded(document)` the mechanism.
"""

import json
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from bihuan.mechanism.load import load
from bihuan.mechanism.model import Mechanism

Document = dict[str, Any]

KINDS = ["text", "long_text", "date", "money", "number", "person", "place"]
TERMS = st.one_of(
    st.fixed_dictionaries({"days": st.integers(0, 400)}),
    st.fixed_dictionaries({"working_days": st.integers(0, 60)}),
    st.fixed_dictionaries({"months": st.integers(1, 24)}),
)


def written(value: Any, *, top: bool = True) -> str:
    """Return `value` as TOML: one line for each key of the document, inline below."""
    if isinstance(value, dict):
        pairs = [f"{json.dumps(key)} = {written(each, top=False)}" for key, each in value.items()]
        return "\n".join(pairs) + "\n" if top else "{ " + ", ".join(pairs) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(written(each, top=False) for each in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def loaded(document: Document) -> Mechanism:
    return load(written(document), name="drawn.toml")


def named(key: str, **more: Any) -> Document:
    return {"zh": f"名称{key}", "en": f"Name of {key}", **more}


def anchored(draw: st.DrawFn, anchor: str = "entered") -> Document:
    return {"from": anchor, **draw(TERMS)}


def closed_mechanisms() -> st.SearchStrategy[Mechanism]:
    """Mechanisms that are closed by the way they are built."""
    return closed_documents().map(loaded)


@st.composite
def closed_documents(draw: st.DrawFn) -> Document:
    """A line of preparing stages, the work, the check, perhaps an approval, and ends; with loops and detours
    that keep it closed."""
    document = _skeleton(draw)
    preparing = [f"prepare_{index}" for index in range(draw(st.integers(1, 4)))]
    second = draw(st.booleans())
    line = [*preparing, "work", "check", *(["approve"] if second else []), "done"]
    document["start"] = line[0]
    _stages(draw, document, line)
    _prepare(draw, document, preparing, line)
    _work_and_check(draw, document, second)
    for detour in (_drop, _extension, _reopen, _record, _review, _extras):
        if draw(st.booleans()):
            detour(draw, document, preparing)
    return document


def _skeleton(draw: st.DrawFn) -> Document:
    keys = draw(st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=2, max_size=4, unique=True))
    by_class = draw(st.booleans())
    terms = {"by_class": "kind", "terms": {key: anchored(draw, "registered") for key in keys}}
    return {
        "key": "drawn",
        "version": "1",
        "title": named("drawn"),
        "summary": named("summary"),
        "review_status": "drawn",
        "start": "",
        "roles": {
            "clerk": named("clerk", held="supervising"),
            "checker": named("checker", held="supervising"),
            "crew": named("crew", held="unit", field="crew_unit"),
            "boss": named("boss", held="portfolio", top=True),
        },
        "register": {"by": ["clerk"], "requires": draw(st.sampled_from([[], ["subject"], ["subject", "kind"]]))},
        "fields": {
            "subject": named("subject", kind="text", by=["clerk"]),
            "crew_unit": named("crew_unit", kind="unit", by=["clerk"]),
            "due": named("due", kind="date", by=["clerk"]),
            "kind": named("kind", kind="choice", by=["clerk"], choices={key: named(key) for key in keys}),
            "amount": named("amount", kind="money", by=["clerk"]),
            "result": named("result", kind="long_text", by=["crew"]),
            "opinion": named("opinion", kind="long_text", by=["checker"]),
        },
        "deadline": {
            "field": "due",
            "ladder": "usual",
            **(terms if by_class else {"term": anchored(draw, "registered")}),
        },
        "stages": {},
        "actions": {},
        "closing": {"requires": ["opinion"], "evidence": 1},
        "index": {"title": "subject", "responsible": "crew_unit", "class": "kind", "amount": "amount"},
        "ladders": {
            "usual": named(
                "usual",
                rungs=[
                    {"at": draw(st.integers(-30, 0)), "to": ["crew"]},
                    {"at": 1, "to": ["clerk"], "letter": "slip"},
                    {"at": draw(st.integers(2, 90)), "to": ["crew", "boss"]},
                ],
            )
        },
        "letters": {"slip": named("slip", fields=["subject"])},
        "indicators": {"open": named("open", measure="count", when="open")},
    }


def _stages(draw: st.DrawFn, document: Document, line: list[str]) -> None:
    owners = {"work": "crew", "check": "checker", "approve": "boss"}
    for key in line[:-1]:
        stage = named(key, owner=owners.get(key, "clerk"), term=anchored(draw), ladder="usual")
        if draw(st.booleans()):
            stage["review"] = stage.pop("term")
        document["stages"][key] = stage
    document["stages"]["done"] = named("done", end="success")


def _act(document: Document, key: str, **parts: Any) -> Document:
    document["actions"][key] = named(key, does="step") | {name: each for name, each in parts.items() if each}
    return document["actions"][key]


def _limited(draw: st.DrawFn) -> Document:
    return {"limit": draw(st.integers(1, 3)), "beyond": "boss", "reason": True}


def _prepare(draw: st.DrawFn, document: Document, preparing: list[str], line: list[str]) -> None:
    choices = list(document["fields"]["kind"]["choices"])
    for index, stage in enumerate(preparing):
        following, later = line[index + 1], draw(st.sampled_from(line[index + 1 : len(preparing) + 1]))
        split = draw(st.sampled_from(["no", "equal", "keys", "else"]))
        go = _act(document, f"go_{index}", stages=[stage], by=["clerk"], to=following)
        if split != "no":
            go["to"] = _branches(split, choices, following, later)
            go["sets"] = ["kind"]
        if split == "keys":
            go["requires"] = ["kind"]
        if draw(st.booleans()):
            guard = draw(st.sampled_from(['kind == "a"', "amount > 100", "has(due)", "open_children == 0"]))
            if '"a"' not in guard or "a" in choices:
                _act(document, f"skip_{index}", stages=[stage], by=["clerk"], to=later, guard=guard)
        if index and draw(st.booleans()):
            back = draw(st.sampled_from(preparing[: index + 1]))
            _act(document, f"back_{index}", stages=[stage], by=["clerk"], to=back, **_limited(draw))


def _branches(split: str, choices: list[str], following: str, later: str) -> list[Document]:
    first = f'kind == "{choices[0]}"'
    if split == "equal":
        return [{"stage": following, "when": first}, {"stage": later, "when": f'kind != "{choices[0]}"'}]
    if split == "else":
        return [{"stage": following, "when": f"{first} && amount > 1"}, {"stage": later}]
    return [
        {"stage": following if index == 0 else later, "when": f'kind == "{key}"'} for index, key in enumerate(choices)
    ]


def _work_and_check(draw: st.DrawFn, document: Document, second: bool) -> None:
    _act(document, "progress", does="work", stages=["work"], by=["crew"], sets=["result"])
    _act(
        document, "claim", does="work", stages=["work"], by=["crew"], to="check",
        sets=["result"], requires=["result"], evidence=draw(st.integers(1, 2)),
    )  # fmt: skip
    _act(
        document, "recognise", does="verify", stages=["check"], by=["checker"],
        to="approve" if second else "done", sets=["opinion"], requires=["opinion"],
    )  # fmt: skip
    _act(document, "reject", does="reject", stages=["check"], by=["checker"], to="work", **_limited(draw))
    if second:
        _act(
            document, "strike_off", does="verify", stages=["approve"], by=["boss"], to="done",
            apart_from=["recognise"],
        )  # fmt: skip
        _act(document, "refuse", does="reject", stages=["approve"], by=["boss"], to="work", **_limited(draw))


def _drop(draw: st.DrawFn, document: Document, preparing: list[str]) -> None:
    document["stages"]["dropped"] = named("dropped", end="other")
    stages = draw(st.sampled_from([preparing, preparing[:1], [*preparing, "work"]]))
    _act(document, "drop", stages=list(stages), by=["clerk"], to="dropped", reason=True)


def _extension(draw: st.DrawFn, document: Document, preparing: list[str]) -> None:
    document["fields"]["later"] = named("later", kind="date", by=["crew"])
    document["extension"] = {
        "field": "later",
        "limit": draw(st.integers(1, 3)),
        "max_days": draw(st.integers(1, 365)),
    }
    _act(
        document, "ask", does="ask_extension", stages=["work"], by=["crew"],
        sets=["later"], requires=["later"], reason=True,
    )  # fmt: skip
    for does in ("grant_extension", "refuse_extension"):
        _act(document, does, does=does, stages=["work", "check"], by=["boss"])


def _reopen(draw: st.DrawFn, document: Document, preparing: list[str]) -> None:
    target = draw(st.sampled_from(["work", preparing[0]]))
    _act(document, "reopen", does="reopen", stages=["done"], by=["clerk"], to=target, **_limited(draw))


def _record(draw: st.DrawFn, document: Document, preparing: list[str]) -> None:
    by = draw(st.sampled_from([["clerk"], ["clerk", "crew"], ["clerk", "crew", "checker"]]))
    said = named("said", kind=draw(st.sampled_from(KINDS)), by=["clerk", "crew", "checker"])
    document["records"] = {"talk": named("talk", fields={"said": said})}
    _act(document, "note", stages=[*preparing, "work"], by=by, record="talk")


def _review(draw: st.DrawFn, document: Document, preparing: list[str]) -> None:
    if "terms" not in document["deadline"]:
        return
    key = draw(st.sampled_from(sorted(document["deadline"]["terms"])))
    document["deadline"]["terms"][key]["review"] = True
    _act(document, "look", does="review", stages=["work"], by=["checker"], guard=f'kind == "{key}"')


def _extras(draw: st.DrawFn, document: Document, preparing: list[str]) -> None:
    """Fields of any kind, given by any role at a stage of its own."""
    document["groups"] = {"more": named("more")}
    places = {"clerk": preparing[0], "crew": "work", "checker": "check"}
    for index, role in enumerate(draw(st.lists(st.sampled_from(sorted(places)), min_size=1, max_size=4))):
        key = f"extra_{index}"
        kind = draw(st.sampled_from(KINDS))
        document["fields"][key] = named(key, kind=kind, by=[role], group="more", personal=draw(st.booleans()))
        _act(document, f"give_{index}", stages=[places[role]], by=[role], sets=[key])


Mutation = Callable[[Document], None]


def _rungs(document: Document) -> list[Document]:
    return document["ladders"]["usual"]["rungs"]


def _orphan_stage(document: Document) -> None:
    document["stages"]["nowhere"] = document["stages"]["work"] | named("nowhere")
    document["actions"]["claim"]["stages"].append("nowhere")


def _case_left_out(document: Document) -> None:
    document["actions"]["claim"]["to"] = [{"stage": "check", "when": "amount > 5"}]


def _close_the_only_way(document: Document) -> None:
    document["actions"]["claim"]["guard"] = "amount > 5"
    drop = document["actions"].get("drop", {"stages": []})
    drop["stages"] = [stage for stage in drop["stages"] if stage != "work"]


def _drop_a_term(document: Document) -> None:
    stage = document["stages"]["check"]
    stage.pop("term", None)
    stage.pop("review", None)


def _drop_an_owner(document: Document) -> None:
    del document["stages"]["check"]["owner"]


def _silence_the_ladder(document: Document) -> None:
    _rungs(document)[-1]["to"] = ["crew"]


def _end_the_ladder_early(document: Document) -> None:
    for rung in _rungs(document):
        rung["at"] = -abs(rung["at"])


def _nobody_beyond(document: Document) -> None:
    del document["actions"]["reject"]["beyond"]


def _doer_verifies(document: Document) -> None:
    document["actions"]["recognise"]["by"].append("crew")


def _way_round_the_check(document: Document) -> None:
    action = named("round", does="step", stages=["check"], by=["checker"], to="done")
    document["actions"]["round"] = action | {"sets": ["opinion"], "requires": ["opinion"]}


def _endless_cycle(document: Document) -> None:
    for key in ("limit", "beyond"):
        del document["actions"]["reject"][key]


def _stand_still_for_ever(document: Document) -> None:
    document["actions"]["again"] = named("again", does="step", stages=["work"], by=["clerk"], to="work")


def _demand_the_impossible(document: Document) -> None:
    document["fields"]["ghost"] = named("ghost", kind="text", by=["boss"])
    document["actions"]["claim"]["requires"].append("ghost")


def _ask_for_no_evidence(document: Document) -> None:
    del document["actions"]["claim"]["evidence"]


def _unknown_role(document: Document) -> None:
    _rungs(document)[0]["to"].append("nobody")


def _unknown_stage(document: Document) -> None:
    document["actions"]["claim"]["to"] = "chekc"


def _unused_ladder(document: Document) -> None:
    document["ladders"]["spare"] = document["ladders"]["usual"] | named("spare")


#: What makes a closed mechanism open: (the proof that must refuse it, the change).
MUTATIONS: dict[str, tuple[int, Mutation]] = {
    "orphan stage": (1, _orphan_stage),
    "case left out": (1, _case_left_out),
    "only way closed": (1, _close_the_only_way),
    "no term": (2, _drop_a_term),
    "no owner": (2, _drop_an_owner),
    "silent ladder": (3, _silence_the_ladder),
    "ladder ends early": (3, _end_the_ladder_early),
    "nobody beyond": (3, _nobody_beyond),
    "doer verifies": (4, _doer_verifies),
    "way round the check": (4, _way_round_the_check),
    "endless cycle": (5, _endless_cycle),
    "standing still": (5, _stand_still_for_ever),
    "impossible demand": (6, _demand_the_impossible),
    "no evidence": (6, _ask_for_no_evidence),
    "unknown role": (7, _unknown_role),
    "unknown stage": (7, _unknown_stage),
    "unused ladder": (7, _unused_ladder),
}
