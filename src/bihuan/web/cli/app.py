"""The commands with their words and help. What each one does lies in the module that it names.

Those modules are imported only when their command runs: `bihuan --help` must not wait for Django, the ledger
and the workbook reader.
"""

import os
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from .options import As, AtStage, DryRun, Json, MatterArgument, Mechanism, OfMechanism, OfUnit, Overdue
from .usage import Command, Group
from .words import _

app = typer.Typer(cls=Group, rich_markup_mode=None, add_completion=False, no_args_is_help=False)
units = typer.Typer(cls=Group, rich_markup_mode=None, help=_("The units of the organisation."))
people = typer.Typer(cls=Group, rich_markup_mode=None, help=_("People, their posts and passwords."))
app.add_typer(units, name="units")
registers = typer.Typer(cls=Group, rich_markup_mode=None, help=_("The lists that matters refer to."))
app.add_typer(registers, name="registers")
app.add_typer(people, name="people")


def _do(module: str, *, ledger: bool = True, mechanisms: bool = True, **given: Any) -> int:
    """Run the command that lies in `module` of this package; `ledger` and `mechanisms` say what it needs."""
    opening = import_module(".opening", __package__)
    (opening.open_ledger if ledger else opening.load_settings)()
    if mechanisms:
        opening.see_mechanisms()
    code: int = import_module(f".{module}", __package__).run(**given) or 0
    return code


@app.callback(invoke_without_command=True, help=_("Bihuan: every matter has an owner, a date, and a verified end."))
def bihuan(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", help=_("Print the version and end."))] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        print(installed("bihuan"))
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        print(ctx.get_help())


@app.command(cls=Command, help=_("Make a ledger in the data folder (BIHUAN_DATA), with the one clerk's post."))
def init(
    demo: Annotated[bool, typer.Option("--demo", help=_("Fill it with an invented city to try things on."))] = False,
) -> int:
    return _do("init", ledger=False, demo=demo)


@app.command(cls=Command, help=_("Serve the pages on this machine until it is stopped with Ctrl-C."))
def serve(
    host: Annotated[
        str, typer.Option("--host", metavar=_("ADDRESS"), help=_("Address to listen on, in place of BIHUAN_HOST."))
    ] = "",
    port: Annotated[
        int, typer.Option("--port", metavar=_("PORT"), help=_("Port to listen on, in place of BIHUAN_PORT."))
    ] = 0,
) -> int:
    # The server's workers are processes of their own, and read the settings from the environment.
    os.environ.update({name: text for name, text in (("BIHUAN_HOST", host), ("BIHUAN_PORT", str(port or ""))) if text})
    return _do("serve", ledger=False)


@app.command(
    cls=Command,
    help=_(
        "Prove mechanisms closed: those in force, or those of a file, a key or a folder. Ends with 0 only if all are."
    ),
)
def check(
    what: Annotated[
        str, typer.Argument(metavar=_("WHAT"), help=_("A mechanism file, the key of one in force, or a folder."))
    ] = "",
    directory: Annotated[
        bool,
        typer.Option(
            "--directory", help=_("Also prove that every role and rung has somebody in today's organisation.")
        ),
    ] = False,
    diagram: Annotated[
        Path | None, typer.Option("--diagram", metavar="OUT.svg", help=_("Draw the one mechanism into this file."))
    ] = None,
    json: Json = False,
) -> int:
    return _do(
        "check", ledger=directory, mechanisms=False, what=what, directory=directory, diagram=diagram, as_json=json
    )


@app.command(
    "import", cls=Command, help=_("Bring in a ledger: the rows that are understood, the others wait in the tray.")
)
def import_(
    file: Annotated[Path, typer.Argument(metavar=_("FILE"), help=_("The ledger: .xlsx, .xls or .csv."))],
    mechanism: Mechanism,
    sheet: Annotated[
        str,
        typer.Option(
            "--sheet", metavar=_("NAME"), help=_("Read this sheet only. Default: every sheet that holds a ledger.")
        ),
    ] = "",
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--mapping", metavar="M.toml", help=_("Which column is which field, in place of what the headers say.")
        ),
    ] = None,
    reference_day: Annotated[
        str,
        typer.Option(
            "--reference-day",
            metavar=_("DAY"),
            help=_("Day that supplies a year which is not written. Default: today."),
        ),
    ] = "",
    as_: As = "",
    dry_run: DryRun = False,
    json: Json = False,
) -> int:
    return _do(
        "intake", file=file, mechanism=mechanism, sheet=sheet, mapping=mapping, reference_day=reference_day,
        as_=as_, dry_run=dry_run, as_json=json,
    )  # fmt: skip


@app.command("list", cls=Command, help=_("List matters, by their deadline."))
def list_(
    unit: OfUnit = "",
    mechanism: OfMechanism = "",
    stage: AtStage = "",
    overdue: Overdue = False,
    as_: As = "",
    json: Json = False,
) -> int:
    return _do("listing", unit=unit, mechanism=mechanism, stage=stage, overdue=overdue, as_=as_, as_json=json)


@app.command(cls=Command, help=_("Show one matter: where it stands, who may do what next, and its whole history."))
def show(matter: MatterArgument, as_: As = "", json: Json = False) -> int:
    return _do("show", matter=matter, as_=as_, as_json=json)


