"""Fixtures for every test. The database and the data folder are chosen before Django reads its settings."""

import fcntl
import gc
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import django
import pytest

import chromium
import engines
import examples
from installation import Installation
from triggers import lift_for_flush

DATABASE_FIXTURES = {
    *("db", "transactional_db", "django_db_setup", "live_server"),
    *("installation", "begun", "demonstrated"),
}

# An exported DJANGO_SETTINGS_MODULE is read before this file: the tests would write into the caller's own installation.
if (exported := os.environ.get("DJANGO_SETTINGS_MODULE", "django_settings")) != "django_settings":
    raise pytest.UsageError(f"DJANGO_SETTINGS_MODULE is {exported}; unset it, the tests have settings of their own")
engines.prepare()
os.environ["DJANGO_SETTINGS_MODULE"] = "django_settings"
# The browser driver keeps an event loop in the test's thread, where Django would then refuse to query.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
django.setup()

examples.load_profile()

# What Django and the mechanisms are made of stays until the end: no use looking through it again and again.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what touches the database or a browser, and leave out claims about the other engine."""
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[engines.chosen()]
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & DATABASE_FIXTURES or item.get_closest_marker("django_db"):
            item.add_marker("databases")
        if "browser" in fixtures:
            item.add_marker("browser")
            # What a page does in front of somebody is no matter of the engine; the writes that it sends have tests
            # without a browser, and those run on both.
            item.add_marker("either_engine")
    foreign = [item for item in items if item.get_closest_marker(other)]
    if foreign:
        config.hook.pytest_deselected(items=foreign)
        items[:] = [item for item in items if item not in foreign]
    # Files with a long test begin first, so that no worker is left with one when the others have ended.
    early = {item.path for item in items if item.get_closest_marker("long")}
    items.sort(key=lambda item: item.path not in early)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    from django.db import connection

    with django_db_blocker.unblock():
        lift_for_flush(connection)
    yield
    # A thread of the served pages may still hold its connection, and PostgreSQL drops no database in use.
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock():
            engines.end_other_sessions(connection)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """An empty installation on the engine under test; `installation.run("init")` makes its ledger."""
    with _placed(tmp_path / "data") as placed:
        yield placed


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation whose ledger is made, once for all tests of a worker: they get copies of it."""
    with _placed(tmp_path_factory.mktemp("begun") / "data") as placed:
        ran = placed.run("init")
        assert ran.returncode == 0, ran.stderr
        yield placed


@pytest.fixture(scope="session")
def demonstrated() -> Installation:
    """An installation with the demonstration city, built once for all workers: a test gets a copy of it."""
    folder = Path(os.environ["BIHUAN_TEST_FOLDER"])
    first = Installation(folder / "demonstrated" / "data", engines.address("demonstrated"))
    with (folder / "demonstrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not first.data.exists():
            first.data.parent.mkdir()
            if first.database_url:
                engines.make_database("demonstrated")
            ran = first.run("init", "--demo", timeout=600)
            assert ran.returncode == 0, ran.stderr
    return first


@pytest.fixture(scope="session")
def copied() -> Callable[..., AbstractContextManager[Installation]]:
    """Return `copied(installation, data)`: a copy of an installation, while none of its commands runs."""

    @contextmanager
    def copy(first: Installation, data: Path) -> Iterator[Installation]:
        shutil.copytree(first.data, data)
        with _placed(data, template=first.database_name or "template1") as placed:
            yield placed

    return copy


@pytest.fixture
def installed(begun: Installation, copied: Any, tmp_path: Path) -> Iterator[Installation]:
    """An installation of the test's own with an empty ledger and its first clerk, as `init` makes it."""
    with copied(begun, tmp_path / "data") as placed:
        yield placed


@contextmanager
def _placed(data: Path, *, template: str = "template1") -> Iterator[Installation]:
    if engines.chosen() == "sqlite":
        yield Installation(data=data)
        return
    name = f"installation_{uuid.uuid4().hex}"
    yield Installation(data=data, database_url=engines.make_database(name, template=template))
    engines.drop_database(name)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A running Chromium. A machine without one fails the test, it does not skip it."""
    try:
        chromium.executable()
    except LookupError as missing:
        pytest.fail(str(missing))
    with chromium.running() as running:
        yield running


@pytest.fixture
def watch() -> Iterator[chromium.Watch]:
    """Fails the test afterwards if a page asked another machine for anything, or the browser complained."""
    watching = chromium.Watch()
    yield watching
    if watching.verdict():
        pytest.fail(watching.verdict())


@pytest.fixture
def open_page(browser: Any, watch: chromium.Watch) -> Iterator[Callable[..., Any]]:
    """Open a page for one more person, each with cookies of their own: `open_page(locale="en-GB")`."""
    pages = []

    def open_one(**options: Any) -> Any:
        pages.append(chromium.open_page(browser, watch, **options))
        return pages[-1]

    yield open_one
    for page in pages:
        page.context.close()


@pytest.fixture
def page(open_page: Callable[..., Any]) -> Any:
    """One watched page, in Chinese, on a desk-sized window."""
    return open_page()
