"""Ending a command because of what it was given: one line for the person, and a code for the script."""


class Failure(Exception):
    """`text` is in the reader's language already. Code 2: cannot be done so; 3: a rule refused it."""

    def __init__(self, text: str, *, code: int = 2) -> None:
        self.text = text
        self.code = code
        super().__init__(text)
