"""Deadlines, units, figures and speakers are told by rules that each hold in a single sentence."""

from datetime import date

import pytest

from bihuan.intake.text import Proposal, read_text
from bihuan.intake.text.dues import find_due
from bihuan.intake.text.figures import find_figures
from bihuan.intake.text.hints import find_mechanism
from bihuan.intake.text.mentions import Names
from intake.texts.conftest import weekdays

DAY = date(2026, 7, 6)
NAMES = Names({
    "棠川市住房和城乡建设局": "zjj", "市住建局": "zjj", "住建": "zjj", "市财政局": "czj", "财政局": "czj",
    "财政": "czj",
    "市水利局": "slj", "水利局": "slj", "民政": "mzj", "市民政局": "mzj", "城管": "cgj", "市委": "sw", "云栖县": "yx",
    "市政府办公室": "zfb", "市政府": "zf", "公安": "gaj",
    "林草": "lcj",
})  # fmt: skip


@pytest.mark.parametrize(
    ("words", "day", "rule"),
    [
        ("8月20日前报送", date(2026, 8, 20), "due.day"),
        ("2026年10月31日前完成", date(2026, 10, 31), "due.day"),
        ("要在１１月２０日前，完成清理", date(2026, 11, 20), "due.day"),
        ("须于11月13日（周五）下班前清零", date(2026, 11, 13), "due.day"),
        ("最迟8月31日完工", date(2026, 8, 31), "due.day"),
        ("9月底前完成", date(2026, 9, 30), "due.month_end"),
        ("明年2月底前建成", date(2027, 2, 28), "due.month_end"),
        ("本月底前拿出方案", date(2026, 7, 31), "due.month_end"),
        ("三季度末前核定", date(2026, 9, 30), "due.quarter_end"),
        ("季度末前核定", date(2026, 9, 30), "due.quarter_end"),
        ("年底前完成", date(2026, 12, 31), "due.year_end"),
        ("今年年底前完成", date(2026, 12, 31), "due.year_end"),
        ("年内建成", date(2026, 12, 31), "due.year_end"),
        ("一周内报告", date(2026, 7, 13), "due.within"),
        ("15日内整改", date(2026, 7, 21), "due.within"),
        ("两个月内办结", date(2026, 9, 6), "due.within"),
        ("5个工作日内拨付", date(2026, 7, 13), "due.working_days"),
        ("下周三前报", date(2026, 7, 15), "due.week"),
        ("从即日起至8月31日开展整治", date(2026, 8, 31), "due.until"),
        ("8月10日前抢通，9月底前修复", date(2026, 9, 30), "due.last"),
    ],
)
def test_a_deadline_in_the_text_is_read(words: str, day: date, rule: str) -> None:
    due = find_due(words, today=DAY, count_working_days=weekdays)
    assert due.day == day
    assert rule in due.rules


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("尽快整改到位", "due.vague"),
        ("近期完成", "due.vague"),
        ("开学前完成检查", "due.event"),
        ("汛期结束后1个月内复绿", "due.event"),
        ("每月25日前报送", "due.recurring"),
        ("9月1日至10月31日开展", "due.range"),
        ("11月9日起集中办公", "due.range"),
        ("截至8月底", "due.range"),
        ("2026年6月前完成", "due.unclear"),
        ("2月30日前完成", "due.unclear"),
        ("3月底前完成", "due.before_text"),
    ],
)
def test_what_is_no_deadline_is_never_made_one_and_says_why(words: str, rule: str) -> None:
    due = find_due(words, today=DAY, count_working_days=weekdays)
    assert due.day is None
    assert due.rules == (rule,)
    assert str(due.note).startswith("no deadline in the text: “")


def test_without_any_word_of_time_the_note_is_just_that() -> None:
    assert str(find_due("抓好落实", today=DAY, count_working_days=None).note) == "no deadline in the text"


@pytest.mark.parametrize("words", ["年底前完成", "8月20日前报送", "一周内报告", "本月底前"])
def test_what_counts_from_an_unknown_day_names_no_day(words: str) -> None:
    due = find_due(words, today=None, count_working_days=None)
    assert (due.day, due.rules) == (None, ("due.no_text_day",))
    assert find_due("2026年8月20日前报送", today=None, count_working_days=None).day == date(2026, 8, 20)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("由市住建局牵头，市财政局配合", ["zjj", "czj"]),
        ("棠川市住房和城乡建设局要抓好落实", ["zjj"]),
        ("财政、住建等部门要主动服务", ["czj", "zjj"]),
        ("财政、统计、住建等部门要主动服务", ["czj", "zjj"]),
        ("住建部门牵头", ["zjj"]),
        ("住建投资增长", []),
        ("要顾全大局，打开新格局、新布局", []),
        ("打开水利局面", []),
        ("水利局面临的问题", ["slj"]),
        ("各级人民政府要提供保障", []),
        ("把县城管网、园林草坪统筹起来", []),
        ("对办公安排作出说明", []),
        ("以城市委托运营方式", []),
        ("云栖县要抓好春耕", ["yx"]),
        ("在云栖县石门镇的示范片", []),
        ("将结果报市政府办公室", []),
        ("县财政局要抓好落实", []),
        ("市政府办公室要抓好落实", ["zfb"]),
    ],
)
def test_units_are_whole_names_of_the_directory_and_nothing_else(text: str, keys: list[str]) -> None:
    assert [mention.key for mention in NAMES.find(text)] == keys


