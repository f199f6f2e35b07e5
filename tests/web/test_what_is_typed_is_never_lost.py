"""What is typed is kept in the browser until it is sent: by account and address, and never a password."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bihuan.ledger.models import Matter
from city import City, state_of

PASSWORD = "test-only-passphrase"
DRAFTS = "Object.keys(localStorage).filter((key) => key.startsWith('bihuan-draft:'))"


@pytest.fixture
def visit(open_page: Callable[..., Any], live_server: Any, city: City) -> Iterator[Callable[..., Any]]:
    """Open a browser at the sign-in page, for `sign_in`."""

    def open_one(**options: Any) -> Any:
        page = open_page(base_url=live_server.url, **options)
        page.goto("/")
        return page

    yield open_one


def sign_in(page: Any, account: str) -> Any:
    page.get_by_label("账号").fill(account)
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    page.wait_for_load_state()
    return page


def typed_into(page: Any, matter: Matter, text: str, *, action: str = "report_progress") -> None:
    page.goto(f"/matters/{matter.number}/act/{action}/")
    page.get_by_label("整改进展").fill(text)
    page.wait_for_selector("form[data-kept]")


def test_a_reload_or_a_crash_brings_the_text_back_and_it_can_be_discarded(city: City, visit: Any) -> None:
    matter = city.rectifying()
    page = sign_in(visit(), "liaison")
    typed_into(page, matter, "写了很久的进展\n第二段")
    page.reload()
    assert page.get_by_label("整改进展").input_value() == "写了很久的进展\n第二段"
    assert "已恢复未发送的内容" in page.locator(".draft").inner_text()
    crashed = page.context.new_page()
    page.close(run_before_unload=False)
    crashed.goto("/")
    assert crashed.get_by_text("本机上填写了但没有发送的内容").is_visible()
    crashed.locator("[data-drafts]").get_by_role("link", name="报告进展").click()
    assert crashed.get_by_label("整改进展").input_value() == "写了很久的进展\n第二段"
    crashed.get_by_role("button", name="丢弃").click()
    assert crashed.get_by_label("整改进展").input_value() == ""
    crashed.reload()
    assert crashed.get_by_text("已恢复未发送的内容").count() == 0
    assert state_of(matter).values.get("progress") is None


def test_what_was_sent_is_kept_no_longer(city: City, visit: Any) -> None:
    matter = city.rectifying()
    page = sign_in(visit(), "liaison")
    typed_into(page, matter, "已上缴")
    page.get_by_role("button", name="报告进展").click()
    page.get_by_text("已办理：报告进展。").wait_for()
    assert page.evaluate(DRAFTS) == []


def test_a_form_that_came_back_is_kept_too(city: City, visit: Any) -> None:
    matter = city.rectifying()
    page = sign_in(visit(), "liaison")
    page.goto(f"/matters/{matter.number}/act/claim_done/")
    page.get_by_label("整改结果").fill("已足额上缴")
    page.get_by_role("button", name="申请销号").click()
    page.get_by_text("“问题根源”").wait_for()
    page.get_by_label("问题根源").fill("制度执行不严")
    page.wait_for_timeout(500)
    page.goto(f"/matters/{matter.number}/act/claim_done/")
    assert page.get_by_label("整改结果").input_value() == "已足额上缴"
    assert page.get_by_label("问题根源").input_value() == "制度执行不严"


def test_a_text_written_on_an_older_state_still_meets_what_changed(city: City, visit: Any) -> None:
    matter = city.rectifying(progress="原进展")
    page = sign_in(visit(), "liaison")
    typed_into(page, matter, "我写的进展")
    page.goto("/")
    city.act(matter, "report_progress", "both_owner", values={"progress": "另一人写的进展"})
    page.goto(f"/matters/{matter.number}/act/report_progress/")
    assert page.get_by_label("整改进展").input_value() == "我写的进展"
    page.get_by_role("button", name="报告进展").click()
    page.locator("#conflict").wait_for()
    assert "另一人写的进展" in page.locator("#conflict").inner_text()
    assert state_of(matter).values["progress"] == "另一人写的进展", "nothing was overwritten unseen"
    page.get_by_role("button", name="报告进展").click()
    page.get_by_text("已办理：报告进展。").wait_for()
    assert state_of(matter).values["progress"] == "我写的进展"


def test_the_next_person_at_the_machine_does_not_meet_it(city: City, visit: Any) -> None:
    matter = city.rectifying()
    page = sign_in(visit(), "liaison")
    typed_into(page, matter, "甲写的进展")
    page.context.clear_cookies()
    page.goto("/")
    sign_in(page, "both")
    assert page.get_by_text("甲写的进展").count() == 0 and page.locator("[data-drafts]").is_hidden()
    page.goto(f"/matters/{matter.number}/act/report_progress/")
    assert page.get_by_label("整改进展").input_value() == ""
    page.context.clear_cookies()
    page.goto("/")
    sign_in(page, "liaison")
    page.goto(f"/matters/{matter.number}/act/report_progress/")
    assert page.get_by_label("整改进展").input_value() == "甲写的进展", "but the person does"


def test_signing_out_asks_and_then_leaves_nothing_behind(city: City, visit: Any) -> None:
    matter = city.rectifying()
    page = sign_in(visit(), "liaison")
    typed_into(page, matter, "没有发送的进展")
    asked: list[str] = []

    def answer(dialog: Any) -> None:
        asked.append(dialog.message)
        dialog.accept() if len(asked) > 1 else dialog.dismiss()

    page.on("dialog", answer)
    page.locator("details.who summary").click()
    page.get_by_role("button", name="退出登录").click()
    assert page.evaluate(DRAFTS), "who says no keeps both"
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/sign-in/**")
    assert len(asked) == 2 and "1份" in asked[0]
    assert page.evaluate(DRAFTS) == []


def test_a_password_is_never_kept(city: City, visit: Any) -> None:
    page = visit()
    page.get_by_label("账号").fill("liaison")
    page.get_by_label("密码").fill("a-secret-nobody-keeps")
    page.wait_for_timeout(400)
    assert "a-secret" not in page.evaluate("JSON.stringify(localStorage)")
    sign_in(page, "liaison")
    page.evaluate(
        """() => {
          const form = document.createElement('form');
          form.dataset.keep = '';
          form.innerHTML = '<input name=note><input type=password name=secret>';
          document.querySelector('main').append(form);
        }"""
    )
    page.locator("input[name=note]").fill("说明")
    page.locator("input[name=secret]").fill("a-secret-nobody-keeps")
    page.wait_for_selector("form[data-kept]")
    assert "a-secret" not in page.evaluate("JSON.stringify(localStorage)")


def test_registering_by_hand_is_kept_and_goes_on_after_an_expired_session(city: City, visit: Any) -> None:
    page = sign_in(visit(), "clerk")
    page.goto("/register/audit_rectification/")
    page.get_by_label("问题摘要").fill("专项资金闲置")
    page.get_by_label("责任单位", exact=False).first.fill("澄湖市住房和城乡建设局")
    page.wait_for_selector("form[data-kept]")
    page.reload()
    assert page.get_by_label("问题摘要").input_value() == "专项资金闲置"
    page.context.clear_cookies(name="bihuan_session")
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_label("账号").fill("clerk")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name="返回表单").click()
    page.get_by_role("button", name="登记", exact=True).click()
    page.wait_for_url("**/matters/**")
    assert Matter.objects.get().title == "专项资金闲置"
    page.goto("/")
    assert page.locator("[data-drafts]").is_hidden()
