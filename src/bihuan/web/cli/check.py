"""`bihuan check`: are the mechanisms closed, and does everybody they name exist today?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from bihuan.ledger.days import today
from bihuan.ledger.packs import mechanism_files
from bihuan.mechanism.diagram import draw
from bihuan.mechanism.load import MechanismError, Problem, load
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.prove import Finding, prove
from bihuan.mechanism.sentence import Sentence

from .failure import Failure
from .output import write, write_json
from .receivers import unreceived
from .words import _, language, say


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a mechanism file: loaded, or with the problems for which it cannot be."""

    name: str
    mechanism: Mechanism | None
    problems: tuple[Problem, ...] = ()

    @classmethod
    def read(cls, name: str, text: str) -> "Source":
        try:
            return cls(name, load(text, name=name))
        except MechanismError as error:
            return cls(name, None, error.problems)

    @property
    def key(self) -> str | None:
        return self.mechanism.key if self.mechanism else None


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found about one mechanism."""

    source: Source
    findings: tuple[Finding, ...]
    directory: Sequence[Sentence]

    @property
    def closed(self) -> bool:
        return self.source.mechanism is not None and not self.findings

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.source.name,
            "key": self.source.key,
            "closed": self.closed,
            "findings": [
                {"proof": each.proof, "message": say(each.sentence), "path": list(each.path)} for each in self.findings
            ],
            "errors": [
                {
                    "where": each.where,
                    "found": say(each.found),
                    "expected": say(each.expected),
                    "message": say(each.sentence),
                }
                for each in self.source.problems
            ],
            "directory": [say(each) for each in self.directory],
        }


def run(*, what: str, directory: bool, diagram: Path | None, as_json: bool) -> int:
    force = _in_force()
    sources, around = _chosen(what, force)
    children = {each.key: each for each in (source.mechanism for source in (*force.values(), *around)) if each}
    checked = [_checked(source, children, directory) for source in sources]
    if diagram is not None:
        _draw(checked, diagram)
    good = all(each.closed and not each.directory for each in checked)
    if as_json:
        write_json({"mechanisms": [each.as_json() for each in checked], "closed": good})
    else:
        for each in checked:
            _tell(each, directory)
    return 0 if good else 1


def _in_force() -> dict[str, Source]:
    """Return what is in force, a city's own files in place of those shipped, whether closed or not."""
    local = settings.BIHUAN_DATA / "packs"
    found = _read(mechanism_files())
    if local.is_dir():
        found += _read(mechanism_files(local))
    return {source.key or source.name: source for source in found}


def _read(files: Iterator[tuple[str, str]]) -> list[Source]:
    return [Source.read(name, text) for name, text in files]


def _chosen(what: str, force: Mapping[str, Source]) -> tuple[list[Source], list[Source]]:
    """Return what to check, and the mechanisms that stand beside it and may be its children."""
    path = Path(what)
    if not what:
        return list(force.values()), []
    if what in force:
        return [force[what]], []
    if path.is_dir():
        for file in sorted(path.rglob("*.toml")):
            _text(file)  # complains of the one that is no text by its name
        found = _read(mechanism_files(path))
        if not found:
            raise Failure(_("There is no mechanism file (.toml) in the folder %(folder)s.") % {"folder": what})
        return found, found
    if path.is_file():
        source = Source.read(path.name, _text(path))
        return [source], _beside(path, source)
    told = {"what": what, "known": ", ".join(force)}
    raise Failure(_("“%(what)s” is neither a file, nor a folder, nor a mechanism in force (%(known)s).") % told)


def _beside(path: Path, source: Source) -> list[Source]:
    """Return the mechanisms in the file's own folder, if it opens children at all; what is none is passed over."""
    actions = source.mechanism.actions.values() if source.mechanism else ()
    if not any(action.opens for action in actions):
        return []
    files = [
        each for each in sorted(path.absolute().parent.glob("*.toml")) if each.name != path.name and each.is_file()
    ]
    return [Source.read(each.name, each.read_text(encoding="utf-8", errors="replace")) for each in files]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Failure(_("“%(name)s” is not UTF-8 text; a mechanism file is.") % {"name": path.name}) from None
    except OSError as error:
        told = {"name": path.name, "reason": error.strerror or str(error)}
        raise Failure(_("“%(name)s” cannot be read: %(reason)s.") % told) from None


def _checked(source: Source, children: Mapping[str, Mechanism], directory: bool) -> Checked:
    if source.mechanism is None:
        return Checked(source, (), ())
    known = {**children, source.mechanism.key: source.mechanism}
    missing = unreceived(source.mechanism, today()) if directory else ()
    return Checked(source, prove(source.mechanism, children=known), missing)


def _draw(checked: Sequence[Checked], out: Path) -> None:
    mechanisms = [each.source.mechanism for each in checked if each.source.mechanism]
    if len(mechanisms) != 1 or len(checked) != 1:
        raise Failure(_("--diagram draws one mechanism that can be loaded; name its file or its key."))
    try:
        out.write_text(draw(mechanisms[0], language=language()), encoding="utf-8")
    except OSError as error:
        told = {"path": out, "reason": error.strerror or str(error)}
        raise Failure(_("The drawing cannot be written to %(path)s: %(reason)s.") % told) from None


def _tell(checked: Checked, directory: bool) -> None:
    name = checked.source.name
    if checked.source.mechanism:
        name = f"{say(checked.source.mechanism.title)}（{checked.source.key}，{name}）"
    write(_("%(name)s: closed") % {"name": name} if checked.closed else _("%(name)s: not closed") % {"name": name})
    for problem in checked.source.problems:
        write(f"  {say(problem.sentence)}")
    for finding in checked.findings:
        write(_("  proof %(proof)d: %(message)s") % {"proof": finding.proof, "message": say(finding.sentence)})
        if finding.path:
            write(_("    path: %(path)s") % {"path": " → ".join(finding.path)})
    for sentence in checked.directory:
        write(f"  {say(sentence)}")
    if directory and checked.closed and not checked.directory:
        write(_("  every role and rung reaches somebody today"))
