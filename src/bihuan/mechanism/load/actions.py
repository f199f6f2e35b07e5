"""Actions: who may do what, at which stage, with what, leading where."""

from ..expression import Kind
from ..model import Action, Branch, Does
from ..sentence import N_, Sentence
from .expressions import Env
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
    _check_child(table, does)
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
        hint=table.label_at("hint"),
    )
    return None if does is None else action


def _check_child(table: Table, does: Does | None) -> None:
    if (does is Does.CHILD) != table.has("child") and does is not None:
        table.refuse(
            "child" if table.has("child") else "does",
            found=Sentence(N_('one of does = "child" and child')),
            expected=Sentence(N_("both, or neither: child names the mechanism of the part that is opened")),
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
