"""Which headline belongs to which article, where columns have torn them apart.

A headline and its article share words that other articles lack. Only a clear lead counts; without one a headline
belongs to the article below it, and at the foot of a page to the one above.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from .lines import bare

_HAN = re.compile(r"[\u3400-\u9fff]+")
#: Words of any meeting, body or report: they tell nothing of what an article is about.
_COMMON = re.compile(
    r"市委|省委|州委|县委|区委|常委会?|市政府|县政府|区政府|人民政府|政府|（扩大）|扩大|会议|"
    r"召开|举行|开展|举办|主持|工作|活动"
    r"|我市|全市|我县|我省|调研|强调|推进|推动|加强|书记|市长|专题会?|座谈会?|"
    r"[\u3400-\u9fff]{1,3}[市县区](?=[\u3400-\u9fff])"
)
#: The least share of a headline's words that an article must hold, and by how much it must lead.
_LEAST, _LEAD = 0.12, 1.8


def pairs_of(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring Han characters that tell what a text is about."""
    found: set[str] = set()
    for run in _HAN.findall(_COMMON.sub("。", bare(text))):
        found.update(run[place : place + 2] for place in range(len(run) - 1))
    return frozenset(found)


class Kinship:
    """How much of a headline's words each article shares."""

    def __init__(self, bodies: Sequence[str]) -> None:
        self._bodies = [pairs_of(body) for body in bodies]
        self._spread = Counter(pair for body in self._bodies for pair in body)

    def scores(self, headline: str) -> list[float]:
        """Return for each article the share of the headline's weight that it holds, rare words weighing more."""
        pairs = pairs_of(headline)
        if not pairs:
            return [0.0] * len(self._bodies)
        return [sum(self._weight(pair) for pair in pairs & body) / len(pairs) for body in self._bodies]

    def clear(self, headline: str, free: Mapping[int, bool]) -> int | None:
        """Return the one article, among those still `free`, that is clearly meant; None where none leads."""
        scores = self.scores(headline)
        order = sorted((place for place in range(len(scores)) if free.get(place)), key=lambda place: -scores[place])
        if not order or scores[order[0]] < _LEAST:
            return None
        others = [scores[place] for place in range(len(scores)) if place != order[0]]
        return order[0] if not others or scores[order[0]] >= _LEAD * max(others) else None

    def _weight(self, pair: str) -> float:
        return math.log((len(self._bodies) + 1) / self._spread[pair])
