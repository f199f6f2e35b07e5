"""The documentation as the tests read it: its files, the commands it shows, and what it says they print."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tree import ROOT

DOCS = ROOT / "docs"
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def written() -> list[Path]:
    """Return every page that people wrote: the documentation and both READMEs."""
    return [*READMES, *sorted(DOCS.rglob("*.md"))]


def blocks(page: Path, *languages: str) -> list[str]:
    """Return the fenced blocks of `page` in these languages, in order."""
    return [text for language, text in _FENCE.findall(page.read_text(encoding="utf-8")) if language in languages]


def prose(page: Path) -> str:
    """Return the page without its fenced blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Step:
    """A command as a page shows it, and the lines below it; `…` in them stands for anything."""

    command: str
    shown: str

    def fits(self, output: str) -> bool:
        """Whether `output` is what the page says; a page that shows nothing says nothing."""
        if not self.shown:
            return True
        told = "\n".join(line.rstrip() for line in output.strip("\n").splitlines())
        return re.fullmatch(re.escape(self.shown).replace("…", ".*"), told, re.DOTALL) is not None


def steps(page: Path) -> Iterator[Step]:
    """Yield what the console blocks of `page` tell the reader to type, in order."""
    for block in blocks(page, "console"):
        yield from _steps(block.splitlines())


def _steps(lines: list[str]) -> Iterator[Step]:
    command: list[str] = []
    shown: list[str] = []
    end = ""
    for line in lines:
        if end:
            command.append(line)
            end = "" if line == end else end
        elif line.startswith("$ "):
            if command:
                yield Step("\n".join(command), "\n".join(shown))
            command, shown = [line[2:]], []
            end = here[1] if (here := re.search(r"<<'(\w+)'", line)) else ""
        else:
            shown.append(line)
    yield Step("\n".join(command), "\n".join(shown))
