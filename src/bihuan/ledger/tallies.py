"""Sums over the matters that one may open: money by budget year and source, matters by register entry."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from bihuan.directory.viewer import Viewer
from bihuan.mechanism.model import End

from .models import Matter, Mention, Spending
from .visible import listed_to


@dataclass(frozen=True, slots=True)
class Spent:
    """Money of one mechanism, year and source: `amount` fen in `matters` matters."""

    year: int
    mechanism: str
    source: str
    amount: int
    matters: int


@dataclass(frozen=True, slots=True)
class Named:
    """How many matters name an entry: those open, and those that came to their successful end in the year asked for."""

    entry: str
    open: int
    done: int


def spent(viewer: Viewer) -> list[Spent]:
    """Return the money of the matters that `viewer` may open, latest year first."""
    holding = Q(pk__in=Spending.objects.values("matter"))  # few of all: asked first, and of rights after
    seen = Matter.objects.filter(listed_to(viewer, holding)).values("pk")
    rows = Spending.objects.filter(matter__in=seen).values("year", "matter__mechanism", "source")
    summed = rows.annotate(amount=Sum("amount"), matters=Count("matter", distinct=True)).order_by("-year", "source")
    return [
        Spent(each["year"], each["matter__mechanism"], each["source"], each["amount"], each["matters"])
        for each in summed
    ]


def named(viewer: Viewer, register: str, year: int, mechanism: str = "") -> Iterator[Named]:
    """Yield, for each entry of `register` that such matters name, how many do; of one mechanism or of all."""
    naming = Q(pk__in=Mention.objects.filter(register=register).values("matter"))
    wanted = naming & Q(mechanism=mechanism) if mechanism else naming
    seen = Matter.objects.filter(listed_to(viewer, wanted)).values("pk")
    done = Q(matter__ended=End.SUCCESS.value, matter__ended_on__year=year)
    rows = Mention.objects.filter(register=register, matter__in=seen).values("entry")
    for each in rows.annotate(
        open=Count("matter", filter=Q(matter__ended=""), distinct=True),
        done=Count("matter", filter=done, distinct=True),
    ):
        yield Named(each["entry"], each["open"], each["done"])