@app.command(cls=Command, help=_("Do an action on a matter. Ends with 3 when a rule refuses it, and names the rule."))
def act(
    matter: MatterArgument,
    action: Annotated[
        str,
        typer.Argument(metavar=_("ACTION"), help=_("The key of the action; `bihuan show` lists those that are open.")),
    ],
    as_: As = "",
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="F=V",
            help=_(
                "Field and value; again for more. Money in yuan (or with 万元), days as 2026-06-30, "
                "units by key or full name."
            ),
        ),
    ] = None,
    evidence: Annotated[
        list[Path] | None,
        typer.Option("--evidence", metavar=_("FILE"), help=_("A file that proves it; again for more.")),
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", metavar=_("TEXT"), help=_("The reason, where the action asks for one."))
    ] = "",
    for_: Annotated[
        str,
        typer.Option(
            "--for",
            metavar=_("UNIT"),
            help=_("Enter it on behalf of this unit, with the scan of what it said as evidence."),
        ),
    ] = "",
    entry: Annotated[
        str,
        typer.Option(
            "--entry", metavar=_("ENTRY"), help=_("Correct this entry of the record group, in place of adding one.")
        ),
    ] = "",
    version: Annotated[
        int | None, typer.Option("--version", metavar="N", help=_("Refuse if the matter is no longer at this version."))
    ] = None,
    json: Json = False,
) -> int:
    return _do(
        "act", matter=matter, action=action, as_=as_, given=set_ or [], evidence=evidence or [], reason=reason,
        behalf=for_, entry=entry, version=version, as_json=json,
    )  # fmt: skip


@app.command(cls=Command, help=_("Walk the chains: is every event as it was written? Ends with 1 when one is broken."))
def verify(
    matter: Annotated[str, typer.Argument(metavar=_("MATTER"), help=_("One matter. Default: the whole ledger."))] = "",
    files: Annotated[bool, typer.Option("--files", help=_("Also read every stored file of evidence."))] = False,
    json: Json = False,
) -> int:
    return _do("verify", matter=matter, files=files, as_json=json)


@app.command(
    cls=Command, help=_("Erase personal values from a matter, with ground and approval; the chain stays whole.")
)
def redact(
    matter: MatterArgument,
    slot: Annotated[
        list[str] | None,
        typer.Option("--slot", metavar="V:SLOT", help=_("Event version and place of a value; again for more.")),
    ] = None,
    ground: Annotated[
        str, typer.Option("--ground", metavar=_("TEXT"), help=_("The legal ground on which it is erased."))
    ] = "",
    as_: As = "",
    approver: Annotated[
        str, typer.Option("--approver", metavar=_("POST"), help=_("The post of the other person who approves."))
    ] = "",
    list_: Annotated[bool, typer.Option("--list", help=_("List what can be erased, and erase nothing."))] = False,
    json: Json = False,
) -> int:
    return _do(
        "redact",
        matter=matter,
        slots=slot or [],
        ground=ground,
        as_=as_,
        approver=approver,
        listing=list_,
        as_json=json,
    )


_UnitFile = Annotated[Path, typer.Argument(metavar=_("FILE"), help=_("The file: .csv, .xlsx or .xls."))]


@units.command(
    "import",
    cls=Command,
    help=_("Bring in units: columns name, short_names (separated by |), level (1 is the top), parent."),
)
def import_units(file: _UnitFile, json: Json = False) -> int:
    return _do("units", mechanisms=False, file=file, as_json=json)


@units.command("list", cls=Command, help=_("List the units of today."))
def list_units(json: Json = False) -> int:
    return _do("units", mechanisms=False, as_json=json)


@registers.command("import", cls=Command, help=_("Bring in the entries of a register: columns key, name, note, until."))
def import_register(
    file: _UnitFile,
    register: Annotated[str, typer.Option("--register", metavar=_("KEY"), help=_("The register's key."))],
    zh: Annotated[str, typer.Option("--zh", metavar=_("TEXT"), help=_("The Chinese name of a new register."))] = "",
    en: Annotated[str, typer.Option("--en", metavar=_("TEXT"), help=_("The English name of a new register."))] = "",
    json: Json = False,
) -> int:
    return _do("registers", mechanisms=False, file=file, register=register, zh=zh, en=en, as_json=json)


@registers.command("list", cls=Command, help=_("List the registers with the number of their entries."))
def list_registers(json: Json = False) -> int:
    return _do("registers", mechanisms=False, as_json=json)


@people.command(
    "import",
    cls=Command,
    help=_("Bring in people and posts: columns account, name, unit, post, role, from, to, and portfolio where wanted."),
)
def import_people(file: _UnitFile, json: Json = False) -> int:
    return _do("people", file=file, as_json=json)


@people.command("list", cls=Command, help=_("List the posts of today, with the keys that --as takes."))
def list_people(json: Json = False) -> int:
    return _do("people", as_json=json)


@people.command(cls=Command, help=_("Give somebody a new random password, and print it once."))
def password(account: Annotated[str, typer.Argument(metavar=_("ACCOUNT"), help=_("The account."))]) -> int:
    return _do("people", mechanisms=False, password=account)
