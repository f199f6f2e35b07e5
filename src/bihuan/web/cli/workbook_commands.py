"""Commands for workbooks: export, split, merge, evidence."""

from pathlib import Path
from typing import Annotated

import typer

from .app import _do, app
from .options import As, AtStage, DryRun, Json, Mechanism, OfMechanism, OfUnit, Overdue
from .usage import Command
from .words import _


@app.command(
    cls=Command,
    help=_("Write matters into a workbook in the ledger's own columns; it can be brought in again unchanged."),
)
def export(
    out: Annotated[Path, typer.Option("--out", metavar="FILE.xlsx", help=_("The workbook to write; a new file."))],
    unit: OfUnit = "",
    mechanism: OfMechanism = "",
    stage: AtStage = "",
    overdue: Overdue = False,
    as_: As = "",
    json: Json = False,
) -> int:
    return _do("export", out=out, unit=unit, mechanism=mechanism, stage=stage, overdue=overdue, as_=as_, as_json=json)


@app.command(
    cls=Command,
    help=_("Make a workbook for every responsible unit with its open rows, to be filled in and sent back; and a zip."),
)
def split(
    mechanism: Mechanism,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help=_("The folder for the workbooks; made if there is none."))
    ],
    unit: Annotated[
        list[str] | None,
        typer.Option(
            "--unit", metavar=_("UNIT"), help=_("Only this unit (key or full name) and all below it; again for more.")
        ),
    ] = None,
    return_by: Annotated[
        str,
        typer.Option(
            "--return-by",
            metavar=_("DAY"),
            help=_("Day by which they are wanted back. Default: in five working days."),
        ),
    ] = "",
    as_: As = "",
    json: Json = False,
) -> int:
    return _do("split", mechanism=mechanism, out=out, units=unit or [], return_by=return_by, as_=as_, as_json=json)


@app.command(
    cls=Command,
    help=_("Bring in workbooks that units sent back: what they say anew is proposed, and applied only on the page."),
)
def merge(
    files: Annotated[list[Path], typer.Argument(metavar=_("FILES"), help=_("Workbooks, folders, zips of them."))],
    as_: As = "",
    dry_run: DryRun = False,
    json: Json = False,
) -> int:
    return _do("merge", files=files, as_=as_, dry_run=dry_run, as_json=json)


@app.command(
    cls=Command,
    help=_("Give the files of a zip or folder as evidence of the matters whose numbers their names carry."),
)
def evidence(
    source: Annotated[Path, typer.Argument(metavar=_("ZIP"), help=_("A zip or a folder of evidence."))],
    as_: As = "",
    dry_run: DryRun = False,
    json: Json = False,
) -> int:
    return _do("proofs", source=source, as_=as_, dry_run=dry_run, as_json=json)
