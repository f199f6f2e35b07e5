"""Where somebody comes to after signing in: their desk, or the first hour of a city that is still being set up."""

from datetime import datetime

from django.urls import reverse

from bihuan.directory.models import Account
from bihuan.directory.viewer import Viewer
from bihuan.ledger.days import local_day

from .city.progress import concerns, progress


def landing(account: Account, now: datetime) -> str:
    """Return the address of the page that `account` is shown first."""
    viewer = Viewer.of(account, local_day(now))
    if concerns(viewer, local_day(now)) and not progress(viewer.organisation, local_day(now)).complete:
        return reverse("first_hour")
    return reverse("desk")
