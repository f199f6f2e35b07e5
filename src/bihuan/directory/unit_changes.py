"""What can be done to a unit from a day on: add, rename, move, merge, end. Each in words, each refused in words.

Days may lie in the past, be today, or lie ahead. What is open at a unit that ends is the ledger's to hand over
(see `bihuan.ledger.reorganise`); nothing here may leave it ownerless.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from .alterations import Author, note
from .days import days_that_matter
from .forms import change_form, form_on, forms_of, settle_columns
from .models import Post, Unit
from .organisation import Organisation
from .portfolios import note_followed
from .posts import end_post, move_post
from .unit_files import next_key

_DAY = timedelta(days=1)


@transaction.atomic
def add_unit(
    name: str, *, short_names: Sequence[str] = (), below: Unit | None, since: date, author: Author, today: date
) -> Unit:
    """Set up a unit from `since` on, directly below another or on top. Raises `Refusal`."""
    name = _clean(name)
    if below is not None:
        _check_there(below, since, N_("“%(name)s” does not exist on %(day)s, so nothing can lie below it then."))
    for day in days_that_matter(since):
        _check_name(name, below.pk if below else None, day, but=None)
    level = form_on(below, since).level + 1 if below else 1
    unit = Unit.objects.create(
        key=next_key(), name=name, short_names=list(short_names), level=level, parent=below, since=since
    )
    kind = "unit_added" if below else "unit_added_on_top"
    note(author, kind, since=since, unit=unit, name=name, parent=form_on(below, since).name if below else "")
    return unit


@transaction.atomic
def rename_unit(
    unit: Unit, *, name: str, short_names: Sequence[str] | None = None, since: date, author: Author, today: date,
    reason: str = "",
) -> None:  # fmt: skip
    """Give the unit another name, other short names, or both, from `since` on. Raises `Refusal`.

    The old name stays as a short name: ledgers will bear it for years.
    """
    name = _clean(name)
    _check_there(unit, since)
    old = form_on(unit, since)
    wanted = list(old.short_names if short_names is None else short_names)
    if name != old.name and old.name not in wanted:
        wanted.append(old.name)
    wanted = [each for each in dict.fromkeys(wanted) if each != name]
    if name == old.name and wanted == old.short_names:
        raise Refusal("no_change", N_("“%(name)s” is called so already; nothing was changed."), name=name)
    if name != old.name:
        for day in _days_of(unit, since):
            _check_name(name, form_on(unit, day).parent_id, day, but=unit)
        note(author, "unit_renamed", since=since, unit=unit, reason=reason, old=old.name, new=name)
    elif wanted != old.short_names:
        said: dict[str, Any] = {"old": "、".join(old.short_names) or "—", "new": "、".join(wanted) or "—"}
        note(author, "unit_called", since=since, unit=unit, reason=reason, **said)
    change_form(unit, since, name=name, short_names=wanted)
    settle_columns(today, [unit])


@transaction.atomic
def move_unit(unit: Unit, *, below: Unit | None, since: date, author: Author, today: date, reason: str = "") -> None:
    """Put the unit, with all below it, under another one from `since` on. Raises `Refusal`."""
    _check_there(unit, since)
    old = form_on(unit, since)
    if old.parent_id == (below.pk if below else None):
        raise Refusal("no_change", N_("The unit lies there already; nothing was changed."), field="below")
    if below is not None:
        _check_there(below, since, N_("“%(name)s” does not exist on %(day)s, so nothing can lie below it then."))
    for day in _days_of(unit, since):
        _check_circle(unit, below, day)
        _check_name(form_on(unit, day).name, below.pk if below else None, day, but=unit)
    _put_below(unit, below, since, today)
    said: dict[str, Any] = {
        "old": old.parent.name if old.parent else "—",
        "new": form_on(below, since).name if below else "—",
    }
    note(author, "unit_moved", since=since, unit=unit, reason=reason, **said)


@transaction.atomic
def close_unit(
    unit: Unit, *, since: date, into: Unit | None, keep_posts: bool = True, author: Author, today: date,
    reason: str = "",
) -> None:  # fmt: skip
    """Let the unit end the day before `since`, taken over by `into` or by nobody. Raises `Refusal`.

    Units below go to the successor; posts go there too (`keep_posts`) or end. What is open is not looked at
    here: `ledger.reorganise` does, and is what pages and commands call.
    """
    _check_there(unit, since)
    if since <= unit.since:
        raise Refusal("day_order", N_("The unit began on %(day)s; it cannot have ended before."), day=unit.since)
    below = _children_on(unit, since)
    if into is None and below:
        raise Refusal(
            "units_below",
            N_("%(count)d unit(s) still lie below “%(name)s”, such as “%(first)s”; move them or name a successor."),
            count=len(below), name=unit.name, first=below[0].name,
        )  # fmt: skip
    if into is not None:
        _check_successor(unit, into, since)
        for child in below:
            for day in _days_of(child, since):
                _check_name(form_on(child, day).name, into.pk, day, but=child)
        for child in below:
            _put_below(child, into, since, today)
    _close_posts(unit, into if keep_posts else None, since, author)
    if into is not None:
        note_followed(unit, into, since=since, author=author, reason=reason)
    unit.until, unit.successor = since - _DAY, into
    unit.save(update_fields=["until", "successor"])
    _note_end(unit, into, since, author, today, reason)


def _note_end(unit: Unit, into: Unit | None, since: date, author: Author, today: date, reason: str) -> None:
    if into is None:
        note(author, "unit_ended", since=since, unit=unit, reason=reason)
        return
    ended, goes_on = form_on(unit, since - _DAY), form_on(into, since)
    note(author, "unit_merged", since=since, unit=unit, reason=reason, into=goes_on.name)
    note(author, "unit_took_over", since=since, unit=into, reason=reason, name=ended.name)
    known = {goes_on.name, *goes_on.short_names}
    more = [name for name in (ended.name, *ended.short_names) if name not in known]
    change_form(into, since, short_names=[*goes_on.short_names, *more])
    settle_columns(today, [into])


def _close_posts(unit: Unit, into: Unit | None, since: date, author: Author) -> None:
    for post in Post.objects.filter(unit=unit).select_related("account", "unit"):
        if post.until is None or post.until >= since:
            if into is not None:
                move_post(post, into, since=since, author=author)
            else:
                end_post(post, since=since, author=author)


def _put_below(unit: Unit, below: Unit | None, since: date, today: date) -> None:
    """Move a unit and shift the levels of all below it, so that each stays as far below its parent as it was."""
    old = form_on(unit, since)
    was = form_on(old.parent, since).level if old.parent else 0
    now = form_on(below, since).level if below else 0
    shift = now - was
    change_form(unit, since, parent_id=below.pk if below else None, level=old.level + shift)
    if shift:
        for child in _descendants_on(unit, since):
            change_form(child, since, level=form_on(child, since).level + shift)
    _lower_where_needed(unit, since)
    settle_columns(today)


def _lower_where_needed(moved: Unit, since: date) -> None:
    """Changes planned for later days may put a unit beside or above its superior: it then goes one level below."""
    for day in days_that_matter(since):
        organisation = Organisation.on(day)
        waiting = [moved.pk]
        while waiting:
            unit = organisation.by_id.get(waiting.pop())
            if unit is None:
                continue
            above = organisation.by_id.get(unit.parent_id or 0)
            if above is not None and unit.level <= above.level:
                unit.level = above.level + 1
                change_form(Unit.objects.get(pk=unit.pk), day, level=unit.level)
            waiting.extend(child.pk for child in organisation.children(unit.pk))


def _children_on(unit: Unit, day: date) -> list[Unit]:
    """Return the units that lie directly below on `day` or come to do so later."""
    found: dict[int, Unit] = {}
    for each in _days_of(unit, day):
        found |= {child.pk: child for child in Organisation.on(each).children(unit.pk)}
    return list(Unit.objects.filter(pk__in=found))


def _descendants_on(unit: Unit, day: date) -> list[Unit]:
    below = Organisation.on(day).subtree([unit.pk]) - {unit.pk}
    return list(Unit.objects.filter(pk__in=below))


def _days_of(unit: Unit, since: date) -> list[date]:
    """Return the days from `since` on, within the unit's life, on which anything in the tree changes."""
    return [day for day in days_that_matter(since) if unit.until is None or day <= unit.until]


