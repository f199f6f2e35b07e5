"""Commands for one's own city: units, people, the demonstration."""

from typing import Annotated

import typer

from .app import _do, app, people, units
from .options import As, Json
from .usage import Command, Group
from .words import _

demo = typer.Typer(cls=Group, rich_markup_mode=None, help=_("The demonstration city."))
app.add_typer(demo, name="demo")

_Unit = Annotated[str, typer.Argument(metavar=_("UNIT"), help=_("The unit: its key, or its full name."))]
_From = Annotated[
    str,
    typer.Option("--from", metavar=_("DAY"), help=_("The first day on which it holds, as 2026-06-30. Default: today.")),
]
_Reason = Annotated[str, typer.Option("--reason", metavar=_("TEXT"), help=_("Reason or document, for the record."))]


@units.command("rename", cls=Command, help=_("Give a unit another name from a day on; the old one stays a short name."))
def rename_unit(
    unit: _Unit,
    name: Annotated[str, typer.Option("--name", metavar=_("NAME"), help=_("The new full name."))],
    from_: _From = "",
    reason: _Reason = "",
) -> int:
    return _do("unit_changes", what="rename", unit=unit, name=name, day=from_, reason=reason)


@units.command("move", cls=Command, help=_("Put a unit, with all below it, under another one from a day on."))
def move_unit(
    unit: _Unit,
    under: Annotated[
        str,
        typer.Option("--under", metavar=_("UNIT"), help=_("The new superior unit. Default: none, it stands on top.")),
    ] = "",
    from_: _From = "",
    reason: _Reason = "",
) -> int:
    return _do("unit_changes", what="move", unit=unit, name=under, day=from_, reason=reason)


@units.command("merge", cls=Command, help=_("Let a unit end and another take over all that is open, from a day on."))
def merge_unit(
    unit: _Unit,
    into: Annotated[str, typer.Option("--into", metavar=_("UNIT"), help=_("The unit that takes it over."))],
    end_posts: Annotated[
        bool, typer.Option("--end-posts", help=_("End its posts too, in place of moving them to the successor."))
    ] = False,
    from_: _From = "",
    reason: _Reason = "",
) -> int:
    return _do("unit_changes", what="merge", unit=unit, name=into, day=from_, reason=reason, end_posts=end_posts)


@units.command("end", cls=Command, help=_("End a unit that nobody takes over; refused while anything is open there."))
def end_unit(unit: _Unit, from_: _From = "", reason: _Reason = "") -> int:
    return _do("unit_changes", what="end", unit=unit, day=from_, reason=reason)


@people.command(
    "hand-over",
    cls=Command,
    help=_("Let somebody else hold a post from a day on; without --to, say what is open there."),
)
def hand_over(
    post: Annotated[str, typer.Argument(metavar=_("POST"), help=_("The post's key; `bihuan people list` shows them."))],
    to: Annotated[str, typer.Option("--to", metavar=_("ACCOUNT"), help=_("The account of the successor."))] = "",
    from_: _From = "",
    keep_names: Annotated[
        bool, typer.Option("--keep-names", help=_("Leave the old holder's name where open matters name a person."))
    ] = False,
    reason: _Reason = "",
) -> int:
    return _do("post_changes", post=post, to=to, day=from_, keep_names=keep_names, reason=reason)


@people.command(
    "end-post", cls=Command, help=_("End a post that nobody takes over; a role is not left empty in silence.")
)
def end_post(
    post: Annotated[str, typer.Argument(metavar=_("POST"), help=_("The post's key; `bihuan people list` shows them."))],
    from_: _From = "",
    even_so: Annotated[
        bool,
        typer.Option("--even-so", help=_("Also where nobody is left; then whoever supervises enters for the unit.")),
    ] = False,
    reason: _Reason = "",
) -> int:
    return _do("post_changes", post=post, day=from_, ending=True, even_so=even_so, reason=reason)


@people.command(
    "redact",
    cls=Command,
    help=_("Erase names and reasons from the record of changes, with ground and approval; the record stays whole."),
)
def redact_record(
    slot: Annotated[
        list[str] | None,
        typer.Option("--slot", metavar="N:SLOT", help=_("Entry of the record and place of a value; again for more.")),
    ] = None,
    person: Annotated[
        str, typer.Option("--person", metavar=_("ACCOUNT"), help=_("With --list: only entries about this account."))
    ] = "",
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
        "people_redact", slots=slot or [], person=person, ground=ground, as_=as_, approver=approver, listing=list_,
        as_json=json,
    )  # fmt: skip


@demo.command(
    "drop", cls=Command, help=_("Throw the demonstration away; what is left is an empty ledger with the first clerk.")
)
def drop(
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask for the ledger's name first."))] = False,
    losing: Annotated[
        int,
        typer.Option(
            "--losing", metavar="N", help=_("Also lose what was added to the demonstration: exactly N things.")
        ),
    ] = 0,
) -> int:
    return _do("demo_drop", yes=yes, losing=losing)
