"""Names in the two languages of the project."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """A name in the two languages of the project."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        """Return the English name for `en…`, the Chinese one for everything else."""
        return self.en if language.startswith("en") else self.zh
