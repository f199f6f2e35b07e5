"""From the text of a mechanism file to a `Mechanism`, or to every problem that the text has.

What is refused here cannot be held by the model: bad TOML, unknown or missing keys, values of the wrong
shape, expressions that do not type-check. Names that do not exist and loops that are not closed can be held,
and are refused by `prove`, with the path that shows why.
"""

from .document import load
from .problem import MechanismError, Problem
from .shapes import SHAPES

__all__ = ["SHAPES", "MechanismError", "Problem", "load"]
