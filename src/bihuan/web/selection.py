"""The matters that somebody chose, to do one thing with all of them: named one by one, or by the filter of a list."""

from django.db.models import QuerySet

from bihuan.ledger.listing import select
from bihuan.ledger.models import Matter
from bihuan.ledger.visible import visible_to

from .address import Address, read
from .viewer import ViewerRequest

#: The parameter that names one chosen matter by its number; it may stand many times.
PART = "m"


def selected(request: ViewerRequest) -> QuerySet[Matter]:
    """Return the chosen matters that the viewer may open, in no order yet.

    They are named by the parameter `m`, sent or in the address; where it stands nowhere, by the parts of a list's
    address (see `address`). What names nothing chooses nothing.
    """
    numbers = named(request)
    if numbers is not None:
        return Matter.objects.filter(visible_to(request.viewer), number__in=numbers).select_related("responsible")
    asked = filtered(request)
    chosen = select(request.viewer, asked.filter, request.today, request.calendar)
    return chosen.none() if asked.problem else chosen


def named(request: ViewerRequest) -> list[str] | None:
    """Return the numbers that were named one by one, each once, in their order; None where a filter chooses."""
    if PART not in request.POST and PART not in request.GET:
        return None
    numbers = request.POST.getlist(PART) or request.GET.getlist(PART)
    return list(dict.fromkeys(tidy for number in numbers if (tidy := _tidy(str(number)))))


def filtered(request: ViewerRequest) -> Address:
    """Return the filter and the order that came along: those of the address, else those that were sent."""
    return read(request.GET or request.POST, request.viewer.organisation)


def _tidy(number: str) -> str:
    return number.replace("\x00", "").strip().upper()
