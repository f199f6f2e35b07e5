"""`bihuan service`: unit files for systemd that run this installation, shut in as far as it allows."""

import getpass
import os
import pwd
import sys
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from bihuan.web.environment import SETTINGS

from .failure import Failure
from .output import note, write
from .words import _

UNIT, BACKUP, TIMER, ENVIRONMENT = "bihuan.service", "bihuan-backup.service", "bihuan-backup.timer", "bihuan.env"
_KEPT = 14

_SHUT_IN = """\
# It writes into its data folder and nowhere else, and gains no right that it was not started with.
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths={data}
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
SystemCallArchitectures=native
SystemCallFilter=@system-service
{capabilities}UMask=0077
"""

_UNIT = """\
[Unit]
Description=Bihuan, closed-loop supervision
After=network-online.target postgresql.service
Wants=network-online.target

[Service]
Type=exec
User={user}
EnvironmentFile={environment}
ExecStart={bihuan} serve
Restart=on-failure
RestartSec=2
TimeoutStopSec=30
{shut_in}
[Install]
WantedBy=multi-user.target
"""

_BACKUP = """\
[Unit]
Description=Backup of Bihuan
After=postgresql.service

[Service]
Type=oneshot
User={user}
EnvironmentFile={environment}
ExecStart={bihuan} backup --quiet --keep {kept}
{shut_in}"""

_TIMER = """\
[Unit]
Description=Nightly backup of Bihuan

[Timer]
OnCalendar=*-*-* 01:30:00
RandomizedDelaySec=10min
Persistent=yes

[Install]
WantedBy=timers.target
"""


def run(*, user: str, write_to: Path | None) -> int:
    units = _units(user or _owner(), (write_to or Path("/etc/bihuan")).absolute() / ENVIRONMENT)
    if write_to is None:
        write("\n".join(f"# {name}\n{text}" for name, text in units.items()))
        note(_("`bihuan service --write FOLDER` writes these, with the settings of now, into files."))
        return 0
    for name, text in {**units, ENVIRONMENT: _environment(os.environ)}.items():
        _write(write_to, name, text)
    told = {"folder": write_to.absolute(), "units": f"{UNIT} {TIMER}"}
    write(_("Written to %(folder)s. Start it now and at every start of the machine:") % told)
    linked = " ".join(str(write_to.absolute() / name) for name in units)
    if write_to.absolute() != Path("/etc/systemd/system"):
        write(f"  sudo systemctl link {linked}")
    write(f"  sudo systemctl daemon-reload && sudo systemctl enable --now {told['units']}")
    return 0


def _units(user: str, environment: Path) -> Mapping[str, str]:
    # A port below 1024 is the one thing for which an ordinary user needs a right of the system's.
    ports = (settings.BIHUAN_PORT, settings.BIHUAN_REDIRECT_PORT)
    bind = "CAP_NET_BIND_SERVICE" if any(0 < port < 1024 for port in ports) else ""
    capabilities = f"CapabilityBoundingSet={bind}\n" + (f"AmbientCapabilities={bind}\n" if bind else "")
    known = {
        "user": user,
        "environment": _path(environment),
        "bihuan": _command(),
        "kept": _KEPT,
        "shut_in": _SHUT_IN.format(data=_quoted(str(settings.BIHUAN_DATA)), capabilities=capabilities),
    }
    return {UNIT: _UNIT.format(**known), BACKUP: _BACKUP.format(**known), TIMER: _TIMER}


def _owner() -> str:
    """Return who owns the data folder: the service must be able to write there."""
    try:
        return pwd.getpwuid(Path(settings.BIHUAN_DATA).stat().st_uid).pw_name
    except KeyError:
        return getpass.getuser()


def _command() -> str:
    command = Path(sys.executable).parent / "bihuan"
    if command.exists():
        return _quoted(str(command))
    return f"{_quoted(sys.executable)} -m bihuan.web.cli"


def _environment(environ: Mapping[str, str]) -> str:
    """Return the settings of now as lines for the unit; paths are made absolute, since it starts elsewhere."""
    known = {setting.name: environ.get(setting.name, "").strip() for setting in SETTINGS}
    paths = {
        "BIHUAN_DATA": settings.BIHUAN_DATA,
        "BIHUAN_TLS_CERTIFICATE": settings.BIHUAN_TLS_CERTIFICATE,
        "BIHUAN_TLS_KEY": settings.BIHUAN_TLS_KEY,
    }
    known |= {name: str(path) for name, path in paths.items() if path is not None}
    lines = [f'{name}="{_escaped(text)}"' for name, text in known.items() if text]
    return "\n".join([*lines, ""])


def _write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # The settings may hold the database's password.
        mode = 0o600 if name == ENVIRONMENT else 0o644
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        told = {"file": path, "reason": error.strerror or str(error)}
        raise Failure(_("%(file)s cannot be written: %(reason)s.") % told) from None


def _path(path: Path) -> str:
    """A path that stands alone behind its key, where systemd takes no quotes but specifiers."""
    return str(path).replace("%", "%%")


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'.replace("%", "%%")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
