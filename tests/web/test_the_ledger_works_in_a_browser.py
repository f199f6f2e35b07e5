"""The Ledger under the clerk's hands: keys from cell to cell, the matter beside the list, ticks, Excel, a phone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.test import Client

from bihuan.intake.models import Intake
from bihuan.ledger.models import Event, Matter
from bihuan.web.models import GridChoice
from city import City

from .test_the_ledger_lists_what_is_asked import register_many

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
#: Puts a text on the clipboard and pastes it where the focus is, as Ctrl+V does.
PASTE = """
(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const event = new ClipboardEvent("paste", {bubbles: true, cancelable: true, clipboardData: data});
  (document.activeElement || document.body).dispatchEvent(event);
}
"""
COPY = """
() => {
  const data = new DataTransfer();
  const event = new ClipboardEvent("copy", {bubbles: true, cancelable: true, clipboardData: data});
  (document.activeElement || document.body).dispatchEvent(event);
  return data.getData("text/plain");
}
"""
HERE = """
() => {
  const cell = document.activeElement.closest("#grid td, #grid th");
  return cell && [cell.closest("tr").dataset.matter ?? "", cell.cellIndex];
}
"""


@pytest.fixture
def enter(open_page: Callable[..., Any], live_server: Any, city: City, tmp_path: Path, settings: Any) -> Any:
    """Open a browser in which one of the cast is signed in."""
    settings.BIHUAN_INTAKE = tmp_path / "intake"

    def open_for(account: str, **options: Any) -> Any:
        client = Client()
        client.force_login(next(post.account for post in city.posts.values() if post.account.account == account))
        page = open_page(base_url=live_server.url, **options)
        name = django_settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        return page

    return open_for


def numbers(page: Any) -> list[str]:
    return page.eval_on_selector_all("#grid tr[data-matter]", "rows => rows.map(row => row.dataset.matter)")


def press(page: Any, *keys: str) -> list[Any]:
    """Press the keys one after the other and return the cell in focus: the matter's number, the column's place."""
    for key in keys:
        page.keyboard.press(key)
    return page.evaluate(HERE)


def start(page: Any, address: str = "/ledger/?sort=finding_no") -> list[str]:
    """Open the list and put the focus on the title of its first row."""
    page.goto(address)
    page.locator("#grid tbody .c-title").first.focus()
    return numbers(page)


def test_keys_lead_from_cell_to_cell_and_over_the_end_of_the_page(city: City, enter: Any) -> None:
    register_many(city, 60)
    page = enter("clerk")
    rows = start(page)
    assert press(page, "ArrowDown") == [rows[1], 2]
    assert press(page, "ArrowRight", "ArrowRight") == [rows[1], 4]
    assert press(page, "Home") == [rows[1], 0]
    assert press(page, "End") == [rows[1], 9]
    assert press(page, "Control+End") == [rows[49], 9]
    assert press(page, "Control+Home") == [rows[0], 0]
    assert press(page, "PageDown") == [rows[10], 0]
    assert press(page, "PageUp", "ArrowRight", "ArrowRight") == [rows[0], 2]
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert page.locator('#grid [tabindex="0"]').count() == 1
    press(page, "Control+End")
    page.keyboard.press("PageDown")
    page.wait_for_url("**after=**")
    page.wait_for_function("document.activeElement.closest('#grid')")
    second = numbers(page)
    assert len(second) == 10
    assert page.evaluate(HERE) == [second[0], 9]
    page.keyboard.press("PageUp")
    page.wait_for_url("**before=**")
    page.wait_for_function("document.activeElement.closest('#grid')")
    assert page.evaluate(HERE) == [rows[49], 9]
    press(page, "Control+Home", "ArrowUp", "ArrowRight", "ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**sort=title**")


def test_enter_opens_the_matter_beside_the_list_and_the_place_is_not_lost(city: City, enter: Any) -> None:
    register_many(city, 3)
    page = enter("clerk")
    rows = start(page)
    press(page, "ArrowDown", "Enter")
    page.get_by_role("heading", name="问题001").wait_for()
    assert page.url.endswith(f"&open={rows[1]}")
    assert page.evaluate("document.activeElement.id") == "side-title"
    side = page.locator("#side")
    assert side.get_by_role("link", name="下发").is_visible()
    assert side.get_by_text("最近记录").is_visible()
    page.keyboard.press("Escape")
    page.wait_for_function("document.getElementById('side').hidden")
    assert page.evaluate(HERE) == [rows[1], 2]
    assert "open=" not in page.url
    press(page, "ArrowDown", "Enter")
    page.get_by_role("heading", name="问题002").wait_for()
    page.reload()
    assert page.get_by_role("heading", name="问题002").is_visible()
    page.get_by_role("link", name="关闭").click()
    assert page.locator("#side").is_hidden()
    page.get_by_role("link", name="问题000").click()
    page.get_by_role("heading", name="问题000").wait_for()
    page.get_by_role("link", name="问题001").click()
    page.get_by_role("heading", name="问题001").wait_for()
    page.go_back()
    page.wait_for_function("document.getElementById('side').hidden")
    assert numbers(page) == rows


def test_without_room_beside_the_list_the_matters_page_opens(city: City, enter: Any) -> None:
    matter = city.register(title="结余资金未盘活")
    page = enter("clerk", **PHONE)
    page.goto("/ledger/")
    page.get_by_role("link", name="结余资金未盘活").click()
    page.wait_for_url(f"**/matters/{matter.number}/")
    page.goto(f"/ledger/?open={matter.number}")
    page.wait_for_url(f"**/matters/{matter.number}/")


def test_ticked_matters_are_kept_over_pages_and_sent_with_the_deed(city: City, enter: Any) -> None:
    register_many(city, 60)
    page = enter("clerk")
    rows = start(page)
    press(page, "Space", "ArrowDown", "ArrowDown", "Shift+Space")
    assert page.get_by_text("已勾选3项").is_visible()
    page.get_by_role("link", name="下一页").click()
    page.wait_for_url("**after=**")
    page.locator('#grid input[name="m"]').first.check()
    assert page.get_by_text("已勾选4项").is_visible()
    other = numbers(page)[0]
    sent = ticked(page)
    assert (sent["m"], "/bulk/act/" in sent["to"]) == ([*rows[:3], other], True)
    page.get_by_label("符合筛选的全部60项").check()
    assert ticked(page)["m"] == []
    page.get_by_role("button", name="取消勾选").click()
    assert page.get_by_role("button", name="其他办理").is_hidden()
    page.goto("/ledger/?sort=finding_no")
    assert page.locator('#grid input[name="m"]:checked').count() == 0


def test_the_step_that_all_ticked_rows_wait_for_has_a_button(city: City, enter: Any) -> None:
    first, second = register_many(city, 2)
    claimed = city.claimed(title="待核查的", finding_no="Z-9")
    page = enter("clerk")
    start(page)
    dispatch = page.locator("#picked").get_by_role("button", name="下发")
    for matter in (first, second):
        page.locator(f'#grid input[value="{matter.number}"]').check()
        assert dispatch.is_visible()
    page.locator(f'#grid input[value="{claimed.number}"]').check()
    assert dispatch.is_hidden(), "it cannot be done on all"
    page.get_by_label("符合筛选的全部").check()
    assert dispatch.is_hidden()
    page.goto("/ledger/?stage=registered")
    page.locator("#pick-all").check()
    dispatch.click()
    page.wait_for_url("**/bulk/act/**")
    assert page.get_by_role("heading", name="下发").is_visible()


def ticked(page: Any) -> Any:
    """Return what the bar would send, and where to."""
    return page.evaluate("""() => {
      const form = document.getElementById("picked");
      const button = [...form.querySelectorAll("button")].find((each) => each.textContent === "其他办理");
      return {m: new FormData(form).getAll("m"), to: button.formAction};
    }""")


def test_rows_are_copied_as_excel_takes_them_and_come_back_unchanged(city: City, enter: Any) -> None:
    matter = city.register(title='挂账\n"往来款"', finding_no="Z-1", project="预算执行审计", amount=1_234_567_00)
    city.register(title="=1+1", finding_no="Z-2", project="预算执行审计")
    page = enter("clerk")
    start(page)
    one = page.evaluate(COPY)
    assert one.split("\r\n")[0].split("\t")[:4] == ["事项编号", "问题编号", "问题摘要", "责任单位"]
    assert one.count("\r\n") == 1
    assert f'{matter.number}\tZ-1\t"挂账\n""往来款"""\t澄湖市住房和城乡建设局\t立行立改\t123.4567' in one
    press(page, "Space", "ArrowDown", "Space")
    assert "\t'=1+1\t" in page.evaluate(COPY)
    page.locator("#grid tbody .c-title").first.focus()
    page.evaluate(PASTE, one)
    page.wait_for_url("**/import/**")
    row = Intake.objects.get().rows.exclude(status="skipped").get()
    assert (row.status, row.matter_id) == ("unchanged", matter.pk)