def _check_there(unit: Unit, day: date, pattern: str = "") -> None:
    if day < unit.since or (unit.until is not None and unit.until < day):
        sentence = pattern or N_("“%(name)s” does not exist on %(day)s; choose a day between its first and its last.")
        raise Refusal("not_there", sentence, field="since", name=unit.name, day=day)


def _check_successor(unit: Unit, into: Unit, since: date) -> None:
    if into.pk == unit.pk:
        raise Refusal("same_unit", N_("A unit cannot be merged into itself; name another one."), field="into")
    _check_there(into, since, N_("“%(name)s” does not exist on %(day)s, so it cannot take over then."))
    if into.until is not None:
        raise Refusal(
            "ends_too", N_("“%(name)s” ends on %(day)s itself; name a unit that stays."),
            field="into", name=into.name, day=into.until,
        )  # fmt: skip
    if into.pk in Organisation.on(since).subtree([unit.pk]):
        raise Refusal(
            "circle",
            N_("“%(into)s” lies below “%(name)s”; move it up first, then merge."),
            field="into", into=into.name, name=unit.name,
        )  # fmt: skip


def _check_circle(unit: Unit, below: Unit | None, day: date) -> None:
    if below is not None and below.pk in Organisation.on(day).subtree([unit.pk]):
        raise Refusal(
            "circle",
            N_("“%(below)s” lies below “%(name)s” itself; a unit cannot be its own superior."),
            field="below", below=below.name, name=unit.name,
        )  # fmt: skip


def _check_name(name: str, parent: int | None, day: date, *, but: Unit | None) -> None:
    same = [
        each
        for each in Organisation.on(day).children(parent)
        if each.name == name and (but is None or each.pk != but.pk)
    ]
    if same:
        raise Refusal(
            "name_taken",
            N_("There is a unit “%(name)s” at this place already on %(day)s (key %(key)s)."),
            field="name", name=name, day=day, key=same[0].key,
        )  # fmt: skip


def _clean(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 200 or "\x00" in name:
        raise Refusal("bad_name", N_("Write the unit's name, at most 200 characters."), field="name")
    return name


def history_of(unit: Unit) -> Iterable[tuple[date, date | None, str, str]]:
    """Yield (from, to, name, parent's name) for each name and place that a unit had, oldest first."""
    every = forms_of(unit)
    forms = [
        form
        for before, form in zip([None, *every], every, strict=False)
        if before is None or (before.name, before.parent_id) != (form.name, form.parent_id)
    ]
    for place, form in enumerate(forms):
        until = forms[place + 1].since - _DAY if place + 1 < len(forms) else unit.until
        yield form.since, until, form.name, form.parent.name if form.parent else ""
