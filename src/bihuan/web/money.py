"""Money as people read and type it. Inside it is whole fen; nothing here ever passes through a float."""

from decimal import Decimal

from bihuan.intake.reading.amounts import read_amount
from bihuan.mechanism.sentence import N_, Sentence

#: The units of money that a form offers: multiplier to the yuan by the word.
YUAN = {"wan": 10_000, "yuan": 1}


class MoneyProblem(Exception):
    """A text that is no amount; `sentence` says what would be right."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(str(sentence))


def read_money(text: str, unit: str) -> int:
    """Return the fen that `text` says; `unit` (`wan` or `yuan`) counts where the text names none of its own."""
    amount = read_amount(text, unit=YUAN.get(unit, 10_000))
    if amount.yuan is None:
        raise MoneyProblem(amount.fault or Sentence(N_("“%(text)s” is not an amount of money."), {"text": text}))
    fen = Decimal(amount.yuan) * 100
    if fen != fen.to_integral_value():
        raise MoneyProblem(Sentence(N_("“%(text)s” is finer than a fen; round it."), {"text": text}))
    return int(fen)


def in_wan(fen: int) -> str:
    """Return the amount in 万元, exact, with separators: 12345678900 → `12,345.6789`."""
    return _grouped(Decimal(fen) / 1_000_000)


def column_wan(fen: int) -> str:
    """Return the amount in 万元 for a column: two places at least, so that the points stand in line."""
    return f"{Decimal(fen) / 1_000_000:,.2f}" if fen % 10_000 == 0 else in_wan(fen)


def in_yuan(fen: int) -> str:
    """Return the amount in 元 with two places."""
    return f"{Decimal(fen) / 100:,.2f}"


def typed_wan(fen: int) -> str:
    """Return the amount in 万元 as a person would type it."""
    return in_wan(fen).replace(",", "")


def _grouped(number: Decimal) -> str:
    shown = f"{number:,f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