def test_rows_pasted_into_the_list_become_an_import_that_is_looked_at_first(city: City, enter: Any) -> None:
    register_many(city, 1)
    page = enter("clerk")
    start(page)
    before = Event.objects.count()
    page.evaluate(PASTE, "问题\t责任单位\t整改时限\n专项资金闲置\t澄湖市财政局\t2027-06-30\n")
    page.wait_for_url("**/import/**")
    row = Intake.objects.get().rows.exclude(status="skipped").get()
    assert (row.status, "专项资金闲置" in row.values) == ("ready", True)
    assert (Event.objects.count(), Matter.objects.count()) == (before, 1)
    start(page)
    page.evaluate(PASTE, "随手复制的一句话")
    page.wait_for_url("**/ledger/paste/")
    assert page.get_by_role("alert").get_by_text("只有一列").is_visible()
    assert page.get_by_label("在Excel或WPS中复制的行").input_value() == "随手复制的一句话"


def test_a_filter_that_was_taken_off_is_put_back(city: City, enter: Any) -> None:
    city.register("finance")
    city.register("housing")
    page = enter("clerk")
    page.goto("/ledger/?unit=finance&state=open")
    page.get_by_role("link", name="单位：澄湖市财政局").click()
    page.get_by_text("共2项").wait_for()
    page.get_by_role("link", name="撤销").click()
    page.get_by_text("共1项").wait_for()
    assert "unit=finance" in page.url
    page.get_by_label("已逾期").check()
    page.get_by_text("没有符合条件的事项").wait_for()
    assert "overdue=1" in page.url
    page.go_back()
    page.get_by_text("共1项").wait_for()
    assert "overdue" not in page.url


