"""Where the demonstration's matters of the packs stand: at every end, in every stage in time, nearly due and late."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count, cycle, islice

from bihuan.directory.register_files import import_entries
from bihuan.directory.tables import read_csv
from bihuan.ledger.models import Claim, Matter
from bihuan.ledger.packs import current
from bihuan.mechanism.model import Mechanism, Span, Stage

from .timetable import Timetable
from .walking import Days, Walker, length, played
from .walks import Subject, Walk, entries, packs, subjects, walks

#: Working days in a week and a month, to guess how long ago a step was whose term is over by now.
_WEEK, _MONTH = 5, 21
#: The demonstration's posts begin with 2025: nothing happened before.
_LONGEST = 420

REGISTERS = {
    "enterprises": ("企业名录", "Enterprises"),
    "experts": ("专家人才名录", "Experts"),
    "schools": ("学校名录", "Schools"),
    "policies": ("惠企政策名录", "Policies"),
    "mediators": ("人民调解员名录", "Mediators"),
    "titles": ("企业称号名录", "Titles of enterprises"),
}


#: Claims by which the demonstration's own matters are known when it is thrown away.
TOLD = "demonstration"


class Lateness(StrEnum):
    FRESH = "fresh"
    SOON = "soon"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Stand:
    """A matter's story: its walk as far as step `stop`, the last step `age` working days before yesterday."""

    walk: Walk
    stop: int
    age: int
    subject: Subject


def bring_registers() -> None:
    """Make the registers that the packs' matters refer to."""
    for pack in packs():
        for register, text in entries(pack):
            zh, en = REGISTERS[register]
            rows = read_csv(text.encode(), name=f"{register}.csv")
            import_entries([rows], register=register, name_zh=zh, name_en=en)


def stands_of_all() -> list[Stand]:
    """Return where the matters of every pack stand."""
    return [stand for pack in packs() for stand in planned(pack)]


def rehearse(stands: Sequence[Stand], timetable: Timetable, progress: Callable[[int], None]) -> None:
    """Register the matters and move them to where they stand; `progress(done)` counts them."""
    walker = Walker(timetable.calendar, timetable.zone, timetable.today)
    for done, stand in enumerate(stands, start=1):
        walker.turn += 1
        _play(walker, stand, timetable)
        progress(done)
    own = Matter.objects.filter(parent=None).exclude(claims__space=TOLD).values_list("pk", flat=True)
    Claim.objects.bulk_create(Claim(space=TOLD, key=str(key), matter_id=key) for key in own)


def planned(pack: str) -> list[Stand]:
    """Return where the matters of `pack` stand, one for each of its subjects, the rarest positions first."""
    made = []
    for key in dict.fromkeys(subject.mechanism for subject in subjects(pack)):
        mechanism = current()[key]
        about = [subject for subject in subjects(pack) if subject.mechanism == key]
        ways = [walk for walk in walks(pack).values() if walk.mechanism == key and not walk.part]
        for walk, stop, stage, lateness, around in islice(_positions(mechanism, ways), len(about)):
            subject = next((each for each in about if _fits(each, walk)), about[0])
            about.remove(subject)
            begun = _begun(stage, walk, stop, subject)
            made.append(Stand(walk, stop, _age(stage, lateness, around, begun), subject))
    return made


def _fits(subject: Subject, walk: Walk) -> bool:
    """Whether what the walk says of the matter from the beginning is not something else in the subject."""
    return all(subject.values.get(key, value) == value for key, value in walk.values.items())


def _begun(stage: Stage, walk: Walk, stop: int, subject: Subject) -> int:
    """Return how many working days after the last step the stage's term begins, where it counts from a date field."""
    fields = (
        [anchor.removeprefix("field:") for anchor in stage.clock.anchors if anchor.startswith("field:")]
        if stage.clock
        else []
    )
    given = {**subject.values, **walk.values}
    for field in fields:
        later = [step.values[field] for step in walk.steps[:stop] if field in step.values]
        day = str((later or [given.get(field, "")])[-1])
        if day.startswith("@"):
            ahead = round(int(day[1:]) * _WEEK / 7)
            return ahead if later else max(ahead - length(walk, stop, subject), 0)
    return 0


def _positions(mechanism: Mechanism, ways: Sequence[Walk]) -> Iterator[tuple[Walk, int, Stage, Lateness, int]]:
    """Yield positions without end: first each end and each stage late, nearly due and fresh, then all again."""
    places: dict[str, list[tuple[Walk, int]]] = {}
    for walk in ways:
        for stop in range(len(walk.steps) + 1):
            places.setdefault(stages_after(mechanism, walk, stop)[0], []).append((walk, stop))
    turns = {stage: cycle(found) for stage, found in places.items()}
    for around in count():
        for lateness in (Lateness.LATE, Lateness.FRESH, Lateness.SOON):
            for key in places:
                stage = mechanism.stages[key]
                if stage.end and lateness is not Lateness.FRESH:
                    continue
                walk, stop = next(turns[key])
                yield walk, stop, stage, lateness, around


def stages_after(mechanism: Mechanism, walk: Walk, stop: int) -> list[str]:
    """Return where a matter can stand after `stop` steps of the walk: what the step leads to and the next begins at."""
    stages = [mechanism.start]
    for at, step in enumerate(walk.steps[:stop], start=1):
        stages = [branch.stage for branch in mechanism.actions[step.do].to] or stages
        following = next((mechanism.actions[each.do].stages for each in walk.steps[at:]), (walk.end,))
        stages = [each for each in stages if each in following] or stages
    return stages


def _age(stage: Stage, lateness: Lateness, around: int, begun: int) -> int:
    """Return how many working days the last step lies back, for its stage's term to be late, nearly over or begun."""
    if stage.clock is None:
        return 4 + 17 * around % 90
    per_day = {Span.WORKING_DAYS: 1.0, Span.DAYS: _WEEK / 7, Span.MONTHS: float(_MONTH)}[stage.clock.span]
    term = begun + round(stage.clock.length * per_day)
    ages = {Lateness.FRESH: around % 2, Lateness.SOON: max(term - 1, 0), Lateness.LATE: term + 2 + 3 * around}
    return min(ages[lateness], _LONGEST)


def _play(walker: Walker, stand: Stand, timetable: Timetable) -> None:
    back = min(length(stand.walk, stand.stop, stand.subject) + stand.age, _LONGEST)
    first = timetable.back(back + 1)
    matter = walker.begin(stand.walk, stand.subject, first)
    played(walker, stand.walk, matter, Days(timetable.calendar, first, timetable.yesterday), stop=stand.stop)