@pytest.mark.parametrize(
    ("text", "value", "unit", "rules"),
    [
        ("资金146万元", 1_460_000, "yuan", {"figure.wan"}),
        ("投资2.4亿元", 240_000_000, "yuan", {"figure.wan"}),
        ("到位210余亿元", 21_000_000_000, "yuan", {"figure.wan", "figure.about"}),
        ("惠及1.26万户", 12_600, "户", {"figure.wan"}),
        ("增长5.5%至6%", 5.5, "%", {"figure.range"}),
        ("新增7—8%", 7, "%", {"figure.range"}),
        ("１，２８４件工单".replace("，", ","), 1284, "件", set()),
        ("提高5个百分点以上", 5, "百分点", {"figure.about"}),
        ("三十家企业", 30, "家", {"figure.words"}),
        ("五千万元", 50_000_000, "yuan", {"figure.words", "figure.wan"}),
        ("占百分之十二点五", 12.5, "%", {"figure.words"}),
    ],
)
def test_a_figure_is_counted_in_single_units(text: str, value: float, unit: str, rules: set[str]) -> None:
    ((_, figure, named),) = find_figures(text, asked=False)
    assert (figure.value, figure.unit) == (value, unit)
    assert rules == set(named) - {"figure.achieved", "figure.to_do"}


@pytest.mark.parametrize(
    "text",
    [
        "2026年9月18日",
        "第14次会议",
        "棠政办发〔2026〕41号",
        "一个重点",
        "12345热线",
        "亿元以上项目",
        "3个月内",
        "30年代",
    ],
)
def test_days_numbers_of_documents_and_speech_are_no_figures(text: str) -> None:
    assert find_figures(text, asked=False) == []


def test_the_last_word_before_a_figure_tells_whether_it_was_reached() -> None:
    kinds = [figure.kind for _, figure, _ in find_figures("已累计建成公园103个，今年再建20个", asked=True)]
    assert kinds == ["achieved", "to_do"]
    kinds = [figure.kind for _, figure, _ in find_figures("由去年的52%提高到65%", asked=True)]
    assert kinds == ["achieved", "to_do"]
    (only,) = find_figures("对已查出的7处渗漏点倒排工期", asked=True)
    assert only[1].kind == "to_do"


def _proposals(text: str) -> list[Proposal]:
    names = {"市住建局": "zjj", "市财政局": "czj"}
    (article,) = read_text(f"本报讯（记者 姜知远）{text}", names=names, day=DAY).articles
    return list(article.proposals)


def test_a_speaker_has_the_post_that_the_same_article_gives() -> None:
    (one,) = _proposals("市长罗望舒到杏花路调研。罗望舒强调，市住建局要加快补齐管网短板。")
    assert (one.speaker, one.post) == ("罗望舒", "市长")
    (two,) = _proposals("罗望舒强调，市住建局要加快补齐管网短板。")
    assert (two.speaker, two.post) == ("罗望舒", None)


def test_he_is_whoever_was_named_last() -> None:
    (one,) = _proposals("市长罗望舒、副市长顾北辰到杏花路调研。顾北辰走进工地，他要求市住建局加快补齐管网短板。")
    assert one.speaker == "顾北辰"
    assert "speaker.pronoun" in one.rules


@pytest.mark.parametrize(
    "text",
    [
        "近日，市住建局召开会议，部署下一步重点任务。",
        "居民何青岑说，要是能早点装上电梯就好了。",
        "气象专家提醒，市民外出要注意增减衣物。",
        "罗望舒强调，要坚定信心、勇挑重担，在全省发展大局中展现更大作为。",
        "市住建局已完成老旧小区改造38个，惠及居民1.26万户。",
        "据了解，市住建局将于10月底前完成剩余改造任务。",
        "这座古镇最重要、最需要的是耐心。",
    ],
)
def test_reports_wishes_and_slogans_are_no_proposals(text: str) -> None:
    assert _proposals(text) == []


def test_two_halves_are_two_proposals_and_the_second_keeps_the_units() -> None:
    first, second = _proposals("会议决定，由市住建局牵头，年底前完成改造；明年3月底前完成验收。")
    assert (first.due, second.due) == (date(2026, 12, 31), date(2027, 3, 31))
    assert first.units == second.units == ("zjj",)
    assert "units.same" in second.rules


def test_of_mechanisms_that_fit_the_most_words_then_the_longest_word_then_the_first_wins() -> None:
    hints = (("a", ("整改",)), ("b", ("审计整改", "问题")), ("c", ("审计整改",)), ("d", ("整改",)))
    assert find_mechanism(hints, "审计整改的问题") == ("b", 0)
    assert find_mechanism(hints, "审计整改") == ("b", 0)
    assert find_mechanism(hints, "整改") == ("a", 0)
    assert find_mechanism(hints, "修路", "审计整改") == ("b", 1)
    assert find_mechanism(hints, "修路") == (None, -1)
