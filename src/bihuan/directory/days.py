"""The days on which the organisation changes."""

from datetime import date, timedelta

from .models import Unit, UnitForm


def days_that_matter(since: date) -> list[date]:
    """Return `since` and every later day on which a unit begins, ends or changes: what holds on them holds always."""
    begins = Unit.objects.filter(since__gt=since).values_list("since", flat=True)
    ends = Unit.objects.filter(until__gte=since).values_list("until", flat=True)
    changes = UnitForm.objects.filter(since__gt=since).values_list("since", flat=True)
    later = {*begins, *changes, *(day + timedelta(days=1) for day in ends if day is not None)}
    return sorted({since, *later})
