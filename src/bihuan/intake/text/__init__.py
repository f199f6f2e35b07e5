"""Reading official text: newspaper pages, notices, minutes. Text in, articles and proposed matters out.

Every rule is plain and named in the result (`rules.RULES`). Nothing is registered here: a person decides.
"""

from .model import Article, Figure, Proposal, Reading
from .reading import read_text
from .rules import RULES

__all__ = ["RULES", "Article", "Figure", "Proposal", "Reading", "read_text"]
