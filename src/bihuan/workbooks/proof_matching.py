"""Which matter a file of a heap of evidence is for: by the numbers that its name and its folders carry.

A matter's own number or a whole finding number counts wherever it stands. A bare number (`014/发票1.jpg`,
`14 凭证.pdf`) counts where a name begins with it, the outermost folder first: what lies in a folder is counted
from 1 as well.
Several matters that fit are never chosen between, except by project or unit where the folders name one; a name
that carries the numbers of two matters fits both, whatever else it says.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from bihuan.intake.reading.writing import fold_dashes
from bihuan.mechanism.sentence import N_, Sentence

from .identifying import tidy_number
from .unpacking import Piece

_OWN = re.compile(r"(?<![0-9A-Z])([0-9A-Z]{4})[-_ ]?([0-9A-Z]{4})(?![0-9A-Z])")
_LEADING = re.compile(r"^(?:第|问题|编号|no\.?|NO\.?|No\.?|#|\s)*[-_.(（【\[\s]*(\d{1,6})(?!\d)(?!\s*[年月])")
_TAIL = re.compile(r"(\d+)\D*$")
_LISTED = re.compile(r"\s*(?:和|与|及|、|,|&|\+)\s*(\d{1,6})(?!\d)(?![年月日])")
_NONE = N_("no matter's number or finding number stands in its name or its folders")
_SEVERAL = N_("several matters fit (%(numbers)s); write the 事项编号 into the name or the folder")
_MANY = N_(
    "several matters fit (%(numbers)s and others, %(count)d in all); write the 事项编号 into the name or the folder"
)
_BOTH = N_(
    "its name carries the numbers of several matters (%(numbers)s), and it is not chosen between them; "
    "write the one 事项编号 that it is for"
)
_BOTH_MANY = N_(
    "its name carries the numbers of several matters (%(numbers)s and others, %(count)d in all), and it is not "
    "chosen between them; write the one 事项编号 that it is for"
)
_UNKNOWN = N_("there is no matter with the number %(number)s among those that you may open")
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Known:
    """What a matter can be recognised by."""

    pk: UUID
    number: str
    finding_no: str
    project: str
    unit_names: tuple[str, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A file with its matter, or why it has none."""

    piece: Piece
    matter: UUID | None
    why: Sentence | None = None
    among: tuple[UUID, ...] = ()


