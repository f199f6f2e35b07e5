"""The machine: interpreter, engine library, disk, rights of the data folder, logs, clock."""

import shutil
import sqlite3
import stat
from datetime import datetime, timedelta
from pathlib import Path

from bihuan.mechanism.sentence import N_

from .finding import Finding, bad, ok, warn

_PYTHON, _SQLITE = (3, 11), (3, 35, 0)
_GIB, _MIB = 1 << 30, 1 << 20


def python(version: tuple[int, int, int]) -> Finding:
    told = {"version": ".".join(map(str, version))}
    if version[:2] < _PYTHON:
        return bad("python", N_("Python %(version)s is too old; 3.11 or newer is needed."), **told)
    return ok("python", N_("Python %(version)s"), **told)


def sqlite(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> Finding:
    told = {"version": ".".join(map(str, version))}
    if version < _SQLITE:
        return bad("sqlite", N_("SQLite %(version)s is too old; 3.35 or newer is needed."), **told)
    return ok("sqlite", N_("SQLite %(version)s"), **told)


def rights(data: Path) -> Finding:
    """Whether others on this machine can look into the data folder."""
    mode = stat.S_IMODE(data.stat().st_mode)
    told = {"folder": str(data), "mode": f"{mode:o}"}
    if mode & 0o007:
        return warn(
            "rights",
            N_("Everybody on this machine can enter %(folder)s (rights %(mode)s): chmod 700 %(folder)s"),
            **told,
        )
    return ok("rights", N_("The data folder %(folder)s is closed to others (rights %(mode)s)."), **told)


def secret_key(file: Path) -> Finding:
    if not file.exists():
        return bad(
            "secret_key", N_("There is no key %(file)s; `bihuan init` or `bihuan restore` makes it."), file=str(file)
        )
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & 0o077:
        return bad(
            "secret_key",
            N_("Others can read the key %(file)s and forge sessions with it (rights %(mode)s): chmod 600 %(file)s"),
            file=str(file),
            mode=f"{mode:o}",
        )
    return ok("secret_key", N_("The key that signs sessions is there, for its owner alone."))


def disk(data: Path, *, free: int | None = None) -> Finding:
    left = shutil.disk_usage(data).free if free is None else free
    told = {"folder": str(data), "free": f"{left / _GIB:.1f}"}
    if left < _GIB // 4:
        return bad("disk", N_("Only %(free)s GB are free on the disk of %(folder)s; make room now."), **told)
    if left < 2 * _GIB:
        return warn("disk", N_("Only %(free)s GB are free on the disk of %(folder)s; make room soon."), **told)
    return ok("disk", N_("%(free)s GB are free on the disk of the data folder."), **told)


def logs(folder: Path, *, limit: int = 200 * _MIB) -> Finding:
    size = sum(path.stat().st_size for path in folder.glob("*")) if folder.is_dir() else 0
    told = {"size": f"{size / _MIB:.1f}", "folder": str(folder)}
    if size > limit:
        return warn(
            "logs", N_("The logs in %(folder)s take %(size)s MB, more than rotation leaves; look into them."), **told
        )
    return ok("logs", N_("The logs take %(size)s MB."), **told)


def clock(now: datetime, last_event: datetime | None, zone: str) -> Finding:
    """Whether the clock can be right: it never stands before the last thing that was recorded."""
    told = {"now": f"{now:%Y-%m-%d %H:%M}", "zone": zone}
    if last_event is not None and now < last_event - timedelta(minutes=1):
        return bad(
            "clock",
            N_("The clock (%(now)s) stands before the last record (%(last)s): set it right, deadlines hang on it."),
            **told,
            last=f"{last_event:%Y-%m-%d %H:%M}",
        )
    if zone != "Asia/Shanghai":
        return warn(
            "clock",
            N_("It is %(now)s in %(zone)s; deadlines in China are days of Asia/Shanghai (BIHUAN_TIME_ZONE)."),
            **told,
        )
    return ok("clock", N_("It is %(now)s in %(zone)s."), **told)
