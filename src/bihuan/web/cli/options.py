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

#: By what a list is narrowed, alike wherever one is asked for.
OfUnit = Annotated[
    str,
    typer.Option("--unit", metavar=_("UNIT"), help=_("Only those of this unit (key or full name) and all below it.")),
]
OfMechanism = Annotated[
    str, typer.Option("--mechanism", metavar=_("KEY"), help=_("Only those that follow this mechanism."))
]
AtStage = Annotated[
    str, typer.Option("--stage", metavar=_("STAGE"), help=_("Only those that stand at this stage (key or name)."))
]
Overdue = Annotated[bool, typer.Option("--overdue", help=_("Only open ones whose deadline has passed."))]
DryRun = Annotated[bool, typer.Option("--dry-run", help=_("Say what would happen, and write nothing."))]
