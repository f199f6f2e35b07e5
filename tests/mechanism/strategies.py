"""Random mechanisms for hypothesis, closed by construction; `mutations` opens them again.

A mechanism is drawn as a document (plain dictionaries, in the shape of the TOML file), so that what is
tested is what a person would write: `written(document)` is its text, `loaded(document)` the mechanism.
"""

import json
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
    """Return `value` as TOML: tables of the document under their headings, one line for each key, inline below."""
    if isinstance(value, dict):
        plain = {key: each for key, each in value.items() if not (top and isinstance(each, dict))}
        pairs = [f"{json.dumps(key)} = {written(each, top=False)}" for key, each in plain.items()]
        tables = [
            f"[{json.dumps(key)}]\n"
            + "".join(f"{json.dumps(name)} = {written(it, top=False)}\n" for name, it in each.items())
            for key, each in value.items()
            if key not in plain
        ]
        return "\n".join([*pairs, *tables]) + "\n" if top else "{ " + ", ".join(pairs) + " }"
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
    for detour in DETOURS:
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


def _outside(draw: st.DrawFn, document: Document, preparing: list[str]) -> None:
    """A party without a post, whose word the checker enters: it may confirm in the checker's place, or speak before."""
    document["fields"]["caller"] = named("caller", kind="text", by=["clerk"])
    document["roles"]["caller"] = named("caller", held="outside", field="caller", entered_by="checker")
    document["fields"]["opinion"]["by"].append("caller")
    document["actions"]["recognise"]["by"] = draw(st.sampled_from([["caller"], ["checker", "caller"]]))
    _act(document, "complain", stages=[*preparing, "work"], by=["caller"], reason=draw(st.booleans()))


def _windows(draw: st.DrawFn, document: Document, preparing: list[str]) -> None:
    """A publicity period before what must be done, and an action that is closed after a day."""
    term = anchored(draw, draw(st.sampled_from(["registered", "entered"])))
    document["actions"]["recognise"]["not_before"] = term
    _act(document, "hurry", stages=["work"], by=["clerk"], not_after=anchored(draw), not_before=anchored(draw))
    if draw(st.booleans()):
        document["actions"]["claim"]["not_before"] = {**anchored(draw), "from": ["action:go_0", "registered"]}


def _totals(draw: st.DrawFn, document: Document, preparing: list[str]) -> None:
    """Payments that may not come to more than a sum, and a way that their number decides."""
    paid = {"amount": named("amount", kind="money", by=["crew"])}
    document.setdefault("records", {})["payment"] = named("payment", fields=paid)
    document["totals"] = {
        "paid": named("paid", record="payment", measure="sum", field="amount"),
        "payments": named("payments", record="payment", measure="count"),
    }
    most = draw(st.integers(0, 4))
    _act(document, "pay", does="work", stages=["work"], by=["crew"], record="payment", holds=f"paid <= {most}")
    document["actions"]["claim"]["to"] = [
        {"stage": "check", "when": f"payments > {draw(st.integers(0, 2))}"},
        {"stage": "check"},
    ]


def _opening(draw: st.DrawFn, document: Document, preparing: list[str]) -> None:
    """A part, a matter that is raised, and a round."""
    for key in ("kind", "subject", "crew_unit"):
        document["fields"][key]["by"] = ["clerk"]
    document["fields"]["units"] = named("units", kind="unit", many=True, by=["clerk"])
    _act(document, "name_units", stages=preparing[:1], by=["clerk"], sets=["units"])
    most = draw(st.integers(0, 2))
    _act(document, "part", does="child", child="drawn", stages=["work"], by=["clerk"], holds=f"children <= {most}")
    _act(document, "found", does="raise", raises="drawn", stages=["work"], by=["clerk"], holds=f"raised <= {most}")
    _act(document, "round", does="spread", child="drawn", over="units", stages=[preparing[0], "work"], by=["clerk"])


#: What makes a closed mechanism richer and keeps it closed.
DETOURS = (_drop, _extension, _reopen, _record, _review, _extras, _outside, _windows, _totals, _opening)
