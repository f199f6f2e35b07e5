"""Commands for whoever runs the installation: backup, restore, upgrade, doctor, service, unlock, search."""

import os
from pathlib import Path
from typing import Annotated

import typer

from .app import _do, app
from .options import Json
from .usage import Command, Group
from .words import _

search = typer.Typer(cls=Group, rich_markup_mode=None, help=_("The index by which matters are found."))
app.add_typer(search, name="search")


@app.command(
    cls=Command,
    help=_("Write the whole ledger into one file while people go on working, and try it out. Ends with 1 if it fails."),
)
def backup(
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            metavar=_("PLACE"),
            help=_("The file, or an existing folder for it. Default: the folder backups of the data folder."),
        ),
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option("--keep", metavar="N", help=_("Afterwards delete all but the N newest backups beside it.")),
    ] = None,
    with_secret: Annotated[
        bool,
        typer.Option(
            "--with-secret", help=_("Put the key that signs sessions in too, so that nobody need sign in again.")
        ),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help=_("Say nothing where all is well."))] = False,
) -> int:
    return _do("backup", ledger=False, mechanisms=False, to=to, keep=keep, with_secret=with_secret, quiet=quiet)


@app.command(cls=Command, help=_("Make a ledger of a backup again, in an empty data folder, and verify it."))
def restore(
    file: Annotated[Path, typer.Argument(metavar=_("FILE"), help=_("The backup."))],
    to: Annotated[
        Path | None, typer.Option("--to", metavar=_("FOLDER"), help=_("The data folder, in place of BIHUAN_DATA."))
    ] = None,
) -> int:
    if to is not None:
        os.environ["BIHUAN_DATA"] = str(to)
    return _do("restore", ledger=False, mechanisms=False, file=file)


@app.command(
    cls=Command, help=_("Bring a ledger of an earlier version up to date: back it up, change its tables, verify it.")
)
def upgrade() -> int:
    return _do("upgrade", ledger=False, mechanisms=False)


@app.command(cls=Command, help=_("Let an account, or an address, try to sign in again after too many failures."))
def unlock(
    account: Annotated[str, typer.Argument(metavar=_("ACCOUNT"), help=_("The account."))] = "",
    address: Annotated[
        str, typer.Option("--address", metavar="IP", help=_("An address of the network, in place of an account."))
    ] = "",
) -> int:
    return _do("unlock", mechanisms=False, account=account, address=address)


@app.command(
    cls=Command,
    help=_("Say what is wrong with this installation, and what would be right. Ends with 1 if something is."),
)
def doctor(
    full: Annotated[
        bool, typer.Option("--full", help=_("Look at every file of evidence, not only the newest."))
    ] = False,
    json: Json = False,
) -> int:
    return _do("doctor", ledger=False, mechanisms=False, full=full, as_json=json)


@app.command(cls=Command, help=_("Print systemd units that run this installation and back it up every night."))
def service(
    user: Annotated[
        str, typer.Option("--user", metavar=_("NAME"), help=_("Who runs it. Default: the owner of the data folder."))
    ] = "",
    write: Annotated[
        Path | None,
        typer.Option("--write", metavar=_("FOLDER"), help=_("Write them, and the settings of now, into this folder.")),
    ] = None,
) -> int:
    return _do("service", mechanisms=False, user=user, write_to=write)


@search.command(
    cls=Command, help=_("Make the index of texts anew, where a search does not find what stands in a matter.")
)
def rebuild() -> int:
    return _do("search_rebuild")
