"""The command for official text: read."""

from pathlib import Path
from typing import Annotated

import typer

from .app import _do, app
from .options import Json
from .usage import Command
from .words import _


@app.command(
    cls=Command,
    help=_("Read minutes, a notice or a newspaper page, and propose the matters it asks for; nothing is registered."),
)
def read(
    file: Annotated[Path, typer.Argument(metavar=_("FILE"), help=_("The text: .txt or .docx."))],
    day: Annotated[
        str,
        typer.Option(
            "--day",
            metavar=_("DAY"),
            help=_("Day of the text, from which 年底前 and the like count. Default: what the text itself says."),
        ),
    ] = "",
    json: Json = False,
) -> int:
    return _do("reading", file=file, day=day, as_json=json)