def test_a_view_is_saved_from_what_the_list_shows_after_filtering(city: City, enter: Any) -> None:
    city.register("finance", title="财政的问题")
    city.register("housing", title="住建的问题")
    page = enter("clerk")
    page.goto("/ledger/")
    page.get_by_label("搜索").fill("财政的")
    page.keyboard.press("Enter")
    page.get_by_text("共1项").wait_for()
    page.get_by_text("保存当前视图").click()
    page.get_by_label("视图名称").fill("财政")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("视图“财政”已保存").wait_for()
    page.goto("/ledger/")
    page.get_by_role("link", name="财政", exact=True).click()
    assert page.get_by_text("共1项").is_visible()
    assert page.get_by_label("搜索").input_value() == "财政的"


def test_a_head_is_dragged_wider_and_stays_so(city: City, enter: Any) -> None:
    city.register()
    page = enter("clerk")
    page.goto("/ledger/")
    box = page.locator('th[data-key="stage"] .grip').bounding_box()
    with page.expect_response("**/ledger/columns/"):
        page.mouse.move(box["x"] + 4, box["y"] + 8)
        page.mouse.down()
        page.mouse.move(box["x"] + 64, box["y"] + 8, steps=4)
        page.mouse.up()
    assert GridChoice.objects.get().widths["stage"] == pytest.approx(172, abs=6)
    page.reload()
    assert page.locator('th[data-key="stage"]').bounding_box()["width"] == pytest.approx(172, abs=6)