@dataclass
class Matcher:
    """Finds the matters of files among `known`."""

    known: Sequence[Known]
    _numbers: dict[str, list[Known]] = field(default_factory=dict)
    _whole: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    _tails: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    _values: dict[int, list[Known]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        shapes: set[str] = set()
        for each in self.known:
            self._numbers[each.number] = [each]
            finding = _folded(each.finding_no)
            if len(finding) >= 4 and not finding.isdigit():
                self._whole[finding].append(each)
                shapes.add(re.sub(r"\d+", r"\\d+", re.escape(finding)))
            if tail := _TAIL.search(finding):
                self._tails[tail[1]].append(each)
                self._values[int(tail[1][:9])].append(each)
        self._longest_first = sorted(self._whole, key=len, reverse=True)
        # By these something is seen to be written like this ledger's numbers.
        self._shapes = [re.compile(shape) for shape in sorted(shapes, key=len, reverse=True) if r"\d" in shape]

    def match(self, pieces: Iterable[Piece]) -> list[Match]:
        return [self._match(piece) for piece in pieces]

    def _match(self, piece: Piece) -> Match:
        parts = piece.parts
        for find in (self._by_own_number, self._by_whole_number):
            for part in reversed(parts):
                if find(part):
                    return _chosen(piece, self._written(part))
        if unknown := next(filter(None, map(self._unknown, reversed(parts))), ""):
            return Match(piece, None, Sentence(_UNKNOWN, {"number": unknown[:60]}))
        for part in parts:
            if groups := self._by_leading_number(part):
                return _chosen(piece, groups)
        return Match(piece, None, Sentence(_NONE))

    def _written(self, part: str) -> list[list[Known]]:
        """Return, number by number, whose stand in `part`; a finding's that agrees with a matter's is left out."""
        own = [[known] for known in {known.pk: known for known in self._by_own_number(part)}.values()]
        keys = {known.pk for group in own for known in group}
        return own + [group for group in self._by_whole_number(part) if keys.isdisjoint(known.pk for known in group)]

    def _by_own_number(self, part: str) -> list[Known]:
        return [
            known
            for letters in _OWN.findall(part.upper())
            for known in self._numbers.get(tidy_number("".join(letters)), ())
        ]

    def _by_whole_number(self, part: str) -> list[list[Known]]:
        """Return the matters of every finding number in `part`; one within another does not count."""
        return self._in_text(_spaced(part)) or self._in_text(_folded(part))

    def _in_text(self, text: str) -> list[list[Known]]:
        found: list[tuple[int, list[Known]]] = []
        for finding in self._longest_first:
            if finding in text:
                places = [at.start() for at in re.finditer(re.escape(finding), text)]
                standing = [at for at in places if _stands_alone(text, at, at + len(finding))]
                if standing:
                    found.append((standing[0], self._whole[finding]))
                for at in standing:
                    text = text[:at] + "\0" * len(finding) + text[at + len(finding) :]
        return [group for _, group in sorted(found, key=lambda each: each[0])]

    def _unknown(self, part: str) -> str:
        text = _spaced(part)
        for shape in self._shapes:
            for at in shape.finditer(text):
                if _stands_alone(text, *at.span()):
                    return at.group()
        return ""

    def _by_leading_number(self, part: str) -> list[list[Known]]:
        text = _spaced(part)
        found, groups = _LEADING.match(text), list[list[Known]]()
        while found is not None:
            if group := self._tails.get(found[1]) or self._values.get(int(found[1])):
                groups.append(group)
            found = _LISTED.match(text, found.end())
        return groups


def _chosen(piece: Piece, groups: Sequence[Sequence[Known]]) -> Match:
    """Return the one matter that the numbers in a name are of, or why there is not one. `groups`: by number."""
    several = len({tuple(each.pk for each in group) for group in groups}) > 1
    found = [each for group in groups for each in group] if several else _narrowed(groups[0], piece.parts)
    by_key = {each.pk: each for each in found}
    if len(by_key) == 1:
        return Match(piece, found[0].pk)
    named = [f"{each.number} {each.finding_no}".strip() for each in by_key.values()]
    pattern = (_BOTH, _BOTH_MANY) if several else (_SEVERAL, _MANY)
    told = {"numbers": "、".join(named[:_NAMED]), "count": len(named)}
    return Match(piece, None, Sentence(pattern[len(named) > _NAMED], told), tuple(by_key))


def _folded(text: str) -> str:
    """Return `text` as numbers are compared: capitals, plain digits, one kind of dash."""
    return fold_dashes(text).upper().replace("_", "-")


def _spaced(text: str) -> str:
    """Return folded `text` with its blanks kept: in `014 2.pdf` the number is 014, not 0142."""
    return " ".join(map(_folded, text.split()))


def _narrowed(found: Sequence[Known], parts: Sequence[str]) -> list[Known]:
    """Return those of several whose project or unit the folders and the name say, if they say one."""
    if len({each.pk for each in found}) == 1:
        return list(found)
    path = fold_dashes("/".join(parts))
    for names in (lambda each: (each.project,), lambda each: each.unit_names):
        said = [each for each in found if any(name and fold_dashes(name) in path for name in names(each))]
        if said and len(said) < len(found):
            return said
    return list(found)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Tell whether neither a letter nor a digit goes on where the number begins or ends."""

    def goes_on(place: int) -> bool:
        return 0 <= place < len(text) and text[place].isascii() and text[place].isalnum()

    return not goes_on(start - 1) and not goes_on(end)
