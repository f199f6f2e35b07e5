"""An installation of its own for one test: a data folder, a database, and `bihuan` run on them."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

COMMAND = Path(sys.executable).parent / "bihuan"


@dataclass(frozen=True)
class Installation:
    """`data` is its folder, `database_url` its PostgreSQL (empty on SQLite)."""

    data: Path
    database_url: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def database_name(self) -> str:
        """The name of its PostgreSQL database, empty on SQLite."""
        return urlsplit(self.database_url).path.removeprefix("/")

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which its commands run; without a time zone or language of the machine."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("BIHUAN_", "DJANGO_"))}
        url = {"BIHUAN_DATABASE_URL": self.database_url} if self.database_url else {}
        return {**kept, "BIHUAN_DATA": str(self.data), **url, **self.extra}

    def run(
        self, *arguments: str | Path, stdin: str | None = None, timeout: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """Run `bihuan` with the arguments; the caller looks at returncode, stdout and stderr."""
        return subprocess.run(
            [COMMAND, *map(str, arguments)],
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
            cwd=self.data.parent,
        )

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Start `bihuan` without waiting, for a test that talks to it or kills it; the test must end it.

        It leads a process group of its own, as in a terminal, so that a test can press Ctrl-C:
        `os.killpg(process.pid, signal.SIGINT)` reaches its children too.
        """
        return subprocess.Popen(
            [COMMAND, *map(str, arguments)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.data.parent,
            process_group=0,
        )
