"""The dated forms of units: what each was, is and will be called, and where it lies.

A unit that never changed has no forms. The first change keeps what it was until then as a form of its own, so
that the tree can be told for any day before it.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from .models import Unit, UnitForm
from .organisation import FORM


def forms_of(unit: Unit) -> list[UnitForm]:
    """Return the forms of a unit, oldest first; a unit that never changed has one that is not stored."""
    forms = list(unit.forms.order_by("since").select_related("parent"))
    return forms or [_as_it_is(unit)]


def form_on(unit: Unit, day: date) -> UnitForm:
    """Return the form in force on `day`, or the first one for an earlier day."""
    forms = forms_of(unit)
    return next((form for form in reversed(forms) if form.since <= day), forms[0])


def change_form(unit: Unit, since: date, **new: Any) -> None:
    """Let `unit` be different from `since` on, in that form and in those that follow it, where they agree with it."""
    if not unit.forms.exists():
        _as_it_is(unit).save()
    before = form_on(unit, since)
    old = {name: getattr(before, name) for name in new}
    if before.since < since:
        kept = {name: getattr(before, name) for name in FORM}
        UnitForm.objects.create(unit=unit, since=since, **{**kept, **new})
        following = unit.forms.filter(since__gt=since)
    else:
        following = unit.forms.filter(since__gte=since)
    for form in following.order_by("since"):
        if form.since > since and any(getattr(form, name) != value for name, value in old.items()):
            break  # a later change of the same thing was planned already, and stands
        for name, value in new.items():
            setattr(form, name, value)
        form.save(update_fields=list(new))


def correct_form(unit: Unit, today: date, **new: Any) -> None:
    """Put right what was written wrongly today: the form in force, and no new one beside it."""
    form = next((each for each in reversed(forms_of(unit)) if each.since <= today), None)
    if form is not None and form.pk is not None:
        for name, value in new.items():
            setattr(form, name, value)
        form.save(update_fields=list(new))


@transaction.atomic
def settle_columns(today: date, units: Iterable[Unit] | None = None) -> int:
    """Bring the columns of units in line with the forms in force on `today`; return how many were behind.

    All of them, or those given. Names are set aside first: two units may have exchanged theirs.
    """
    forms: dict[int, UnitForm] = {}
    for form in UnitForm.objects.filter(since__lte=today).order_by("since"):
        forms[form.unit_id] = form
    chosen = Unit.objects.filter(pk__in=[unit.pk for unit in units] if units is not None else list(forms))
    behind = [unit for unit in chosen if unit.pk in forms and _differs(unit, forms[unit.pk])]
    if len(behind) > 1:
        for unit in behind:
            Unit.objects.filter(pk=unit.pk).update(name=f"\x1f{unit.pk}")
    for unit in behind:
        Unit.objects.filter(pk=unit.pk).update(**{name: getattr(forms[unit.pk], name) for name in FORM})
    return len(behind)


def _differs(unit: Unit, form: UnitForm) -> bool:
    return any(getattr(unit, name) != getattr(form, name) for name in FORM)


def _as_it_is(unit: Unit) -> UnitForm:
    return UnitForm(unit=unit, since=unit.since, **{name: getattr(unit, name) for name in FORM})
