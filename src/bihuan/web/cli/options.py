"""Options that several commands share."""

from typing import Annotated

import typer

from .words import _

MatterArgument = Annotated[
    str, typer.Argument(metavar=_("MATTER"), help=_("The matter: its number, its id, or its finding number if unique."))
]
As = Annotated[
    str,
    typer.Option(
        "--as",
        metavar=_("POST"),
        help=_("The post that looks or acts: its key, an account with one post, or unit/title. Default: the clerk's."),
    ),
]
Json = Annotated[bool, typer.Option("--json", help=_("Print one JSON object and nothing else."))]
Mechanism = Annotated[str, typer.Option("--mechanism", metavar=_("KEY"), help=_("The key of the mechanism."))]
