"""The command line: `bihuan`, a shell over what the other modules do."""

from .main import main

__all__ = ["main"]
