"""`bihuan registers`: the lists that matters refer to, in and out."""

from pathlib import Path

from django.db.models import Count

from bihuan.directory.models import Register
from bihuan.directory.register_files import import_entries
from bihuan.directory.tables import BadFile, read_tables

from .output import table, write_json
from .units import refuse, told
from .words import _


def run(*, file: Path | None = None, register: str = "", zh: str = "", en: str = "", as_json: bool = False) -> int:
    if file is None:
        return _list(as_json)
    try:
        return told(import_entries(read_tables(file), register=register, name_zh=zh, name_en=en), as_json)
    except BadFile as bad:
        return refuse(bad, file)


def _list(as_json: bool) -> int:
    counted = Register.objects.annotate(number=Count("entries")).order_by("key")
    if as_json:
        write_json(
            {
                "registers": [
                    {"key": each.key, "name_zh": each.name_zh, "name_en": each.name_en, "entries": each.number}
                    for each in counted
                ]
            }
        )
        return 0
    rows = ([each.key, str(each.number), each.name_zh, each.name_en] for each in counted)
    table([_("Key"), _("Entries"), _("Name"), _("English name")], [20, 8, 30, 30], rows)
    return 0
