"""`bihuan search rebuild`: the index of texts made anew from the matters."""

from bihuan.ledger.search_index import finish, rebuild

from .output import bar, write
from .words import _


def run() -> int:
    with bar(_("Indexing"), quiet=False) as move:
        matters = rebuild()
        finish(move)
    write(_("%(count)d matters are in the index, made anew from their texts.") % {"count": matters})
    return 0
