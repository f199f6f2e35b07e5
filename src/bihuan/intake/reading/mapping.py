"""A mapping of fields to columns, as it is saved and edited: TOML with one line for each field.

[columns]
finding_no = "问题编号"
reason = ""            # not in this file
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from bihuan.intake.reading.layout import Layout
from bihuan.intake.reading.refusal import refuse
from bihuan.mechanism.sentence import N_

_LARGEST = 65_536


def load_mapping(path: Path, *, layout: Layout) -> dict[str, str]:
    """Read a mapping. Raises `Refusal` naming the file and what is wrong in it."""
    try:
        if path.stat().st_size > _LARGEST:
            raise refuse(
                N_("The mapping %(file)s is too large to be one; it holds one line for each field."), file=path.name
            )
        text = path.read_text(encoding="utf-8-sig")
        tables = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise refuse(
            N_("The mapping %(file)s cannot be read: %(error)s. It must be TOML with a table [columns]."),
            file=path.name,
            error=str(error),
        ) from error
    columns = tables.get("columns")
    if not isinstance(columns, dict) or set(tables) != {"columns"}:
        raise refuse(
            N_('The mapping %(file)s must hold one table [columns], with a line field = "column" for each field.'),
            file=path.name,
        )
    return check_mapping(columns, layout=layout)


def check_mapping(columns: Mapping[str, object], *, layout: Layout) -> dict[str, str]:
    """Return the mapping as {field: label}; raises `Refusal` for an unknown field or a label that is no text.

    Two fields may share a column: a ledger often has one column for the audited unit and the responsible one.
    """
    known = (*layout.wanted.keys, *layout.anchors)
    for key, label in columns.items():
        if key not in known:
            raise refuse(
                N_(
                    "The mapping names the field “%(field)s”, which does not exist; a field is one of %(known)s "
                    "and so on."
                ),
                field=key,
                known=", ".join(layout.wanted.keys[:5]),
            )
        if not isinstance(label, str):
            raise refuse(
                N_('The mapping of “%(field)s” must be the label of a column in quotes, or "" for none.'), field=key
            )
    return {key: str(label) for key, label in columns.items()}


def dump_mapping(mapping: Mapping[str, str], *, layout: Layout) -> str:
    """Write a mapping as TOML, with a line for every field: those that have no column are given ''."""
    lines = [f"{key} = {_quote(mapping.get(key, ''))}" for key in (*layout.wanted.keys, *layout.anchors)]
    return "[columns]\n" + "\n".join(lines) + "\n"


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped) + '"'
