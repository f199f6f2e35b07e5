"""Why something asked for was not done. Every refusal names its rule, so that a test and a log can too."""

from typing import Any

from .sentence import Sentence


class Refusal(Exception):
    """A command that the rules do not allow.

    `rule` is a stable key (`did_the_work`, `missing_field` …); `sentence` tells the person what stands in
    the way and, where somebody else could do it, who. `field` is the key of the input at fault, if one is.
    """

    def __init__(self, rule: str, pattern: str, *, field: str | None = None, **values: Any) -> None:
        self.rule = rule
        self.sentence = Sentence(pattern, values)
        self.field = field
        super().__init__(str(self.sentence))
