"""The whole file."""

import re
import tomllib
from hashlib import sha256
from typing import Any

from ..model import Field, Mechanism
from ..names import declared_types
from ..sentence import N_, Sentence
from .actions import read_actions
from .amounts import read_budget, read_totals, read_unique
from .expressions import Env, read_computed
from .fields import read_fields, read_labels, read_records, read_roles
from .outputs import read_basis, read_closing, read_index, read_indicators, read_ladders, read_letters
from .problem import MechanismError, Problem
from .stages import read_deadline, read_extension, read_stages
from .table import Notes, Table

LONGEST = 200_000  # characters
LONGEST_LINE = 5_000


def load(text: str, *, name: str) -> Mechanism:
    """Return the mechanism that `text` (TOML) declares; `name` is the file's, for the messages.

    `text_hash` is the SHA-256 of the text in UTF-8. Raises MechanismError with every problem found.
    """
    data, text_hash = _parse(text, name)
    return _read(Table(data, path=(), shape="mechanism", notes=Notes(name, text)), data, text_hash)


def _read(root: Table, data: dict[str, Any], text_hash: str) -> Mechanism:
    fields = read_fields(root)
    stages = read_stages(root)
    assertions, recognitions = read_labels(root, "assertions"), read_labels(root, "recognitions")
    types = declared_types(fields.values(), stages=stages, assertions=assertions, recognitions=recognitions)
    env = Env(types, broken=_undeclared(data, fields))
    totals = read_totals(root, env)
    computed = read_computed(root, env)
    deadline, index, register = read_deadline(root), read_index(root), root.table("register", "register")
    parts: dict[str, Any] = {
        "key": root.identifier("key"),
        "version": root.text("version", longest=40),
        "title": root.label_at("title"),
        "summary": root.label_at("summary", longest=1_000),
        "review_status": root.text("review_status", longest=40),
        "basis": read_basis(root),
        "start": root.identifier("start"),
        "roles": read_roles(root),
        "fields": fields,
        "groups": read_labels(root, "groups"),
        "records": read_records(root),
        "stages": stages,
        "actions": read_actions(root, env),
        "ladders": read_ladders(root),
        "extension": read_extension(root),
        "closing": read_closing(root),
        "letters": read_letters(root),
        "indicators": read_indicators(root, env),
        "computed": computed,
        "totals": totals,
        "budget": read_budget(root),
        "unique": read_unique(root),
        "register_by": register.identifiers("by", at_least=1) if register else (),
        "register_requires": register.identifiers("requires") if register else (),
        "assertions": assertions,
        "recognitions": recognitions,
    }
    if root.notes.problems or deadline is None or index is None:
        raise MechanismError(root.notes.problems)
    return Mechanism(**parts, deadline=deadline, index=index, text_hash=text_hash)


def _undeclared(data: dict[str, Any], fields: dict[str, Field]) -> set[str]:
    """Return the names of fields that could not be read."""
    declared = data.get("fields")
    return set(declared) - set(fields) if isinstance(declared, dict) else set()


def _parse(text: str, name: str) -> tuple[dict[str, Any], str]:
    """Return the TOML data and the hash of the text; raises MechanismError with its one problem."""
    longest = max(map(len, text.split("\n")))
    if len(text) > LONGEST or longest > LONGEST_LINE:
        raise _refusal(
            name,
            found=Sentence(
                N_("%(count)s characters, the longest line of %(longest)s"),
                {"count": len(text), "longest": longest},
            ),
            expected=Sentence(
                N_("at most %(count)s characters in lines of at most %(longest)s"),
                {"count": LONGEST, "longest": LONGEST_LINE},
            ),
        )
    try:
        return tomllib.loads(text), sha256(text.encode("utf-8")).hexdigest()
    except RecursionError:
        raise _refusal(
            name, found=Sentence(N_("lists or tables nested too deep")), expected=Sentence(N_("a few levels"))
        ) from None
    except ValueError as error:  # TOMLDecodeError, numbers of thousands of digits, broken characters
        raise _toml_problem(name, str(error)) from None


def _toml_problem(name: str, message: str) -> MechanismError:
    place = re.search(r" \(at line ([0-9]+), column ([0-9]+)\)$", message)
    said = message[: place.start()] if place else message
    if re.search(r"overwrite|Cannot declare|already|redefine|duplicate", said, re.IGNORECASE):
        found, expected = Sentence(N_("a key that was given before")), Sentence(N_("each key once"))
    else:
        found = Sentence(N_("something that is not TOML (%(said)s)"), {"said": said[:100]})
        expected = Sentence(N_("key = value, with texts in quotation marks"))
    return _refusal(name, found=found, expected=expected, line=int(place[1]) if place else None)


def _refusal(name: str, *, found: Sentence, expected: Sentence, line: int | None = None) -> MechanismError:
    return MechanismError((Problem(name, line, "", found, expected),))
