"""An amount is understood to the yuan, or not at all."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.intake.reading.amounts import UNITS, counts_other_things, read_amount


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("1,234.5万元", "12345000"),
        ("3.2亿元", "320000000"),
        ("１，２３４．５万元", "12345000"),
        ("120 万元", "1200000"),
        ("120万", "1200000"),
        ("¥120.50元", "120.5"),
        ("人民币120万元", "1200000"),
        ("-5万元", "-50000"),
        ("－5万元", "-50000"),
        ("0.123456万元", "1234.56"),
        ("12345.67元", "12345.67"),
        ("3亿2000万元", "320000000"),
        ("12万3456元", "123456"),
        ("叁拾贰万伍仟元整", "325000"),
        ("五万元", "50000"),
        ("0", "0"),
        ("0.00", "0"),
        ("共计120万元", "1200000"),
    ],
)
def test_an_amount_that_says_its_unit_is_understood(text, yuan):
    assert read_amount(text, unit=None).yuan == yuan


@pytest.mark.parametrize(
    "text",
    [
        "1234.5",
        "300",
        "约120万元",
        "近3亿元",
        "120余万元",
        "1-2万元",
        "100～200万元",
        "5万美元",
        "12,34万元",
        "1 234万元",
        "1.5e3",
        "120万元，损失3万元",
        "10%",
        "(5)",
        "2026-06-30",
        "万元",
        "五十",
        "1亿元2000",
        "2000万元3亿",
        "—5万元—",
        "1..2万元",
        "120万元左右",
    ],
)
def test_what_could_be_another_amount_is_not_guessed_and_its_text_is_told(text):
    amount = read_amount(text, unit=None)
    assert amount.yuan is None and amount.fault is not None and text in str(amount.fault)


def test_a_bare_number_takes_the_unit_of_its_column_and_no_other():
    assert read_amount("1,234.5", unit=10_000).yuan == "12345000"
    assert read_amount("1,234.5", unit=1).yuan == "1234.5"
    assert read_amount("3.2亿元", unit=10_000).yuan == "320000000", "its own unit is nearer than the column's"
    assert read_amount("1,234.5", unit=None).yuan is None


def test_a_sign_of_money_counts_in_yuan_and_no_column_in_ten_thousands_overrules_it():
    assert read_amount("￥1,200,000.00", unit=None).yuan == "1200000"
    assert read_amount("¥1,200", unit=1).yuan == "1200"
    assert read_amount("￥1,200万元", unit=10_000).yuan == "12000000"
    refused = read_amount("￥1,200", unit=10_000)
    assert refused.yuan is None and "￥1,200" in str(refused.fault)


@pytest.mark.parametrize(
    ("header", "counts"),
    [
        ("涉及金额（万元/亩）", True),
        ("金额（亩/万元）", True),
        ("金额（万元、个）", True),
        ("涉及金额万元/亩", True),
        ("涉及金额（万元）", False),
        ("涉及金额/万元", False),
        ("涉及金额（单位：人民币/万元）", False),
        ("涉及金额（元/万元）", False),
        ("数量、金额（万元）", False),
    ],
)
def test_a_header_that_counts_money_and_something_else_is_known(header, counts):
    assert counts_other_things(header) is counts


@given(
    number=st.decimals(min_value=0, max_value=10**9, places=4, allow_nan=False),
    unit=st.sampled_from(["元", "千元", "万元", "百万元", "亿元"]),
    grouped=st.booleans(),
    wide=st.booleans(),
)
def test_writing_an_amount_and_reading_it_gives_the_amount(number, unit, grouped, wide):
    text = (f"{number:,}" if grouped else f"{number:f}") + unit
    if wide:
        text = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    yuan = read_amount(text, unit=None).yuan
    assert yuan is not None and Decimal(yuan) == number * UNITS[unit]
    assert "E" not in yuan and not yuan.endswith(".") and ("." not in yuan or not yuan.endswith("0"))


@given(text=st.text(max_size=30), unit=st.sampled_from([None, 1, 10_000]))
def test_any_text_gives_an_amount_or_a_reason_and_never_both(text, unit):
    amount = read_amount(text, unit=unit)
    assert (amount.yuan is None) != (amount.fault is None)
    if amount.yuan is not None:
        Decimal(amount.yuan)
