"""The pages in a real browser: by mouse, by keyboard alone, on a phone, by two people at once."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from bihuan.ledger.models import Matter
from city import City, state_of

PASSWORD = "test-only-passphrase"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def enter(open_page: Callable[..., Any], live_server: Any, city: City) -> Iterator[Callable[..., Any]]:
    """Open a browser for one of the cast and sign in by typing."""

    def open_for(account: str, **options: Any) -> Any:
        page = open_page(base_url=live_server.url, **options)
        page.goto("/")
        page.get_by_label("账号").fill(account)
        page.get_by_label("密码").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/")
        page.wait_for_load_state()
        return page

    yield open_for


def overflow(page: Any) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def addresses(matter: Matter, done: Matter) -> list[str]:
    return [
        "/",
        "/ledger/",
        "/ledger/?q=没有这样的",
        "/ledger/?unit=不知道",
        f"/matters/{matter.number}/",
        f"/matters/{done.number}/",
        f"/matters/{matter.number}/act/claim_done/",
        f"/matters/{matter.number}/act/log_communication/",
        f"/matters/{matter.number}/act/recognise/",
        f"/matters/{matter.number}/link/",
        "/matters/ZZZZ-ZZZZ/",
        "/nowhere/",
    ]


def entering(matter: Matter) -> list[str]:
    """Return the pages on which a supervisor enters for the unit."""
    return [f"/matters/{matter.number}/", f"/matters/{matter.number}/act/report_progress/?for=housing"]


def test_one_finding_from_the_desk_to_the_claim(city: City, enter: Any, tmp_path: Path) -> None:
    matter = city.rectifying(title="结余资金未盘活")
    proof = tmp_path / "缴款书.txt"
    proof.write_text("已缴", encoding="utf-8")
    page = enter("liaison")
    page.get_by_role("link", name="等我办理").click()
    assert page.url.endswith("?mine=1")
    page.get_by_role("link", name="结余资金未盘活").click()
    page.get_by_role("link", name="申请销号").click()
    page.get_by_label("整改结果").fill("已足额上缴")
    page.get_by_role("button", name="申请销号").click()
    page.get_by_text("“问题根源”").wait_for()
    assert page.get_by_label("整改结果").input_value() == "已足额上缴"
    page.get_by_label("问题根源").fill("制度执行不严")
    page.get_by_label("上缴财政", exact=True).fill("12.5")
    page.get_by_label("佐证材料").set_input_files(proof)
    page.get_by_role("button", name="申请销号").click()
    page.get_by_text("正在等待：审计组核查人").wait_for()
    assert page.get_by_role("status").inner_text() == "已办理：申请销号。"
    state = state_of(matter)
    assert (state.stage, state.values["paid_in"]) == ("checking", 12_500_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="缴款书.txt").first.click()
    assert download.value.suggested_filename == "缴款书.txt"


def test_two_people_at_once_and_no_text_is_lost(city: City, enter: Any) -> None:
    matter = city.rectifying()
    address = f"/matters/{matter.number}/act/report_progress/"
    first, second = enter("liaison"), enter("both")
    first.goto(address)
    second.goto(address)
    first.get_by_label("整改进展").fill("先提交的进展")
    second.get_by_label("整改进展").fill("后提交的长文字，不能丢")
    first.get_by_role("button", name="报告进展").click()
    first.get_by_text("已办理：报告进展。").wait_for()
    second.get_by_role("button", name="报告进展").click()
    second.get_by_role("alert").get_by_text("您填写的内容都还在").wait_for()
    assert second.get_by_label("整改进展").input_value() == "后提交的长文字，不能丢"
    assert second.get_by_text("先提交的进展").first.is_visible()
    second.get_by_role("button", name="报告进展").click()
    second.get_by_text("已办理：报告进展。").wait_for()
    assert state_of(matter).values["progress"] == "后提交的长文字，不能丢"


def test_an_expired_session_brings_the_text_back(city: City, enter: Any) -> None:
    matter = city.rectifying()
    page = enter("liaison")
    page.goto(f"/matters/{matter.number}/act/report_progress/")
    page.get_by_label("整改进展").fill("写了很久的进展\n第二段")
    page.context.clear_cookies(name="bihuan_session")
    page.get_by_role("button", name="报告进展").click()
    page.get_by_label("账号").fill("liaison")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name="返回表单").click()
    assert page.get_by_label("整改进展").input_value() == "写了很久的进展\n第二段"
    page.get_by_role("button", name="报告进展").click()
    page.get_by_text("已办理：报告进展。").wait_for()


def press_until(page: Any, key: str, wanted: str, limit: int = 80) -> None:
    """Press `key` until the element in focus has the text or the name `wanted`; it must be seen to have it."""
    for _ in range(limit):
        page.keyboard.press(key)
        name = page.evaluate("(document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim()")
        if name.startswith(wanted):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            shadow = page.evaluate("getComputedStyle(document.activeElement).boxShadow")
            assert outline != "none" or shadow != "none", f"the focus on {wanted} cannot be seen"
            return
    pytest.fail(f"{wanted} is not reached by {key}")


def test_everything_is_done_with_the_keyboard_alone(city: City, enter: Any) -> None:
    matter = city.rectifying(title="结余资金未盘活")
    page = enter("liaison")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "跳到正文"
    page.keyboard.press("Enter")
    press_until(page, "Tab", "结余资金未盘活")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="结余资金未盘活").wait_for()
    press_until(page, "Tab", "报告进展")
    page.keyboard.press("Enter")
    page.wait_for_url("**/act/report_progress/")
    press_until(page, "Tab", "整改进展")
    page.keyboard.type("键盘填写的进展")
    press_until(page, "Tab", "报告进展")
    page.keyboard.press("Enter")
    page.get_by_text("已办理：报告进展。").wait_for()
    assert state_of(matter).values["progress"] == "键盘填写的进展"
    press_until(page, "Tab", "liaison")
    page.keyboard.press("Enter")
    press_until(page, "Tab", "退出登录")
    page.keyboard.press("Escape")
    assert not page.get_by_role("button", name="退出登录").is_visible()


def test_the_filter_keeps_its_address_clean_and_survives_a_reload(city: City, enter: Any) -> None:
    city.register("finance", title="财政的问题")
    city.rectifying(title="住建的问题")
    page = enter("clerk")
    page.goto("/ledger/")
    page.locator("select[name=mechanism]").select_option(label="审计整改")
    page.get_by_text("共2项").wait_for()
    page.get_by_text("更多筛选").click()
    page.get_by_label("单位（含下级）").fill("澄湖市财政局")
    page.locator("select[name=stage]").select_option("registered")
    page.get_by_text("共1项").wait_for()
    assert sorted(page.url.split("?")[1].split("&"))[:2] == ["mechanism=audit_rectification", "stage=registered"]
    assert "class" not in page.url
    page.reload()
    assert page.get_by_text("共1项").is_visible()
    assert page.get_by_role("link", name="财政的问题").is_visible()
    page.get_by_role("link", name="环节：待下发").click()
    page.get_by_role("link", name="单位：澄湖市财政局").click()
    page.get_by_text("共2项").wait_for()


def test_nothing_scrolls_sideways_on_a_phone(city: City, enter: Any) -> None:
    done = city.struck_off(description="长" * 400, finding_no="ZG2026-0000-1111-2222-3333-4444-5555-6666-7777")
    matter = city.rectifying(title="标题" * 60, project="https://一个/很长/没有/空格/的/项目名称" * 4)
    page = enter("liaison", **PHONE)
    for address in addresses(matter, done):
        page.goto(address)
        assert overflow(page) <= 0, address
    page.goto("/ledger/")
    page.get_by_text("菜单").click()
    assert page.get_by_role("link", name="我的工作台").is_visible()
    assert overflow(page) <= 0
    clerk = enter("clerk", **PHONE)
    for address in (reverse("register_matter", args=["audit_rectification"]), *entering(matter)):
        clerk.goto(address)
        assert overflow(clerk) <= 0, address


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_axe_finds_no_serious_fault(options: dict[str, Any], city: City, enter: Any) -> None:
    done = city.struck_off()
    matter = city.rectifying()
    city.act(matter, "add_measure", "liaison", values={"title": "足额上缴国库"})
    page = enter("liaison", **options)
    faults = {address: faults_of(page, address) for address in addresses(matter, done)}
    clerk = enter("clerk", **options)
    for address in ("/", "/ledger/", reverse("register_matter", args=["audit_rectification"]), *entering(matter)):
        faults[f"clerk {address}"] = faults_of(clerk, address)
    clerk.context.clear_cookies()
    faults["sign in"] = faults_of(clerk, "/sign-in/")
    assert not {address: found for address, found in faults.items() if found}


def faults_of(page: Any, address: str) -> list[str]:
    page.goto(address)
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found if each["impact"] in ("serious", "critical")
    ]
