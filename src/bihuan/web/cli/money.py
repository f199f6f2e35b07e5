"""Money as scripts read it: yuan as a decimal string, exact and without separators."""


def yuan(fen: int | None) -> str | None:
    """Return fen as a decimal string of yuan, without zeros at the end: 123450 → `1234.5`."""
    if fen is None:
        return None
    whole, rest = divmod(abs(fen), 100)
    shown = f"{whole}.{rest:02}".rstrip("0").rstrip(".")
    return f"-{shown}" if fen < 0 else shown
