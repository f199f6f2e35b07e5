"""What is written to a unit to urge it (催办): composed of what its matters wait for, cut to what WeCom takes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from bihuan.mechanism.deadline import days_left
from bihuan.mechanism.sentence import Listed

from ..asked import is_aside, is_due
from ..scene import Scene
from ..showing import unit_name
from ..speaking import language, post_words, say

#: Characters that WeCom takes in one message (企业微信, text message: 2,048 bytes through its interface, 2,000
#: characters from the keyboard); what is longer goes out in parts.
LIMIT = 2_000
#: Characters of a title that are kept, and of a number.
_TITLE = 48
#: Stands in the opening where the mark of the part goes; nobody types it.
_HERE = "\x00"


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one unit, with the matters that it names."""

    unit: str
    text: str
    places: tuple[Scene, ...]


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook that went out to the unit on a day, is wanted back by another, and has not come back."""

    sent_on: date
    return_by: date


def compose(
    unit: str, places: Sequence[Scene], *, today: date, limit: int = LIMIT, workbook: Workbook | None = None
) -> list[Message]:
    """Return the messages to `unit` about `places`: one, or several that say which part each is.

    `workbook` is asked for in each of them.
    """
    opening, foot = _head(unit, places, today), _foot(places)
    if workbook:
        foot = f"{_workbook_words(workbook, today)}\n{foot}"
    items = [_item(number, place, today) for number, place in enumerate(places, start=1)]
    mark = len(_mark(999, 999))
    cuts = list(_cut(items, limit - len(opening) - len(foot) - mark))
    return [
        Message(unit, _joined(opening, items[first:last], foot, part, len(cuts)), tuple(places[first:last]))
        for part, (first, last) in enumerate(cuts, start=1)
    ]


def _cut(items: Sequence[str], room: int) -> Iterator[tuple[int, int]]:
    """Yield the first and the last (exclusive) item of each part, as many as `room` holds, one at least."""
    first, taken = 0, 0
    for place, item in enumerate(items):
        if place > first and taken + len(item) + 1 > room:
            yield first, place
            first, taken = place, 0
        taken += len(item) + 1
    yield first, len(items)


def _joined(opening: str, items: Iterable[str], foot: str, part: int, parts: int) -> str:
    mark = _mark(part, parts) if parts > 1 else ""
    return "\n".join([opening.replace(_HERE, mark, 1), *items, foot])


def _mark(part: int, parts: int) -> str:
    return gettext(" (%(part)d/%(parts)d)") % {"part": part, "parts": parts}


def _head(unit: str, places: Sequence[Scene], today: date) -> str:
    late = sum(_is_late(place, today) for place in places)
    name = unit_name(unit, places[0].organisation)
    titles = Listed.of(dict.fromkeys(say(place.mechanism.title) for place in places))
    told = {"unit": name, "day": _day(today), "number": len(places), "late": late, "mechanism": say(titles)}
    opening = gettext("[Urging%(mark)s] To %(unit)s:") % {**told, "mark": _HERE}
    counted = ngettext(
        "As of %(day)s, %(number)d matter of %(mechanism)s waits for you",
        "As of %(day)s, %(number)d matters of %(mechanism)s wait for you",
        len(places),
    )
    overdue = ngettext(", %(late)d of them overdue", ", %(late)d of them overdue", late) if late else ""
    asked = gettext(". Please see to the following without delay:")
    return f"{opening}\n{(counted + overdue + asked) % told}"


def _item(number: int, place: Scene, today: date) -> str:
    row = place.matter
    title = row.title if len(row.title) <= _TITLE else row.title[: _TITLE - 1] + "…"
    first = gettext("%(number)d. [%(name)s] %(title)s") % {
        "number": number,
        "name": (row.finding_no or row.number)[:_TITLE],
        "title": title or gettext("(without a title)"),
    }
    second = gettext("Stands at: %(stage)s; you are asked to: %(asked)s.") % {
        "stage": say(place.mechanism.stages[row.stage].label),
        "asked": say(_asked(place)),
    }
    days = "".join(filter(None, (_stage_words(place, today), _whole_words(place, today))))
    last = place.state.urged_on
    again = gettext("You were urged about this on %(day)s.") % {"day": _day(last)} if last else ""
    return f"{first}\n{second}{days}{again}"


def _asked(place: Scene) -> Listed:
    """The steps that the matter waits for, in their own words; those that lead aside are nobody's duty."""
    stage = place.mechanism.stages[place.state.stage]
    own = [action for action in place.mechanism.actions_at(stage.key) if stage.owner in action.by]
    actions = [action for action in own if is_due(stage, action, action.by)]
    straight = [action for action in actions if not is_aside(action)] or actions
    return Listed.of(action.label for action in straight)


def _stage_words(place: Scene, today: date) -> str:
    due = place.matter.stage_due
    if due is None:
        return ""
    left, told = days_left(due, today), {"day": _day(due)}
    reported = place.mechanism.stages[place.state.stage].review is not None
    if left >= 0:
        return (gettext("Please report by %(day)s.") if reported else gettext("Please do so by %(day)s.")) % told
    words = ngettext("This was due on %(day)s, %(days)d day ago.", "This was due on %(day)s, %(days)d days ago.", -left)
    if reported:
        words = ngettext(
            "A report was due on %(day)s, %(days)d day ago.", "A report was due on %(day)s, %(days)d days ago.", -left
        )
    return words % {**told, "days": -left}


def _whole_words(place: Scene, today: date) -> str:
    due = place.matter.due
    if due is None:
        return ""
    left, told = days_left(due, today), {"day": _day(due)}
    if left < 0:
        late = ngettext(
            "The whole is due on %(day)s: %(days)d day late.", "The whole is due on %(day)s: %(days)d days late.", -left
        )
        return late % {**told, "days": -left}
    words = ngettext(
        "The whole is due on %(day)s: %(days)d day left.", "The whole is due on %(day)s: %(days)d days left.", left
    )
    return words % {**told, "days": left}


def _foot(places: Sequence[Scene]) -> str:
    request = places[0].request
    post = next(post for post in request.viewer.posts)
    told = {"office": post.unit.name if post.unit else post_words(post), "name": request.viewer.account.name}
    return gettext("Please report to: %(office)s (%(name)s). If it is done already, hand in what proves it.") % told


def _workbook_words(workbook: Workbook, today: date) -> str:
    told = {"sent": _day(workbook.sent_on), "day": _day(workbook.return_by)}
    if workbook.return_by < today:
        return (
            gettext("The workbook that went out on %(sent)s was due back on %(day)s; please return it at once.") % told
        )
    return gettext("Please return the workbook that went out on %(sent)s by %(day)s.") % told


def _is_late(place: Scene, today: date) -> bool:
    days = (place.matter.due, place.matter.stage_due)
    return any(day is not None and day < today for day in days)


def _day(day: date) -> str:
    return date_format(day, "j F Y" if language() == "en" else "Y年n月j日")
