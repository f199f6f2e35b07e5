"""A unit's liaison at 360 px: sees at once what is owed, signs for it in two taps, reports, asks for more time."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from bihuan.ledger.models import Matter
from city import City, state_of

PASSWORD = "test-only-passphrase"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


class Phone:
    """A page of somebody's phone that counts the taps."""

    def __init__(self, page: Any) -> None:
        self.page, self.taps = page, 0

    def tap(self, role: str, name: str) -> None:
        self.page.get_by_role(role, name=name).first.tap()
        self.taps += 1


@pytest.fixture
def phone(open_page: Callable[..., Any], live_server: Any, city: City) -> Iterator[Callable[[str], Phone]]:
    def for_one(account: str) -> Phone:
        page = open_page(base_url=live_server.url, **PHONE)
        page.goto("/")
        page.get_by_label("账号").fill(account)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").tap()
        page.wait_for_url("**/")
        page.wait_for_load_state()
        return Phone(page)

    yield for_one


def dispatched(city: City, **values: Any) -> Matter:
    return city.act(city.register(**values), "dispatch", "clerk")


def test_the_desk_shows_at_once_what_the_unit_owes_and_only_that(city: City, phone: Any) -> None:
    dispatched(city, title="本单位的问题")
    city.act(city.register("finance", title="财政局的问题"), "dispatch", "clerk")
    city.claim(city.rectifying(title="已报送核查的问题"))
    page = phone("liaison").page
    cards = page.locator(".task")
    assert cards.count() == 1
    assert "本单位的问题" in cards.inner_text() and "还剩" in cards.inner_text()
    step = cards.get_by_role("link", name="签收")
    box = step.bounding_box()
    assert box["y"] + box["height"] < 740, "the step is seen without scrolling"
    assert box["height"] >= 44 and box["width"] > 250, "and is big enough for a thumb"
    assert "财政局的问题" not in page.content()


def test_signing_for_takes_two_taps_from_the_desk(city: City, phone: Any) -> None:
    matter = dispatched(city)
    one = phone("liaison")
    one.tap("link", "签收")
    one.page.wait_for_url("**/act/sign/")
    one.tap("button", "签收")
    one.page.get_by_text("已办理：签收。").wait_for()
    assert one.taps == 2
    assert state_of(matter).stage == "rectifying"


def test_progress_is_one_text_and_photographs(city: City, phone: Any, tmp_path: Path) -> None:
    matter = city.rectifying()
    one = phone("liaison")
    one.tap("link", "报告进展")
    one.page.wait_for_url("**/act/report_progress/")
    one.page.get_by_label("整改进展").fill("已收回结余资金三笔")
    for number in (1, 2):
        photo = tmp_path / f"现场{number}.jpg"
        photo.write_bytes(b"\xff\xd8\xff\xe0" + bytes([number]) * 5000)
        one.page.get_by_label("拍照上传").set_input_files(photo)
    assert one.page.get_by_label("未整改原因").is_hidden(), "what need not be said is folded"
    one.tap("button", "报告进展")
    one.page.get_by_text("已办理：报告进展。").wait_for()
    assert one.taps == 2
    state = state_of(matter)
    assert state.values["progress"] == "已收回结余资金三笔"
    assert {proof.name for proof in state.evidence} == {"现场1.jpg", "现场2.jpg"}


def test_more_time_is_asked_for_in_a_few_taps(city: City, phone: Any) -> None:
    matter = city.rectifying()
    due = state_of(matter).due
    assert due
    one = phone("liaison")
    one.tap("link", "申请延期")
    one.page.wait_for_url("**/act/ask_extension/")
    one.tap("button", "延长30天")
    one.page.get_by_label("下一步措施").fill("分批上缴")
    one.page.get_by_label("理由").fill("预算调整待批")
    one.tap("button", "申请延期")
    one.page.get_by_text("已办理：申请延期。").wait_for()
    assert one.taps == 3
    asking = state_of(matter).asking
    assert asking and asking.until == due + timedelta(days=30)


def test_who_is_too_late_for_an_extension_is_told_before_typing(city: City, phone: Any) -> None:
    now = city.now
    city.now = now - timedelta(days=70)
    matter = city.rectifying()
    city.now = now
    one = phone("liaison")
    assert one.page.get_by_role("link", name="申请延期").count() == 0
    one.page.goto(f"/matters/{matter.number}/")
    assert one.page.get_by_role("link", name="申请延期").count() == 0
    assert "期限已过，不能再申请" in one.page.content()
    one.page.goto(f"/matters/{matter.number}/act/ask_extension/")
    assert "延期须在到期前申请" in one.page.locator("#extension").inner_text()
    assert one.page.get_by_role("button", name="申请延期").count() == 0


def test_the_nearest_day_comes_first_and_says_which_step_is_asked(city: City, phone: Any) -> None:
    now = city.now
    city.now = now - timedelta(days=20)
    city.rectifying(title="六十天内办完")
    city.now = now
    dispatched(city, title="三天内签收")
    page = phone("liaison").page
    cards = page.locator(".task")
    assert [text.split("\n")[0] for text in cards.all_inner_texts()] == ["三天内签收", "六十天内办完"]
    assert cards.nth(1).locator(".task-step").inner_text() == "申请销号"
    assert cards.nth(1).get_by_role("link", name="报告进展").is_visible()


def test_the_phone_pages_fit_and_have_no_serious_fault(city: City, phone: Any) -> None:
    matter = city.rectifying(title="名称很长的问题" * 12)
    one = phone("liaison")
    for path in ("/", f"/matters/{matter.number}/", *(f"/matters/{matter.number}/act/{key}/" for key in STEPS)):
        one.page.goto(path)
        for fold in one.page.locator("main details").all():
            fold.evaluate("one => { one.open = true }")
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert one.page.evaluate(wide) <= 0, path
        found = Axe().run(one.page, options={"resultTypes": ["violations"]}).response["violations"]
        assert not [each["id"] for each in found if each["impact"] in ("serious", "critical")], path


STEPS = ("report_progress", "claim_done", "ask_extension", "log_communication")
