"""The one loader of packs: mechanism files shipped with the product, and a city's own in place of them.

A file in the folder `packs` of the data folder replaces the shipped mechanism of the same key: so terms,
limits and rungs are set locally without touching the product.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from django.conf import settings

from bihuan.mechanism.load import load
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.prove import prove

from .models import MechanismText

#: Files of a pack that are not mechanisms.
_OTHER = frozenset({"intake.toml", "walks.toml", "samples.toml"})


def mechanism_files(folder: Traversable | Path | None = None) -> Iterator[tuple[str, str]]:
    """Yield (name, text) of every mechanism file below `folder`, by default of the shipped packs in their order."""
    if folder is None:
        packs = files("bihuan.packs")
        for name in tomllib.loads(packs.joinpath("order.toml").read_text(encoding="utf-8"))["packs"]:
            yield from mechanism_files(packs.joinpath(name))
        return
    for entry in sorted(folder.iterdir(), key=lambda each: (each.name != "mechanism.toml", each.name)):
        if entry.is_dir() and not entry.name.startswith(("_", ".")):
            yield from mechanism_files(entry)
        elif _is_mechanism(entry.name):
            yield entry.name, entry.read_text(encoding="utf-8")


@cache
def _loaded(text: str, name: str) -> Mechanism:
    """Read a mechanism once: whose file is in force is asked before it is used, and every command begins with that."""
    return load(text, name=name)


@cache
def current() -> Mapping[str, Mechanism]:
    """Return key → mechanism as in force now. Raises `MechanismError` or `ValueError` if one is not closed."""
    made = {each.key: each for each in (_loaded(text, name) for name, text in _in_force())}
    for mechanism in made.values():
        if found := prove(mechanism, children=made):
            raise ValueError(f"{mechanism.key}: {found[0].sentence}")
    return made


@cache
def texts() -> Mapping[str, str]:
    """Return hash → text of the mechanisms in force now."""
    return {_loaded(text, name).text_hash: text for name, text in _in_force()}


@cache
def pinned(text_hash: str) -> Mechanism:
    """Return the mechanism that a matter is pinned to, whatever is in force now."""
    for mechanism in current().values():
        if mechanism.text_hash == text_hash:
            return mechanism
    kept = MechanismText.objects.get(text_hash=text_hash)
    mechanism = load(kept.text, name=kept.key)
    if mechanism.text_hash != text_hash:
        raise ValueError(f"the kept text of {kept.key} is not the one that was hashed")
    return mechanism


@cache
def beside(key: str, name: str) -> str | None:
    """Return the text of the file `name` beside the mechanism `key`, the city's own before the shipped."""
    roots: list[Traversable | Path] = [Path(settings.BIHUAN_DATA) / "packs", files("bihuan.packs")]
    places = {place for root in roots for place in _places(root, key)}
    for root in roots:
        for place in sorted(places):
            if (found := root.joinpath(*place, name)).is_file():
                return found.read_text(encoding="utf-8")
    return None


def _places(root: Traversable | Path, key: str, below: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the folders under `root` that hold a mechanism called `key`."""
    if not root.is_dir():
        return
    for entry in root.iterdir():
        if entry.is_dir() and not entry.name.startswith(("_", ".")):
            yield from _places(entry, key, (*below, entry.name))
        elif _is_mechanism(entry.name) and tomllib.loads(entry.read_text(encoding="utf-8")).get("key") == key:
            yield below


def _is_mechanism(name: str) -> bool:
    return name.endswith(".toml") and name not in _OTHER


def forget() -> None:
    """Read the mechanism files anew at the next use."""
    for each in (current, texts, pinned, beside):
        each.cache_clear()


def _in_force() -> list[tuple[str, str]]:
    local = Path(settings.BIHUAN_DATA) / "packs"
    own = list(mechanism_files(local)) if local.is_dir() else []
    replaced = {_loaded(text, name).key for name, text in own}
    shipped = [(name, text) for name, text in mechanism_files() if _loaded(text, name).key not in replaced]
    return shipped + own
