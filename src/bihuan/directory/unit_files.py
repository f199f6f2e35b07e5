"""The organisation from a file: name, short names, level, parent. All of it goes in, or nothing.

A unit that is there already is known by its name, and by its parent's where two bear one name; its key never
changes. Units that the file does not name stay as they are.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import transaction

from bihuan.mechanism.sentence import N_

from .alterations import Author, Noted, altered, write_down
from .forms import change_form, correct_form, settle_columns
from .models import Alteration, Unit
from .organisation import valid_on
from .tables import BadFile, Line, Problem, Rows, lines, split

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("单位名称", "名称", "单位", "单位全称", "全称"),
    "short_names": ("简称", "单位简称", "别名"),
    "level": ("级别", "层级", "级次", "单位级别"),
    "parent": ("上级单位", "上级", "主管单位", "隶属单位"),
}

#: Files say nothing of when a unit was set up, and matters of earlier years must find theirs.
ALWAYS = date(1949, 10, 1)


@dataclass(slots=True, eq=False)
class Node:
    """A unit as it will be: from a line of the file, from the directory, or from both."""

    name: str
    level: int | None
    line: Line | None = None
    unit: Unit | None = None
    short_names: tuple[str, ...] = ()
    parent: "Node | None" = field(default=None, repr=False)

    def complain(self, column: str, pattern: str, **values: object) -> Problem:
        assert self.line is not None
        return self.line.problem(column, pattern, **values)


@dataclass(frozen=True, slots=True)
class Written:
    """How many were made, changed, and found as the file has them."""

    created: int
    changed: int
    unchanged: int


def plan_units(sheets: Iterable[Rows], existing: Sequence[Unit]) -> list[Node]:
    """Return the units of the file, in its order, joined to each other and to `existing`. Raises `BadFile`."""
    found = lines(sheets, COLUMNS, ("name",))
    problems: list[Problem] = []
    nodes = [_node(line, problems) for line in found]
    if not nodes:
        raise BadFile.because(N_("The file names no unit below its header."))
    _recognise(nodes, existing)
    taken = {node.unit.pk for node in nodes if node.unit}
    others = {unit.pk: Node(unit.name, unit.level, unit=unit) for unit in existing if unit.pk not in taken}
    by_unit = {**others, **{node.unit.pk: node for node in nodes if node.unit}}
    for node in others.values():
        assert node.unit is not None
        node.parent = by_unit.get(node.unit.parent_id) if node.unit.parent_id else None
    everyone = [*nodes, *others.values()]
    for node in nodes:
        _find_parent(node, everyone, problems)
    problems += _twice(nodes)
    problems += _circles(nodes) or _levels(everyone)
    if problems:
        raise BadFile(sorted(problems, key=lambda problem: problem.row))
    return nodes


def _node(line: Line, problems: list[Problem]) -> Node:
    name, level = line.cells["name"], line.cells.get("level", "")
    node = Node(name, None, line, short_names=split(line.cells.get("short_names", "")))
    if not name:
        problems.append(node.complain("name", N_("the unit's name is missing.")))
    elif len(name) > 200:
        problems.append(node.complain("name", N_("the name is longer than 200 characters.")))
    if level:
        if level.isdecimal() and 1 <= int(level) <= 20:
            node.level = int(level)
        else:
            problems.append(
                node.complain(
                    "level", N_("“%(text)s” is no level; write 1 for the top, 2 below it, and so on."), text=level[:40]
                )
            )
    return node


def _recognise(nodes: Sequence[Node], existing: Sequence[Unit]) -> None:
    """Tell which lines speak of a unit that is there already."""
    names, by_name = Counter(node.name for node in nodes), defaultdict(list)
    for unit in existing:
        by_name[unit.name].append(unit)
    keys = {unit.pk: unit for unit in existing}
    for node in nodes:
        same = by_name[node.name]
        if len(same) == 1 and names[node.name] == 1:
            node.unit = same[0]
            continue
        for unit in same:
            parent = keys.get(unit.parent_id) if unit.parent_id else None
            if _parent_text(node) in ((parent.name, parent.key) if parent else ("",)):
                node.unit = unit


def _parent_text(node: Node) -> str:
    return node.line.cells.get("parent", "") if node.line else ""


def _find_parent(node: Node, everyone: Sequence[Node], problems: list[Problem]) -> None:
    text = _parent_text(node)
    if not text:
        if node.level is not None and node.level > 1:
            problems.append(
                node.complain(
                    "level", N_("level %(level)d needs a parent; only level 1, the top, has none."), level=node.level
                )
            )
        return
    named = [other for other in everyone if other.unit and other.unit.key == text] or [
        other for other in everyone if other.name == text
    ]
    if len(named) > 1 and node.level is not None:
        named = [other for other in named if other.level is None or other.level < node.level]
    if len(named) == 1:
        node.parent = named[0]
    elif named:
        problems.append(
            node.complain(
                "parent", N_("several units are called “%(name)s”; write the key of the one that is meant."), name=text
            )
        )
    else:
        problems.append(
            node.complain(
                "parent", N_("the parent “%(name)s” is neither in the file nor in the directory."), name=text[:80]
            )
        )


def _twice(nodes: Iterable[Node]) -> list[Problem]:
    seen: dict[tuple[str, int], Node] = {}
    problems = []
    for node in nodes:
        first = seen.setdefault((node.name, id(node.parent)), node)
        if first is not node and node.name and first.line:
            problems.append(
                node.complain(
                    "name", N_("“%(name)s” stands in row %(first)d already."), name=node.name, first=first.line.row
                )
            )
    return problems


def _circles(nodes: Iterable[Node]) -> list[Problem]:
    problems: list[Problem] = []
    known: set[int] = set()
    for node in nodes:
        path: list[Node] = []
        here: Node | None = node
        while here is not None and here not in path:
            path.append(here)
            here = here.parent
        if here is node and not known & {id(each) for each in path}:
            known |= {id(each) for each in path}
            names = " → ".join(each.name for each in (*path, node))
            problems.append(
                node.complain("parent", N_("these units are each other's parents: %(names)s."), names=names)
            )
    return problems


_LEVELS = N_(
    "“%(name)s” has level %(level)d, and its parent “%(parent)s” level %(above)d; "
    "a unit's level lies below its parent's."
)


def _levels(everyone: Iterable[Node]) -> list[Problem]:
    """Fill in levels that were left empty, and find those that do not fit the parent's."""
    problems = []
    for node in sorted(everyone, key=_depth):
        above = node.parent.level if node.parent else None
        if node.level is None:
            node.level = (above or 0) + 1
        elif node.parent and above is not None and node.level <= above:
            told = node if node.line else node.parent
            if told.line:
                values = {"name": node.name, "level": node.level, "parent": node.parent.name, "above": above}
                problems.append(told.complain("level", _LEVELS, **values))
    return problems


