"""Amounts of money as ledgers write them, understood to the yuan or not at all.

A number counts only with its unit: its own (`3.2亿元`), or the one that its column or sheet names.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from bihuan.intake.reading.writing import fold, fold_dashes, quote, read_numeral
from bihuan.mechanism.sentence import N_, Sentence

UNITS = {
    "元": 1,
    "块": 1,
    "圆": 1,
    "百元": 100,
    "千元": 1_000,
    "万": 10_000,
    "万元": 10_000,
    "十万元": 100_000,
    "百万元": 1_000_000,
    "千万元": 10_000_000,
    "千万": 10_000_000,
    "百万": 1_000_000,
    "亿": 100_000_000,
    "亿元": 100_000_000,
    "万亿元": 10**12,
    "万亿": 10**12,
}
_UNIT = "万亿元|万亿|千万元|百万元|十万元|千万|百万|亿元|万元|千元|百元|亿|万|元|圆|块"
_NUMBER = r"\d+(?:\.\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\.\d+"
_PLAIN = re.compile(rf"(-?)({_NUMBER})({_UNIT})?整?")
_COMPOUND = re.compile(r"(-?)(?:(\d+)亿)?(?:(\d+)(千万|百万|万))?(?:元|(\d+(?:\.\d+)?)元)?整?")
_WORDS = re.compile(r"([零〇一二三四五六七八九十百千两壹贰叁肆伍陆柒捌玖拾佰仟]+)(万|亿|)")
_LEAD = re.compile(
    r"^(?:(?:涉及|违规|问题)?(?:金额|资金)为?:?|涉及|共计|合计|总计|累计|共|计|人民币|RMB|CNY|[¥¥])+", re.I
)
_NAMED_UNIT = re.compile(r"万亿元|千万元|百万元|十万元|亿元|万元|千元|百元|元")
_UNIT_PHRASE = re.compile(
    r"(?:单位|金额|货币)(?:均?[为是])?[:]?(?:人民币)?\(?(?:亿元|万元|千元|百元|元)|\((?:亿元|万元|千元|元)\)"
)
_MONEY_WORD = re.compile(rf"(?:人民币|货币|单位|金额|资金)*(?:{_NAMED_UNIT.pattern})?")
_LONGEST = 64
_YUAN_SIGN = re.compile(r"[^\d]*[¥￥]")
_BESIDE_MONEY = re.compile(
    r"(?:亿元|万元|千元|百元|元)[/、或和及](?P<after>[^\d()/、,;:]{1,4})(?=$|[)/、])|"
    r"(?:^|[(:/、])(?P<before>[^\d()/、,;:]{1,4})[/、或和及](?:亿元|万元|千元|百元|元)(?=$|[)/、])"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """What an amount cell says: yuan as a plain decimal string, or why it was not understood."""

    yuan: str | None
    fault: Sentence | None = None


def name_units(text: str) -> frozenset[int]:
    """Return the multipliers of every unit of money that a header or title line names."""
    return frozenset(UNITS[u] for u in _NAMED_UNIT.findall(fold(text).replace("人民币", "")))


def counts_other_things(text: str) -> bool:
    """Tell whether a header counts money and something else, so that a bare number may be either: （万元/亩）."""
    folded = fold(text)
    places = (
        found for part in re.findall(r"\(([^()]*)\)", folded) for found in _BESIDE_MONEY.finditer(part)
    )  # without brackets, 金额/万元 only says the unit of the amount
    bare = _BESIDE_MONEY.search(re.sub(r"\([^()]*\)", "", folded))
    others = [found["after"] or found["before"] for found in places] + ([bare["after"]] if bare else [])
    return any(other and not _MONEY_WORD.fullmatch(other) for other in others)


def find_unit_phrases(text: str) -> list[str]:
    """Return the phrases of a title line that say in what money is counted: 单位：万元, (万元), 货币单位为元."""
    return _UNIT_PHRASE.findall(fold(text))


def read_amount(text: str, *, unit: int | None) -> Amount:
    """Read one non-empty amount cell.

    `unit` is the multiplier to the yuan that the column or sheet names, or None when nothing does: then a
    bare number is not understood. Ranges, `约`, `余`, foreign money and two amounts in a cell are not either.
    """
    folded = fold_dashes(text)
    if len(folded) > _LONGEST:
        return _refuse(text)
    body = _LEAD.sub("", folded)
    found = _PLAIN.fullmatch(body)
    if found:
        return _read_plain(text, found, unit)
    value = _read_compound(body)
    if value is None:
        value = _read_words(body)
    return _refuse(text) if value is None or _split_by_blanks(text) else Amount(_show(value))


def _read_plain(text: str, found: re.Match[str], unit: int | None) -> Amount:
    sign, digits, named = found.groups()
    if _split_by_blanks(text):
        return _refuse(text)
    if not named and _YUAN_SIGN.match(text):
        if unit not in (None, 1):
            return Amount(
                None,
                Sentence(
                    N_(
                        "“%(text)s” is marked as yuan by its sign, and its column counts otherwise; "
                        "write 元, 万元 or 亿元 after the number."
                    ),
                    {"text": quote(text)},
                ),
            )
        unit = 1
    multiplier = UNITS[named] if named else unit
    number = Decimal(sign + digits.replace(",", ""))
    if multiplier is None and number:
        return Amount(
            None,
            Sentence(
                N_(
                    "“%(text)s” does not say its unit, and neither the column nor the sheet names a single one; "
                    "write 元, 万元 or 亿元 after the number."
                ),
                {"text": quote(text)},
            ),
        )
    return Amount(_show(number * (multiplier or 1)))


def _read_compound(body: str) -> Decimal | None:
    found = _COMPOUND.fullmatch(body)
    if not found or not any(found.group(2, 3, 5)):
        return None
    sign, yi, wan, step, yuan = found.groups()
    parts = [Decimal(yi or 0) * 10**8, Decimal(wan or 0) * UNITS[step or "万"], Decimal(yuan or 0)]
    if (yi and parts[1] >= 10**8) or ((yi or wan) and parts[2] >= (10_000 if wan else 10**8)):
        return None
    return sum(parts, Decimal(0)) * (-1 if sign else 1)


def _read_words(body: str) -> Decimal | None:
    """Read an amount in Chinese numerals, as contracts and vouchers write it: 叁佰贰拾万元整."""
    found = re.fullmatch(r"([^元圆]{1,24})[元圆]整?", body)
    if not found:
        return None
    total, last, place = 0, 10**12, 0
    for part in _WORDS.finditer(found.group(1)):
        number, step = read_numeral(part.group(1).lstrip("零〇")), {"万": 10**4, "亿": 10**8, "": 1}[part.group(2)]
        if part.start() != place or number is None or step >= last or part.group(1)[-1] in "零〇":
            return None
        total, last, place = total + number * step, step, part.end()
    return Decimal(total) if place == len(found.group(1)) else None


def _split_by_blanks(text: str) -> bool:
    """Tell whether blanks stand between digits, so that one number may be two."""
    return bool(re.search(r"\d[\s\u3000\u00a0]+[\d.,]|[.,][\s\u3000\u00a0]+\d", text))


def _refuse(text: str) -> Amount:
    return Amount(
        None,
        Sentence(
            N_("“%(text)s” is not one amount of money; write a number with its unit, such as 1234.5万元."),
            {"text": quote(text)},
        ),
    )


def _show(value: Decimal) -> str:
    shown = format(value, "f")
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return "0" if shown in ("-0", "") else shown
