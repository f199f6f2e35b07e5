"""What merging made of files, as the JSON that scripts read."""

from collections.abc import Callable, Iterator
from typing import Any

from bihuan.mechanism.sentence import Sentence

from .deciding import UNDECIDED, sentence_of, value_of
from .merging import Brought, Merged
from .plausible import is_doubt


def report(merged: Merged, translate: Callable[[str], str] = str, language: str = "en") -> dict[str, Any]:
    """Return the whole answer. A file that is refused has one refused proposal with everything but the reason null.

    Values are JSON-shaped as matters hold them: money in fen, days ISO, units by key.
    """

    def say(sentence: Sentence | None) -> str | None:
        return sentence.render(translate, language) if sentence else None

    files: list[dict[str, Any]] = [
        {
            "file": each.name,
            "unit": each.unit.key if each.unit else None,
            "proposals": [{**made, "reason": say(made["reason"])} for made in _proposals(each)],
        }
        for each in merged.files
    ]
    stated = [made["status"] for each in files for made in each["proposals"]]
    return {
        "files": files,
        "missing_units": [
            {
                "unit": each.unit.key,
                "name": each.unit.name,
                "return_by": each.return_by.isoformat(),
                "days_late": each.days_late,
            }
            for each in merged.missing
        ],
        "summary": {
            "proposed": stated.count("proposed"),
            "refused": stated.count("refused"),
            "unchanged": sum(each.unchanged for each in merged.files),
        },
    }


def doubts(brought: Brought) -> list[bool]:
    """Return, for each proposal of the file in the report, whether it is one that can hardly be meant so."""
    return [is_doubt(each["reason"]) for each in _proposals(brought)]


def _proposals(brought: Brought) -> Iterator[dict[str, Any]]:
    if brought.refused is not None:
        nothing = dict.fromkeys(("matter", "field", "old", "new"))
        yield {**nothing, "status": "refused", "reason": brought.refused}
        return
    if brought.is_known:
        assert brought.answer is not None
        for row in brought.answer.proposals.filter(status__in=UNDECIDED).select_related("matter"):
            yield {
                "matter": row.matter.number if row.matter else None,
                "field": row.field,
                "old": value_of(row.old),
                "new": value_of(row.new),
                "status": str(row.status),
                "reason": sentence_of(row),
            }
        return
    for each in brought.proposals:
        yield {
            "matter": each.matter.number if each.matter else None,
            "field": each.field,
            "old": each.old,
            "new": each.new,
            "status": "proposed" if each.is_open else "refused",
            "reason": each.reason,
        }
