"""Which mechanism fits, by the words that each declares."""

from collections.abc import Sequence

Hints = Sequence[tuple[str, Sequence[str]]]


def find_mechanism(hints: Hints, *texts: str) -> tuple[str | None, int]:
    """Return the mechanism whose words the first of `texts` holds most of, and which text that was.

    Of several with as many words that with the longest word comes first, then that which was declared first.
    None where no text holds any word.
    """
    for place, text in enumerate(texts):
        best: tuple[int, int, int] | None = None
        for order, (_key, words) in enumerate(hints):
            held = [word for word in dict.fromkeys(words) if word and word in text]
            if held:
                standing = (len(held), max(map(len, held)), -order)
                best = max(best, standing) if best else standing
        if best:
            return hints[-best[2]][0], place
    return None, -1
