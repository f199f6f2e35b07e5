"""What a person chose for the Ledger, kept for them on whatever machine they sign in."""

from collections.abc import Sequence

from bihuan.directory.models import Account

from ..models import GridChoice, SavedView
from .columns import NARROWEST, WIDEST, Column

#: The most widths that are kept for a person; a mechanism has some dozens of fields.
_MOST = 400


def choice_of(account: Account) -> GridChoice:
    """Return what the person chose, or the usual where they never did."""
    found = GridChoice.objects.filter(account=account).select_related("view").first()
    return found or GridChoice(account=account)


def width_of(column: Column, choice: GridChoice) -> int:
    """Return the column's width in pixels."""
    kept = choice.widths.get(column.key)
    return kept if isinstance(kept, int) else column.width


def keep_widths(account: Account, widths: dict[str, int]) -> None:
    """Keep the widths of some columns, those of the others as they were."""
    choice, _ = GridChoice.objects.get_or_create(account=account)
    choice.widths = dict(list((choice.widths | _within(widths)).items())[-_MOST:])
    choice.save(update_fields=["widths"])


def keep_columns(account: Account, keys: Sequence[str], view: SavedView | None) -> None:
    """Keep which columns are shown: in the view, where it is the person's own, else for every list without one."""
    if view and view.account_id == account.pk:
        view.columns = list(keys)
        view.save(update_fields=["columns"])
        return
    choice, _ = GridChoice.objects.get_or_create(account=account)
    choice.columns = list(keys)
    choice.save(update_fields=["columns"])


def keep_density(account: Account, *, dense: bool) -> None:
    choice, _ = GridChoice.objects.get_or_create(account=account)
    choice.dense = dense
    choice.save(update_fields=["dense"])


def _within(widths: dict[str, int]) -> dict[str, int]:
    return {key: min(max(width, NARROWEST), WIDEST) for key, width in widths.items()}
