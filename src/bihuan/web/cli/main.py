"""The entry point: runs a command and turns whatever goes wrong into one line and an exit code."""

import logging
import sys
from collections.abc import Sequence

import typer

from . import city_commands, installation_commands, reading_commands, workbook_commands  # noqa: F401  (their commands join the app)
from .app import app
from .failure import Failure
from .output import make_safe, note
from .usage import complaint
from .words import _


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `bihuan` with `arguments` (default: those of the process) and return its exit code."""
    make_safe()
    try:
        code = app(args=arguments, prog_name="bihuan", standalone_mode=False)
    except Failure as failure:
        note(failure.text)
        return failure.code
    except typer.TyperException as error:
        note(complaint(error))
        return error.exit_code
    except typer.Abort:
        note(_("Stopped."))
        return 130
    except Exception as error:
        return _unexpected(error)
    return code if isinstance(code, int) else 0


def _unexpected(error: Exception) -> int:
    # Only a command that has loaded Django can fail with its errors; help must not load it to look.
    database = sys.modules.get("django.db")
    if database is not None and isinstance(error, database.Error):
        from .opening import database_trouble

        logging.getLogger(__name__).error("the database failed", exc_info=error)
        note(database_trouble(error))
        return 2
    logging.getLogger(__name__).critical("a command failed", exc_info=error)
    note(
        _("This should not have happened: %(error)s. The details are in the log file in the data folder's logs/.")
        % {"error": " ".join(f"{type(error).__name__}: {error}".split())[:200]}
    )
    return 1