def _depth(node: Node) -> int:
    depth = 0
    while node.parent is not None:
        node, depth = node.parent, depth + 1
    return depth


def import_units(sheets: Iterable[Rows], *, today: date, author: Author | None = None) -> Written:
    """Bring the directory in line with a file, from today on. Raises `BadFile`, and then nothing has changed."""
    author = author or Author.operator(datetime.combine(today, time(), UTC))
    with transaction.atomic():
        settle_columns(today)
        nodes = plan_units(sheets, list(Unit.objects.filter(valid_on(today))))
        return _Writing(author, today).write(nodes)


def next_key() -> str:
    """Return the key of the unit that is made next: u1, u2 …"""
    return f"u{_last_number() + 1}"


def _last_number() -> int:
    return max((int(key[1:]) for key in Unit.objects.values_list("key", flat=True) if _is_ours(key)), default=0)


def _is_ours(key: str) -> bool:
    return key[:1] == "u" and key[1:].isdecimal()


class _Writing:
    """Putting planned units into the tables, with what was done kept in the directory's history."""

    def __init__(self, author: Author, today: date) -> None:
        self.author, self.today = author, today
        self.notes: list[Noted] = []
        #: What was set up today may be put right today without becoming a change of its own.
        self.fresh = set(
            Alteration.objects.filter(kind__startswith="unit_added", at__date=today).values_list("unit_id", flat=True)
        )

    def write(self, nodes: Sequence[Node]) -> Written:
        """Keys u1, u2 … follow the order of the file."""
        made = [node for node in nodes if node.unit is None]
        for place, node in enumerate(made, start=_last_number() + 1):
            node.unit = Unit.objects.create(key=f"u{place}", name=node.name, level=node.level or 1, since=ALWAYS)
            self._note_new(node)
        new = {id(node) for node in made}
        changed = sum(self._bring_in_line(node, new=id(node) in new) and id(node) not in new for node in nodes)
        settle_columns(self.today)
        write_down(self.notes)
        return Written(len(made), changed, len(nodes) - len(made) - changed)

    def _note_new(self, node: Node) -> None:
        kind, above = ("unit_added", node.parent.name) if node.parent else ("unit_added_on_top", "")
        self.notes.append(altered(self.author, kind, since=ALWAYS, unit=node.unit, name=node.name, parent=above))

    def _bring_in_line(self, node: Node, *, new: bool) -> bool:
        unit = node.unit
        assert unit is not None
        parent = node.parent.unit if node.parent else None
        wanted: dict[str, Any] = {"level": node.level, "parent_id": parent.pk if parent else None}
        if node.line and "short_names" in node.line.cells:
            wanted["short_names"] = list(node.short_names)
        changed = {name: value for name, value in wanted.items() if getattr(unit, name) != value}
        if not changed:
            return False
        if not new:
            self._note_changed(unit, changed, parent)
        if new or unit.pk in self.fresh:
            correct_form(unit, self.today, **changed)
            for name, value in changed.items():
                setattr(unit, name, value)
            unit.save(update_fields=list(changed))
        else:
            change_form(unit, self.today, **changed)
        return True

    def _note_changed(self, unit: Unit, changed: Mapping[str, Any], parent: Unit | None) -> None:
        said: dict[str, tuple[str, str]] = {}
        if "parent_id" in changed:
            said["unit_moved"] = (unit.parent.name if unit.parent else "—", parent.name if parent else "—")
        elif "level" in changed:
            said["unit_levelled"] = (str(unit.level), str(changed["level"]))
        if "short_names" in changed:
            said["unit_called"] = ("、".join(unit.short_names) or "—", "、".join(changed["short_names"]) or "—")
        self.notes += [
            altered(self.author, kind, since=self.today, unit=unit, old=old, new=new)
            for kind, (old, new) in said.items()
        ]
