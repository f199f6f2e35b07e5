"""Actions: who may do what, at which stage, with what, leading where."""

from ..expression import Kind
from ..model import Action, Branch, Does
from ..sentence import N_, Listed, Sentence
from .expressions import Env
from .stages import term_of_action
from .table import Table


def read_actions(root: Table, env: Env) -> dict[str, Action]:
    actions: dict[str, Action] = {}
    for key, table in root.tables("actions", "action"):
        action = _action(key, table, env)
        if action is not None:
            actions[key] = action
    return actions


def _action(key: str, table: Table, env: Env) -> Action | None:
    does = table.one_of("does", Does)
    _check_opened(table, does)
    if any(table.has(key) for key in _OPENING) and table.has("sets"):
        table.refuse(
            "sets",
            found=Sentence(N_("sets on an action that opens a matter")),
            expected=Sentence(N_("none: what comes with it are the values of the matter that it opens")),
        )
    if table.has("holds") and table.has("to"):
        table.refuse(
            "holds",
            found=Sentence(N_("holds on an action that moves the matter")),
            expected=Sentence(N_("it on actions that only add; what decides whether a matter moves is a guard")),
        )
    action = Action(
        key=key,
        label=table.label(),
        does=does or Does.STEP,
        stages=table.identifiers("stages", at_least=1),
        by=table.identifiers("by", at_least=1),
        to=_branches(table, env),
        guard=env.expression(table, "guard", wanted=Kind.BOOL),
        sets=table.identifiers("sets"),
        requires=table.identifiers("requires"),
        record=table.optional_identifier("record"),
        evidence=table.whole("evidence", low=0, high=50),
        reason=table.flag("reason"),
        limit=table.optional_whole("limit", low=1, high=99),
        beyond=table.optional_identifier("beyond"),
        apart_from=table.identifiers("apart_from"),
        assertion=table.optional_identifier("assertion"),
        recognition=table.optional_identifier("recognition"),
        child=table.optional_identifier("child"),
        over=table.optional_identifier("over"),
        raises=table.optional_identifier("raises"),
        not_before=term_of_action(table, "not_before"),
        not_after=term_of_action(table, "not_after"),
        holds=env.expression(table, "holds", wanted=Kind.BOOL),
        hint=table.label_at("hint"),
    )
    return None if does is None else action


#: Keys that belong to what an action does: each with the words of `does` that need it.
_OPENING = {"child": (Does.CHILD, Does.SPREAD), "over": (Does.SPREAD,), "raises": (Does.RAISE,)}


def _check_opened(table: Table, does: Does | None) -> None:
    for key, needing in _OPENING.items():
        if does is not None and (does in needing) != table.has(key):
            given = (
                N_('does = "%(does)s" with “%(key)s”') if table.has(key) else N_('does = "%(does)s" without “%(key)s”')
            )
            table.refuse(
                key if table.has(key) else "does",
                found=Sentence(given, {"does": does.value, "key": key}),
                expected=Sentence(
                    N_("%(key)s with does = %(words)s, and with nothing else"),
                    {"key": key, "words": Listed.of(word.value for word in needing)},
                ),
            )


def _branches(table: Table, env: Env) -> tuple[Branch, ...]:
    if table.is_text("to"):
        stage = table.identifier("to")
        return (Branch(stage),) if stage else ()
    branches: list[Branch] = []
    rows = list(table.rows("to", "branch"))
    for row in rows:
        when = env.expression(row, "when", wanted=Kind.BOOL)
        branches.append(Branch(row.identifier("stage"), when))
        if not row.has("when") and row is not rows[-1]:
            row.notes.add(
                row.path,
                found=Sentence(N_("a way out without a condition before others")),
                expected=Sentence(N_("“when”, except on the last: the first one that holds is taken")),
            )
    if table.has("to") and not rows:
        table.refuse(
            "to",
            found=Sentence(N_("no stage")),
            expected=Sentence(N_('a stage such as "checking", or a list of { stage = …, when = … }')),
        )
    return tuple(branch for branch in branches if branch.stage)
