"""Changes that open a closed mechanism again, each with the proof that must refuse it."""

from collections.abc import Callable

from mechanism.strategies import Document, named

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
    document["actions"]["way_round"] = action | {"sets": ["opinion"], "requires": ["opinion"]}


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
