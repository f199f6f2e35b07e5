"""Keep the message catalogues in step with the sources: extract, update, compile.

Each module of the package has its own, `<module>/locale/zh_Hans/LC_MESSAGES/django.po`. Python files and
templates are read without GNU gettext, so nothing but Python is needed.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "bihuan"
LOCALE = "zh_Hans"
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def modules() -> list[Path]:
    """Return the folder of every module that has messages or a catalogue."""
    folders = sorted(path for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__")
    return [folder for folder in folders if po_path(folder).exists() or extracted(folder)]


def po_path(module: Path) -> Path:
    return module / "locale" / LOCALE / "LC_MESSAGES" / "django.po"


def mo_path(module: Path) -> Path:
    return po_path(module).with_suffix(".mo")


def extracted(module: Path) -> Catalog:
    """Return the messages that the module's Python files and templates name."""
    catalogue = Catalog()
    for path in sorted(module.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or "static" in path.parts:
            continue
        for line, text, comments, context in _messages(path):
            place = (str(path.relative_to(PACKAGE)), line)
            catalogue.add(text, locations=[place], auto_comments=comments, context=context)
    return catalogue


def _messages(path: Path) -> Iterator[tuple]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        if "templates" not in path.parts:
            return
        source = templatize(source, origin=str(path))
    yield from extract("python", io.BytesIO(source.encode()), KEYWORDS, ["Translators:"])


def written(module: Path) -> Catalog:
    """Return the module's catalogue as it is written, an empty one when there is none."""
    path = po_path(module)
    if not path.exists():
        return Catalog(locale=LOCALE, project="Bihuan", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE)


def compiled(module: Path) -> Catalog:
    with mo_path(module).open("rb") as file:
        return read_mo(file)


def bring_in_step(module: Path) -> int:
    """Add what is new, drop what is gone, compile; return how many messages still want a translation."""
    catalogue = written(module)
    dated = catalogue.creation_date
    catalogue.update(extracted(module), no_fuzzy_matching=True)
    catalogue.creation_date = dated  # a date that changes with every run would make every run a change
    path = po_path(module)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, no_location=True, sort_output=True, ignore_obsolete=True, width=110)
    with mo_path(module).open("wb") as file:
        write_mo(file, catalogue)
    return sum(1 for message in catalogue if message.id and not message.string)


if __name__ == "__main__":
    missing = {module.name: bring_in_step(module) for module in modules()}
    for name, count in missing.items():
        print(f"{name}: {count} to translate" if count else f"{name}: complete")
    sys.exit(any(missing.values()))
