"""What the ledger and earlier imports know of a row: its matter, and whether the file says anything new of it."""

import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from bihuan.ledger.fold import load_state
from bihuan.ledger.models import Claim, Matter
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.state import State, Value

from .contents import dump
from .form.names import Names
from .form.own import Own, number_of_key
from .form.standing import went_out
from .identity import SPACE, edited, mark_of, new_salt, prints_of
from .models import IntakeRow, Stage, Status
from .registration import ASSERTION, Landed

_AT_ONCE = 900
_TELLING = (
    Status.CREATED,
    Status.UNCHANGED,
    Status.DIFFERING,
    Status.DECIDED,
    Status.DISCARDED,
    Status.WAITING,
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says: its key, its cells and its sheet's mapping as JSON, and (unless it waits) its matter.

    `own` is set where the row names its matter by number.
    """

    key: str
    cells: str
    mapping: str
    landed: Landed | None
    own: Own | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """The matter that has a key, and the rows of the latest import that named it."""

    matter: uuid.UUID | None
    rows: tuple[IntakeRow, ...] = ()

    def latest(self, told: Told) -> IntakeRow | None:
        """Return the earlier row that says the very same, else any of them."""
        return next((row for row in self.rows if says_same(row, told)), self.rows[0] if self.rows else None)


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a row: `status` unchanged or differing, or '' when it is new. `kept`: its texts are needed."""

    status: str
    salt: str
    mark: str
    prints: str = ""
    matter: uuid.UUID | None = None
    kept: bool = True


def look_up(keys: Iterable[str]) -> dict[str, Known]:
    """Return what is known of each of `keys`; those that nothing is known of are left out."""
    wanted = list(dict.fromkeys(keys))
    claims: dict[str, uuid.UUID] = {}
    rows: dict[str, list[IntakeRow]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        claims.update(Claim.objects.filter(space=SPACE, key__in=part).values_list("key", "matter_id"))
        for row in _earlier(Q(key__in=part)):
            rows.setdefault(row.key, []).append(row)
        _add_corrected(claims, rows)
        claims.update(_numbered(part))
    return {key: _known(claims.get(key), rows.get(key, [])) for key in wanted if key in claims or key in rows}


def states_of(known: Mapping[str, Known], told: Sequence[Told]) -> dict[uuid.UUID, State]:
    """Return the matters that some of `told` must be compared with."""
    wanted = {
        matter
        for each in told
        if (found := known.get(each.key)) and (matter := found.matter) and not _repeats(found, each)
    }
    return {pk: load_state(text) for pk, text in Matter.objects.filter(pk__in=wanted).values_list("pk", "state")}


def fate(
    mechanism: Mechanism, told: Told, known: Known | None, states: Mapping[uuid.UUID, State], names: Callable[[], Names]
) -> Fate:
    """Return what becomes of a row, given what is known of its key; `names` are asked for rows of the own form."""
    before = known.latest(told) if known else None
    if before is not None and known and _repeats(known, told):
        return Fate(Status.UNCHANGED, before.salt, before.mark, before.prints, before.matter_id, kept=False)
    if known and known.matter and states[known.matter].redacted:
        return unasked(known.matter)
    salt = before.salt if before and before.salt else new_salt()
    mark = mark_of(salt, told.cells, told.mapping)
    if told.landed is None or known is None or known.matter is None:
        return Fate("", salt, mark)
    prints = before.prints if before else ""
    if told.own:  # measured by what it said when it went out, not by the last import
        state = states[known.matter]
        is_present = _says_present(told.own, told.landed, state)
        prints = "" if is_present else as_went_out(mechanism, told.own, known.matter, state, salt, names())
    if differing(mechanism, told.landed, salt, prints, states[known.matter]):
        return Fate(Status.DIFFERING, salt, mark, prints, known.matter)
    prints = dump(prints_of(salt, told.landed.given))
    return Fate(Status.UNCHANGED, salt, mark, prints, known.matter, kept=False)


def _says_present(own: Own, landed: Landed, state: State) -> bool:
    """Whether the row says just what the matter holds, as nearly every row of an exported list does."""
    return all(landed.values.get(name) == state.values.get(name) for name in own.names)


def as_went_out(mechanism: Mechanism, own: Own, matter: uuid.UUID, state: State, salt: str, names: Names) -> str:
    """Return the prints of what a row of the own form said of its matter before anybody edited it."""
    return dump(prints_of(salt, went_out(matter, mechanism, own, state, names)))


def unasked(matter: uuid.UUID) -> Fate:
    """Return the fate of a row whose matter has erased values: known, and nothing of it compared or kept."""
    return Fate(Status.UNCHANGED, "", "", "", matter, kept=False)


def differing(mechanism: Mechanism, landed: Landed, salt: str, prints: str, state: State) -> list[str]:
    """Return the names of the values that the file changed and that are other than the matter's present ones.

    Without the prints of an earlier import, the values that the row gives are compared with the matter alone.
    """
    given = landed.given
    if prints:  # an own row that said nothing when it went out has the prints {}
        earlier = json.loads(prints)
        names = edited(salt, earlier, given, dict.fromkeys([*given, *earlier]))
    else:
        names = [name for name, value in given.items() if value]
    return [name for name in names if given.get(name) not in present(mechanism, state, name)]


def present(mechanism: Mechanism, state: State, name: str) -> tuple[Value, ...]:
    """Return what the matter holds under `name`: as it stands, then (for the deadline) as it was entered."""
    if name == ASSERTION:
        return (state.assertion or None,)
    value = state.values.get(name)
    if name == mechanism.deadline.field:
        return (state.due.isoformat() if state.due else None, value)
    return (value if value not in ("", []) else None,)


def says_same(row: IntakeRow, told: Told) -> bool:
    """Whether the cells of an earlier row stood exactly as these do."""
    return bool(row.mark) and row.mark == mark_of(row.salt, told.cells, told.mapping)


def _repeats(known: Known, told: Told) -> bool:
    """Whether the latest import said the same, and nothing new can be done about it.

    Differences that still wait are found again; so is a row that waited and can be understood now.
    """
    before = known.latest(told)
    if before is None or before.status == Status.DIFFERING or not says_same(before, told):
        return False
    return told.landed is None or before.status != Status.WAITING


def _numbered(keys: Iterable[str]) -> dict[str, uuid.UUID]:
    """Return the matters of keys that hold a matter's number."""
    numbers = {number: key for key in keys if (number := number_of_key(key))}
    found = Matter.objects.filter(number__in=list(numbers)).values_list("number", "pk") if numbers else ()
    return {numbers[number]: pk for number, pk in found}


def _add_corrected(claims: Mapping[str, uuid.UUID], rows: dict[str, list[IntakeRow]]) -> None:
    """Add the rows of matters whose key a person corrected: they were read under another one."""
    keys = {matter: key for key, matter in claims.items() if key not in rows}
    if keys:
        for row in _earlier(Q(matter__in=list(keys))):
            if row.matter_id:
                rows.setdefault(keys[row.matter_id], []).append(row)


def _earlier(wanted: Q) -> Iterable[IntakeRow]:
    rows = IntakeRow.objects.filter(wanted, status__in=_TELLING).exclude(matter__ended="withdrawn")
    return (
        row
        for row in rows.select_related("intake").order_by("-id")
        if row.intake.stage == Stage.COMMITTED or (row.intake.stage == Stage.OPEN and row.status == Status.CREATED)
    )


def _known(claimed: uuid.UUID | None, rows: list[IntakeRow]) -> Known:
    """Of the earlier rows only those of the latest import count: a file that was edited back is edited again."""
    latest = tuple(row for row in rows if row.intake_id == rows[0].intake_id)
    settled = next((row.matter_id for row in latest if row.matter_id), None)
    return Known(claimed or settled, latest)
