"""People and their posts as a file has them: account, name, unit, post, role, from, to. What is wrong is told at once.

An account is known by its name, a post by account, unit, title and the time that it is held.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bihuan.mechanism.sentence import N_, Sentence

from .alterations import SYSTEM as SYSTEM
from .models import Unit
from .organisation import Organisation
from .tables import BadFile, Line, Problem, Rows, lines, split
from .viewer import HOUSEKEEPING

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "account": ("账号", "帐号", "用户名", "登录名"),
    "name": ("姓名",),
    "unit": ("单位", "所在单位", "单位名称", "工作单位"),
    "post": ("岗位", "职务", "岗位名称"),
    "role": ("角色", "roles"),
    "from": ("任职起", "起", "起始日期", "任职日期", "since"),
    "to": ("任职止", "止", "终止日期", "until"),
    "portfolio": ("分管", "分管单位"),
}

#: Labels of the three administrations (三员分立), which no mechanism declares.
HOUSEKEEPING_LABELS = {
    "system_admin": N_("system administrator"),
    "security_admin": N_("security administrator"),
    "audit_admin": N_("security auditor"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """One line: a person in a post. `since` is None where left open, `portfolio` where there is no such column."""

    line: Line
    account: str
    name: str
    unit: Unit | None
    title: str
    roles: tuple[str, ...]
    since: date | None
    until: date | None
    portfolio: tuple[Unit, ...] | None


def plan_people(sheets: Iterable[Rows], organisation: Organisation, roles: Mapping[str, str]) -> list[Held]:
    """Return the posts of a file. `roles` maps every word for a role (key, label) to its key. Raises `BadFile`."""
    found = lines(sheets, COLUMNS, ("account", "name", "unit", "post", "role"))
    problems: list[Problem] = []
    held = [_held(line, organisation, roles, problems) for line in found]
    problems += _names_differ(held)
    problems += _twice(held)
    problems += _apart_in_file(held)
    if problems:
        raise BadFile(sorted(problems, key=lambda problem: problem.row))
    if not held:
        raise BadFile.because(N_("The file names nobody below its header."))
    return held


def _held(line: Line, organisation: Organisation, roles: Mapping[str, str], problems: list[Problem]) -> Held:
    cells = line.cells
    made = Held(
        line=line,
        account=cells["account"],
        name=cells["name"],
        unit=_unit(line, "unit", cells["unit"], organisation, problems),
        title=cells["post"],
        roles=_roles(line, roles, problems),
        since=_day(line, "from", problems),
        until=_day(line, "to", problems),
        portfolio=_portfolio(line, organisation, problems),
    )
    problems.extend(_wrong(made))
    return made


def _wrong(held: Held) -> Iterable[Problem]:
    line = held.line
    if not held.account:
        yield line.problem("account", N_("the account is missing."))
    elif len(held.account) > 80 or any(c.isspace() or c in "/|" for c in held.account):
        yield line.problem(
            "account",
            N_("“%(text)s” cannot be an account: at most 80 characters, without blanks, / and |."),
            text=held.account[:80],
        )
    elif held.account == SYSTEM:
        yield line.problem("account", N_("the account “system” belongs to the ledger itself; choose another."))
    for field, text, limit in (("name", held.name, 80), ("post", held.title, 120)):
        if not text:
            yield line.problem(field, N_("this cell is empty; fill it in."))
        elif len(text) > limit:
            yield line.problem(field, N_("the text is longer than %(limit)d characters."), limit=limit)
    if held.since and held.until and held.until < held.since:
        yield line.problem(
            "to", N_("the post ends on %(until)s, before it begins on %(since)s."), until=held.until, since=held.since
        )
    house = HOUSEKEEPING.intersection(held.roles)
    if house and len(held.roles) > 1:
        yield line.problem(
            "role", N_("an administration's post carries that one role and no other: the three are kept apart.")
        )


def _unit(line: Line, column: str, text: str, organisation: Organisation, problems: list[Problem]) -> Unit | None:
    """An empty unit makes a post for the whole ledger only for the first clerk, never from a file."""
    if not text:
        problems.append(line.problem(column, N_("the unit is missing.")))
        return None
    if (unit := organisation.find(text)) is not None:
        return unit
    known = [each for each in organisation.units if text in (each.name, *each.short_names)]
    if len(known) == 1:
        return known[0]
    if known:
        names = Sentence(N_("several units are called “%(name)s”: %(keys)s; write the full name or the key."))
        keys = "、".join(f"{each.name}（{each.key}）" for each in known)
        problems.append(line.problem(column, names.pattern, name=text, keys=keys))
    else:
        problems.append(line.problem(column, N_("there is no unit “%(name)s”."), name=text[:80]))
    return None


def _roles(line: Line, roles: Mapping[str, str], problems: list[Problem]) -> tuple[str, ...]:
    words = split(line.cells["role"], also="、,，;；")
    if not words:
        problems.append(line.problem("role", N_("the role is missing.")))
    for word in words:
        if word not in roles:
            known = "、".join(dict.fromkeys(roles.values()))
            problems.append(
                line.problem(
                    "role", N_("there is no role “%(word)s”; there are: %(known)s."), word=word[:40], known=known
                )
            )
    return tuple(dict.fromkeys(roles[word] for word in words if word in roles))


def _day(line: Line, field: str, problems: list[Problem]) -> date | None:
    text = line.cells.get(field, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text.replace("/", "-").replace(".", "-"))
    except ValueError:
        problems.append(line.problem(field, N_("“%(text)s” is no day; write it as 2026-06-30."), text=text[:40]))
        return None


def _portfolio(line: Line, organisation: Organisation, problems: list[Problem]) -> tuple[Unit, ...] | None:
    if "portfolio" not in line.cells:
        return None
    names = split(line.cells["portfolio"], also="、")
    units = [_unit(line, "portfolio", name, organisation, problems) for name in names]
    return tuple(unit for unit in units if unit)


def _names_differ(held: Iterable[Held]) -> Iterable[Problem]:
    first: dict[str, Held] = {}
    for each in held:
        before = first.setdefault(each.account, each)
        if before.name != each.name and each.account:
            yield each.line.problem(
                "name",
                N_("the account “%(account)s” is “%(other)s” in row %(first)d; one account is one person."),
                account=each.account, other=before.name, first=before.line.row,
            )  # fmt: skip


def _twice(held: Iterable[Held]) -> Iterable[Problem]:
    posts: dict[tuple[str, int | None, str], list[Held]] = defaultdict(list)
    for each in held:
        same = posts[each.account, each.unit.pk if each.unit else None, each.title]
        for other in same:
            if overlap(each, other.since, other.until):
                yield each.line.problem(
                    "post", N_("the same post at the same time stands in row %(first)d."), first=other.line.row
                )
        same.append(each)


def _apart_in_file(held: Iterable[Held]) -> Iterable[Problem]:
    """Nobody gets two of the three administrations by one file."""
    kept: dict[str, list[Held]] = defaultdict(list)
    for each in held:
        if house := HOUSEKEEPING.intersection(each.roles):
            for other in kept[each.account]:
                if set(other.roles) - house and overlap(each, other.since, other.until):
                    yield each.line.problem(
                        "role",
                        N_("%(name)s gets another of the three administrations in row %(first)d; they are three."),
                        name=each.name, first=other.line.row,
                    )  # fmt: skip
            kept[each.account].append(each)


def overlap(held: Held, since: date | None, until: date | None) -> bool:
    begins, ends = held.since or date.min, held.until or date.max
    return begins <= (until or date.max) and (since or date.min) <= ends