def test_head_and_first_columns_stand_fast(city: City, enter: Any) -> None:
    register_many(city, 40)
    page = enter("clerk", viewport={"width": 900, "height": 700})
    start(page)
    before = page.locator("#grid thead .c-title").bounding_box()
    page.locator("#grid-scroll").evaluate("area => area.scrollTo(300, 500)")
    assert page.locator("#grid-scroll").evaluate("area => [area.scrollLeft, area.scrollTop]") == [300, 500]
    after = page.locator("#grid thead .c-title").bounding_box()
    assert (after["x"], after["y"]) == (before["x"], before["y"])


def test_groups_fold_and_the_keys_step_over_what_is_folded(city: City, enter: Any) -> None:
    register_many(city, 2)
    register_many(city, 2, responsible_unit="finance")
    page = enter("clerk")
    page.goto("/ledger/?group=unit")
    page.get_by_role("button", name="澄湖市住房和城乡建设局").click()
    assert page.locator("#grid tr[data-matter]:visible").count() == 2
    shown = page.eval_on_selector_all(
        "#grid tbody tr:not([hidden])", "rows => rows.map(row => row.dataset.matter ?? '')"
    )
    page.locator("#grid .group-fold").first.focus()
    walked = [page.evaluate(HERE)[0], *(press(page, "ArrowDown")[0] for _ in shown[1:])]
    assert walked == shown


def test_the_list_is_cards_on_a_phone(city: City, enter: Any) -> None:
    city.register(title="标题" * 60, project="https://一个/很长/没有/空格/的/项目名称" * 4, amount=100)
    page = enter("clerk", **PHONE)
    for address in ("/ledger/", "/ledger/?group=unit", "/ledger/#columns", "/ledger/views/", "/ledger/paste/"):
        page.goto(address)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, address
    page.goto("/ledger/")
    card = page.locator("#grid tr[data-matter]").first
    assert card.evaluate("row => getComputedStyle(row).display") == "block"
    assert page.locator("#grid").get_attribute("role") is None
    card.get_by_role("checkbox").check()
    assert page.get_by_role("button", name="其他办理").is_visible()


def test_the_page_works_without_script(city: City, enter: Any) -> None:
    matter = city.register(title="结余资金未盘活")
    page = enter("clerk", java_script_enabled=False)
    page.goto("/ledger/")
    page.get_by_label("勾选：结余资金未盘活").check()
    page.get_by_role("button", name="其他办理").click()
    assert page.url.split("?")[0].endswith("/bulk/act/")
    page.goto("/ledger/")
    page.get_by_role("link", name="结余资金未盘活").click()
    assert page.url.endswith(f"/matters/{matter.number}/")
    page.goto("/ledger/")
    page.get_by_text("列与显示").last.click()
    page.get_by_role("checkbox", name="整改措施").check()
    page.get_by_role("button", name="应用").click()
    assert page.locator('th[data-key="f-measures"]').is_visible()


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_axe_finds_no_serious_fault_on_the_ledger(options: dict[str, Any], city: City, enter: Any) -> None:
    matter = city.rectifying(measures="逐笔清理", finding_no="Z-1")
    city.register("finance")
    page = enter("clerk", **options)
    faults = {}
    for address in ("/ledger/", "/ledger/?group=unit", f"/ledger/?open={matter.number}", "/ledger/#columns",
                    "/ledger/?q=没有", "/ledger/views/", "/ledger/paste/"):  # fmt: skip
        page.goto(address)
        page.wait_for_load_state()
        if box := page.locator('#grid input[name="m"]').first:
            box.check() if box.is_visible() else None
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        faults[address] = [
            f"{each['id']}: {each['nodes'][0]['html'][:160]}"
            for each in found
            if each["impact"] in ("serious", "critical")
        ]
    assert not {address: found for address, found in faults.items() if found}
