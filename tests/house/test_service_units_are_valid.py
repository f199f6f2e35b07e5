"""The systemd units that `bihuan service` writes are ones that systemd takes, with paths that have blanks in them."""

import shutil
import subprocess
from pathlib import Path

import pytest

from installation import Installation

pytestmark = pytest.mark.sqlite


def test_units_are_written_with_the_settings_of_now_and_verified(tmp_path: Path) -> None:
    extra = {"BIHUAN_LANGUAGE": "en", "BIHUAN_PORT": "443", "BIHUAN_SESSION_HOURS": "8"}
    place = Installation(data=tmp_path / "a 100% data", extra=extra)
    assert place.run("init").returncode == 0
    printed = place.run("service")
    assert printed.returncode == 0 and "[Timer]" in printed.stdout and "CAP_NET_BIND_SERVICE" in printed.stdout
    for plain, wanted in (("80", True), ("8080", False), ("0", False)):
        other = Installation(data=place.data, extra={**extra, "BIHUAN_PORT": "8443", "BIHUAN_REDIRECT_PORT": plain})
        assert ("CAP_NET_BIND_SERVICE" in other.run("service").stdout) is wanted

    assert place.run("service", "--write", tmp_path / "units", "--user", "daemon").returncode == 0
    unit = (tmp_path / "units" / "bihuan.service").read_text()
    assert "User=daemon" in unit and f'ReadWritePaths="{tmp_path}/a 100%% data"' in unit
    environment = tmp_path / "units" / "bihuan.env"
    assert environment.stat().st_mode & 0o077 == 0
    assert f'BIHUAN_DATA="{place.data}"' in environment.read_text()
    assert 'BIHUAN_SESSION_HOURS="8"' in environment.read_text()
    if shutil.which("systemd-analyze"):
        units = sorted(str(path) for path in (tmp_path / "units").glob("bihuan*.[st]*"))
        verified = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
        ours = [line for line in verified.stderr.splitlines() if "bihuan" in line]
        assert (verified.returncode, ours) == (0, [])
