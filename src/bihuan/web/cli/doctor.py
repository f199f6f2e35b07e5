"""`bihuan doctor`: what is wrong with this installation, and what would be right."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import Error
from django.utils import timezone
from django.utils.timezone import localtime

from bihuan.directory.calendars import load_calendar
from bihuan.ledger.days import local_day
from bihuan.ledger.models import Event
from bihuan.ledger.packs import current
from bihuan.mechanism.sentence import N_, Sentence
from bihuan.web.doctor import city, machine, network, store
from bihuan.web.doctor.finding import Finding, Level, bad
from bihuan.web.secret import FILE_NAME

from .backup import LAST
from .failure import Failure
from .init import whom_to_try
from .opening import is_behind
from .output import pad, write, write_json
from .receivers import unreceived
from .words import _, say

_MARKS = {Level.OK: N_("ok"), Level.WARN: N_("warning"), Level.BAD: N_("wrong")}


def run(*, full: bool, as_json: bool) -> int:
    data = Path(settings.BIHUAN_DATA)
    if not data.is_dir():
        raise Failure(_("There is no ledger in %(folder)s yet; make one with `bihuan init`.") % {"folder": data})
    found = list(_findings(data, full=full))
    worst = [finding for finding in found if finding.level is Level.BAD]
    if as_json:
        checks = [{"check": each.check, "level": each.level, "message": say(each.sentence)} for each in found]
        warnings = sum(each.level is Level.WARN for each in found)
        write_json({"checks": checks, "bad": len(worst), "warn": warnings})
        return 1 if worst else 0
    for each in found:
        write(f"{pad(_(_MARKS[each.level]), 8)} {say(each.sentence)}")
    return 1 if worst else 0


def _findings(data: Path, *, full: bool) -> Iterator[Finding]:
    """Yield every look in its order; where the database is not to be used, what needs it is left out."""
    now, version = timezone.now(), sys.version_info
    yield machine.python((version.major, version.minor, version.micro))
    yield machine.sqlite()
    yield machine.rights(data)
    yield machine.secret_key(data / FILE_NAME)
    yield machine.disk(data)
    yield machine.logs(data / "logs")
    yield city.calendar(load_calendar(), local_day(now))
    yield city.mechanisms()
    names = [name for name in settings.BIHUAN_CHOSEN_HOSTS if name]
    yield network.hosts(settings.BIHUAN_HOST, names)
    yield network.tls(
        settings.BIHUAN_TLS_CERTIFICATE,
        settings.BIHUAN_TLS_KEY,
        proxied=settings.SECURE_PROXY_SSL_HEADER is not None,
        names=[settings.BIHUAN_HOST, *names],
        now=now,
    )
    yield network.port(settings.BIHUAN_HOST, settings.BIHUAN_PORT)
    yield store.backup(_backup_age(data / "backups" / LAST, now))
    answering = store.database()
    yield answering
    if answering.level is not Level.BAD:
        yield from _in_the_ledger(now, full=full)


def _in_the_ledger(now: datetime, *, full: bool) -> Iterator[Finding]:
    behind = is_behind()
    yield store.migrations(behind)
    yield from _guarded("triggers", store.triggers)
    if behind:
        return
    yield from _guarded("record", store.record)
    yield from _guarded("clock", lambda: machine.clock(localtime(now), _last_event(), settings.TIME_ZONE))
    yield from _guarded("evidence", lambda: store.evidence(full=full))
    yield from _guarded("demonstration", lambda: city.demonstration(bool(whom_to_try())))
    yield from _guarded("passwords", lambda: city.passwords(local_day(now)))
    yield from _guarded("roles", lambda: city.roles(_missing(now)))


def _guarded(check: str, look: Callable[[], Finding]) -> Iterator[Finding]:
    """One look; a database that fails in it is a finding too, and does not end the others."""
    try:
        yield look()
    except Error as error:
        yield bad(check, N_("The database fails: %(reason)s."), reason=" ".join(str(error).split())[:200])


def _last_event() -> datetime | None:
    newest = Event.objects.order_by("-matter_id", "-version").values_list("recorded_at", flat=True).first()
    return localtime(datetime.fromisoformat(newest)) if newest else None


def _missing(now: datetime) -> list[Sentence]:
    return [each for mechanism in current().values() for each in unreceived(mechanism, local_day(now))]


def _backup_age(file: Path, now: datetime) -> int | None:
    """Return how many whole days ago the last backup was made; None where there is none, or it is gone."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        if not os.path.exists(told["file"]):
            return None
        return (now - datetime.fromisoformat(told["made_at"])).days
    except (OSError, ValueError, KeyError, TypeError):
        return None
