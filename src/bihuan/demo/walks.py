"""How matters of a pack go, as the pack's own `walks.toml` tells it, and what they can be about (`samples.toml`).

A walk is a whole way from registration to an end: who does what, after how many working days, with which values.
The tests take every walk; the demonstration stops them where its matters stand.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from bihuan.mechanism.model import Label


@dataclass(frozen=True, slots=True)
class Step:
    """`do` an action in the role `by`, `gap` working days after the step before.

    In `values`, `record` and `reason` a list for what has one value holds texts that take turns; `@+30` is the day
    30 days after the step's own, `=amount` what the matter itself has there. `opens` are the walks of the matters
    that the action registers, taken in turn.
    """

    do: str
    by: str
    gap: int = 1
    values: Mapping[str, Any] = field(default_factory=dict)
    record: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    reason: str | tuple[str, ...] = ""
    opens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Walk:
    """`part` marks a walk of matters that others open: it has no subjects of its own."""

    key: str
    pack: str
    mechanism: str
    label: Label
    by: str
    values: Mapping[str, Any]
    steps: tuple[Step, ...]
    end: str
    part: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """What a matter of the demonstration is about: its first values, units by name, money in yuan."""

    mechanism: str
    values: Mapping[str, Any]


def packs() -> tuple[str, ...]:
    """Return the packs that come with walks, in the order of the pages."""
    root = files("bihuan.packs")
    order = tomllib.loads(root.joinpath("order.toml").read_text(encoding="utf-8"))["packs"]
    return tuple(pack for pack in order if root.joinpath(pack, "walks.toml").is_file())


@cache
def walks(pack: str) -> Mapping[str, Walk]:
    """Return the walks of `pack` by key. Raises `ValueError` naming what its file has wrong."""
    return {key: _walk(pack, key, table) for key, table in _read(pack, "walks.toml").items()}


@cache
def subjects(pack: str) -> tuple[Subject, ...]:
    """Return what the demonstration's matters of `pack` are about."""
    return tuple(Subject(each["mechanism"], each["values"]) for each in _read(pack, "samples.toml").get("subjects", ()))


def every_walk() -> Iterator[Walk]:
    """Yield the walks of all packs."""
    for pack in packs():
        yield from walks(pack).values()


def below(walk: Walk, step: Step, number: int) -> Walk:
    """Return the walk of the matter that `step` opened as its `number`th, from 0: one of this pack, or of another."""
    key = step.opens[number % len(step.opens)]
    found = walks(walk.pack).get(key) or next((each for each in every_walk() if each.key == key), None)
    if found is None:
        raise ValueError(f"{walk.pack}/walks.toml [{walk.key}]: there is no walk “{key}”")
    return found


def entries(pack: str) -> Iterator[tuple[str, str]]:
    """Yield (register, CSV text) for the registers that the pack brings for the demonstration."""
    folder = files("bihuan.packs").joinpath(pack, "registers")
    if folder.is_dir():
        for file in sorted(folder.iterdir(), key=lambda each: each.name):
            if file.name.endswith(".csv"):
                yield file.name.removesuffix(".csv"), file.read_text(encoding="utf-8")


def _read(pack: str, name: str) -> dict[str, Any]:
    file = files("bihuan.packs").joinpath(pack, name)
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _walk(pack: str, key: str, table: Mapping[str, Any]) -> Walk:
    where = f"{pack}/walks.toml [{key}]"
    _known(where, table, {"mechanism", "zh", "en", "start", "steps", "end", "part"})
    start = table.get("start", {})
    _known(f"{where} start", start, {"by", "values"})
    return Walk(
        key=key,
        pack=pack,
        mechanism=table["mechanism"],
        label=Label(table["zh"], table["en"]),
        by=start.get("by", ""),
        values=start.get("values", {}),
        steps=tuple(_step(f"{where} step {number}", each) for number, each in enumerate(table["steps"], start=1)),
        end=table["end"],
        part=table.get("part", False),
    )


def _step(where: str, table: Mapping[str, Any]) -> Step:
    names = {"do", "by", "gap", "values", "record", "evidence", "reason", "opens"}
    _known(where, table, names)
    lists = {name: tuple(table.get(name, ())) for name in ("evidence", "opens")}
    reason = table.get("reason", "")
    return Step(**{**table, **lists, "reason": reason if isinstance(reason, str) else tuple(reason)})


def _known(where: str, table: Mapping[str, Any], names: set[str]) -> None:
    if strange := sorted(set(table) - names):
        raise ValueError(f"{where}: unknown {strange}; known are {sorted(names)}")
