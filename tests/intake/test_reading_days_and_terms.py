"""A deadline is the day that is named, or a rule with its text, or nothing: never a likely day."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.intake.reading.days import Unclear, read_day, read_full_day
from bihuan.intake.reading.terms import read_term, settle


def day_of(text: str, layout, year: int = 2026) -> str | None:
    term = read_term(text, year=year, words=layout.term_words)
    return term.day.isoformat() if term.day else None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-06-30", "2026-06-30"),
        ("2026-06-30 00:00:00", "2026-06-30"),
        ("46203", "2026-06-30"),
        ("2026.6.30", "2026-06-30"),
        ("2026/06/30", "2026-06-30"),
        ("20260630", "2026-06-30"),
        ("2026年6月30日", "2026-06-30"),
        ("２０２６年６月３０日前", "2026-06-30"),
        ("2026 年 6 月 30 日", "2026-06-30"),
        ("2026年6月30日（星期二）", "2026-06-30"),
        ("二〇二六年六月三十日", "2026-06-30"),
        ("2026年6月底前", "2026-06-30"),
        ("2026年6月末", "2026-06-30"),
        ("2026年6月", "2026-06-30"),
        ("2026.6", "2026-06-30"),
        ("2026年2月底前", "2026-02-28"),
        ("2028年2月", "2028-02-29"),
        ("6月底", "2026-06-30"),
        ("6月30日前完成整改", "2026-06-30"),
        ("十二月底", "2026-12-31"),
        ("2026年上半年", "2026-06-30"),
        ("下半年", "2026-12-31"),
        ("2026年第三季度", "2026-09-30"),
        ("三季度末", "2026-09-30"),
        ("年底前", "2026-12-31"),
        ("2026年年底前", "2026-12-31"),
        ("2026年内", "2026-12-31"),
        ("今年6月底前", "2026-06-30"),
        ("明年6月底", "2027-06-30"),
        ("6月上旬", "2026-06-10"),
        ("6月中旬", "2026-06-20"),
        ("不迟于2026年6月30日", "2026-06-30"),
        ("力争于2026年6月底前整改到位", "2026-06-30"),
        ("6/30/2026", "2026-06-30"),
        ("2026年12月31日24时", "2026-12-31"),
        ("2026年6月30日18时前", "2026-06-30"),
        ("2026年6月底（第一批）", "2026-06-30"),
    ],
)
def test_a_day_that_is_named_is_read_and_is_no_rule(text, day, layout):
    term = read_term(text, year=2026, words=layout.term_words)
    assert (day_of(text, layout), term.rule_text, term.fault) == (day, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "2026.13.45",
        "2026年2月30日",
        "2026-6-31",
        "6.30",
        "6-12",
        "3/4/2026",
        "26.6.30",
        "2026.1",
        "2026",
        "30",
        "30日",
        "6月",
        "月底",
        "本月底前",
        "2026年6月前",
        "6月前",
        "三季度前",
        "2026年前",
        "尽快",
        "待定",
        "近期",
        "同上",
        "2026年3月至2026年6月",
        "2026年1-6月",
        "2026年6月30日起",
        "2026年6月30日（已延期至9月30日）",
        "6月30日、9月30日",
        "2026年6月30日或7月31日",
        "99999999",
        "约2026年6月30日",
        "2026年13月底前",
        "12月",
        "2026年6月底（暂定）",
        "2026年6月30日0时",
    ],
)
def test_what_names_no_day_or_two_waits_with_its_text(text, layout):
    term = read_term(text, year=2026, words=layout.term_words)
    assert term.day is None and term.rule_text is None and term.fault is not None
    assert text in str(term.fault)


@pytest.mark.parametrize(
    "text",
    [
        "立行立改",
        "长期坚持",
        "持续整改",
        "立行立改并长期坚持",
        "立行立改，长期坚持",
        "收到报告之日起60日内",
        "收到审计报告后60个工作日内",
        "自送达之日起三个月内",
        "60日内",
        "60天",
        "1个月",
        "三个月内",
        "半年内",
        "报告印发之日起30日内",
        "下次审计前",
        "项目竣工决算后30日内",
        "收到报告之日起六十日内完成整改",
    ],
)
def test_a_rule_names_no_day_and_keeps_its_text(text, layout):
    term = read_term(text, year=2026, words=layout.term_words)
    assert (term.day, term.rule_text, term.fault) == (None, text, None)


def test_a_day_with_a_standing_rule_beside_it_keeps_both(layout):
    text = "立行立改，2026年6月30日前完成"
    term = read_term(text, year=2026, words=layout.term_words)
    assert (term.day, term.rule_text) == (date(2026, 6, 30), text)


def test_a_rule_with_the_day_that_it_comes_to_names_that_day(layout):
    text = "收到报告之日起60日内（2026年5月15日前）"
    term = read_term(text, year=2026, words=layout.term_words)
    assert (term.day, term.rule_text, term.fault) == (date(2026, 5, 15), text, None)
    unclear = read_term("收到报告之日起60日内（2026年2月30日前）", year=2026, words=layout.term_words)
    assert unclear.day is None and unclear.fault is not None


@pytest.mark.parametrize("text", ["三月中旬", "2026年上半年", "年底前", "2026年3月", "2026年3月底前"])
def test_a_period_is_no_full_day(text):
    assert read_day(text, year=2026) is not None and read_full_day(text, year=2026) is None


@pytest.mark.parametrize("text", ["3月16日", "2026.3.16", "2026-03-16", "46097", "2026年3月16日"])
def test_a_full_day_is_read_with_or_without_its_year(text):
    assert read_full_day(text, year=2026) == date(2026, 3, 16)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("收到报告之日起60日内", date(2026, 5, 1)),  # 2 March is not counted: 29 days of March, 30 of April, 1 of May
        ("收到报告之日起30天内", date(2026, 4, 1)),
        ("自报告送达之日起三个月内", date(2026, 6, 2)),
        ("收到报告之日起一年内", date(2027, 3, 2)),
        ("收到报告之日起半年内", date(2026, 9, 2)),
        ("报告印发之日起60日内", None),  # another event than the one whose day is known
        ("60日内", None),
        ("收到报告之日起10个工作日内", None),  # no calendar was given
    ],
)
def test_a_rule_counts_from_its_own_anchor_only(text, due, layout):
    rule = read_term(text, year=2026, words=layout.term_words).rule
    assert settle(rule, anchors={"delivered_on": date(2026, 3, 2)}, count_working_days=None) == due


def test_working_days_are_counted_by_the_calendar_that_is_given(layout):
    rule = read_term("收到报告之日起10个工作日内", year=2026, words=layout.term_words).rule
    due = settle(
        rule, anchors={"delivered_on": date(2026, 3, 2)}, count_working_days=lambda day, n: day + timedelta(days=n + 4)
    )
    assert due == date(2026, 3, 16)


def test_a_month_without_that_day_ends_on_its_last(layout):
    rule = read_term("收到报告之日起1个月内", year=2026, words=layout.term_words).rule
    assert settle(rule, anchors={"delivered_on": date(2026, 1, 31)}, count_working_days=None) == date(2026, 2, 28)


DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2199, 12, 31))


@given(
    day=DAYS,
    form=st.sampled_from(
        [
            "{y}-{m:02}-{d:02}",
            "{y}.{m}.{d}",
            "{y}/{m}/{d}",
            "{y}年{m}月{d}日",
            "{y}{m:02}{d:02}",
            "{y}年{m}月{d}日前",
            " {y}-{m}-{d} ",
        ]
    ),
)
def test_writing_a_day_and_reading_it_gives_the_day(day, form):
    assert read_day(form.format(y=day.year, m=day.month, d=day.day), year=2000) == day


@given(day=st.dates(min_value=date(1990, 1, 1), max_value=date(2173, 10, 13)))
def test_a_serial_number_is_the_day_that_excel_counts(day):
    assert read_day(str((day - date(1899, 12, 30)).days), year=2000) == day


@given(
    year=st.integers(1990, 2199),
    month=st.integers(1, 12),
    form=st.sampled_from(["{m}月底", "{m}月末前", "{y}年{m}月底前", "{y}年{m}月"]),
)
def test_the_end_of_a_month_is_its_last_day_whatever_the_month(year, month, form):
    assert read_day(form.format(y=year, m=month), year=year) == date(year, month, calendar.monthrange(year, month)[1])


@given(
    text=st.text(alphabet="0123456789年月日底前.-/上下半季度内起收到报告之日，（）二十 ", max_size=24),
    year=st.integers(2000, 2100),
)
def test_no_text_breaks_the_reading(text, year):
    try:
        found = read_day(text, year=year)
    except Unclear:
        return
    assert found is None or 1990 <= found.year <= 2199


@given(text=st.text(max_size=60))
def test_every_text_is_a_day_a_rule_or_a_fault(layout, text):
    term = read_term(text, year=2026, words=layout.term_words)
    assert bool(term.day or term.rule_text) != bool(term.fault)
