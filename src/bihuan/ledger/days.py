"""From instants to the local days that deadlines are counted in."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from bihuan.mechanism import deadline


def local_day(instant: datetime) -> date:
    """Return the day of `instant` (aware) in the ledger's time zone."""
    return deadline.local_day(instant, ZoneInfo(settings.TIME_ZONE))


def local(instant: datetime) -> datetime:
    """Return `instant` (aware) as the clocks of the ledger's time zone show it."""
    return instant.astimezone(ZoneInfo(settings.TIME_ZONE))


def today() -> date:
    """Return the local day at this moment; for the edges only, rules are told what day it is."""
    return local_day(timezone.now())
