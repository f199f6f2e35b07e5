"""Making Django and the ledger ready for a command that needs them, and saying what is missing where they are not."""

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation

from bihuan.web.environment import SettingProblem
from bihuan.web.secret import FILE_NAME

from .failure import Failure
from .words import _, say


def load_settings() -> None:
    """Load Django with this installation's settings. Raises `Failure` for a setting that is not understood."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.web.settings")
    try:
        django.setup()
    except SettingProblem as problem:
        raise Failure(say(problem.sentence)) from None
    except ImproperlyConfigured as problem:
        raise Failure(str(problem)) from None
    translation.activate(settings.LANGUAGE_CODE)


def open_ledger() -> None:
    """Load the settings and see that there is a ledger of this version. Raises `Failure` where there is none."""
    load_settings()
    refuse_no_ledger()
    if is_behind():
        raise Failure(_behind())


def refuse_no_ledger() -> None:
    """Raise `Failure` where no ledger has been made, or one of a later version, which this one would spoil."""
    if not (settings.BIHUAN_DATA / FILE_NAME).exists():
        raise Failure(
            _("There is no ledger in %(folder)s yet; make one with `bihuan init`.") % {"folder": settings.BIHUAN_DATA}
        )
    _refuse_lost()
    executor = MigrationExecutor(connection)
    if unknown := set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations):
        app, name = min(unknown)
        raise Failure(
            _("This ledger was brought up to date by a later version (%(step)s is not known here); install that one.")
            % {"step": f"{app}.{name}"}
        )


def _refuse_lost() -> None:
    """Refuse a database without tables: the key is made last, so there was a ledger once."""
    place = connection.settings_dict["NAME"]
    there = connection.vendor != "sqlite" or Path(place).exists()
    if not there or "ledger_event" not in connection.introspection.table_names():
        raise Failure(
            _(
                "The database %(place)s holds no ledger, although this data folder belongs to one: see "
                "BIHUAN_DATA and BIHUAN_DATABASE_URL, or restore a backup with `bihuan restore FILE --to FOLDER`."
            )
            % {"place": place}
        )


def see_mechanisms() -> None:
    """Read the mechanisms in force. Raises `Failure` if one of them, such as a city's own, is not closed."""
    # The ledger's modules can be imported only once Django is set up.
    from bihuan.ledger.packs import current
    from bihuan.mechanism.load import MechanismError

    try:
        current()
    except MechanismError as error:
        raise Failure(say(error.problems[0].sentence) + _(" `bihuan check` tells more.")) from None
    except ValueError as error:
        told = _("A mechanism in force is not closed (%(why)s); `bihuan check` tells more.")
        raise Failure(told % {"why": " ".join(str(error).split())[:200]}) from None


def is_behind() -> bool:
    """Whether the database lacks tables or columns of this version."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def bring_up_to_date() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def database_trouble(error: BaseException) -> str:
    """Return the sentence for an error of the database, which a person can act on."""
    try:
        behind = is_behind()
    except Error:
        behind = False
    if behind:
        return _behind()
    reason = " ".join(str(error).split()).rstrip(".")[:300]
    return _("The ledger's database cannot be used: %(reason)s.") % {"reason": reason}


def _behind() -> str:
    return _("The ledger was made by an earlier version; `bihuan upgrade` backs it up and brings it up to date.")
