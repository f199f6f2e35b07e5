"""A clerk's week in the browser: from an empty city and somebody's Excel to strike-offs and a clean ledger."""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import astuple
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from bihuan.directory.models import Post
from bihuan.ledger.days import today
from bihuan.ledger.execute import execute
from bihuan.ledger.fold import load_state
from bihuan.ledger.models import Matter
from bihuan.ledger.orders import Order
from bihuan.ledger.verify import verify
from bihuan.mechanism.state import Command
from bihuan.web.cli.init import make_clerk

from . import edits, expectation, material
from .material import Size

OWN_PASSWORD = "yi-ju-chang-chang-de-mi-ma"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
FINDINGS = "/ledger/?mechanism=audit_rectification"

Enter = Callable[..., Any]


@pytest.fixture
def enter(open_page: Enter, live_server: Any, tmp_path: Path, settings: Any) -> Iterator[Enter]:
    """Open a browser and sign somebody in by typing."""
    settings.BIHUAN_DATA, settings.BIHUAN_EVIDENCE = tmp_path / "data", tmp_path / "data" / "evidence"
    settings.BIHUAN_INTAKE = tmp_path / "data" / "intake"

    def open_for(account: str, password: str, **options: Any) -> Any:
        page = open_page(base_url=live_server.url, **options)
        page.set_default_timeout(60_000)
        page.goto("/sign-in/")
        page.get_by_label("账号").fill(account)
        page.get_by_label("密码").fill(password)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(re.compile("/(?!sign-in)"))
        return page

    yield open_for


@pytest.mark.long
@pytest.mark.parametrize(
    "size", [material.EVERYDAY, pytest.param(material.WHOLE, marks=pytest.mark.slow)], ids=("everyday", "whole")
)
def test_a_week_of_a_clerk(transactional_db: None, enter: Enter, tmp_path: Path, size: Size) -> None:
    day = today()
    wanted = expectation.expected(size, day)
    slips = first_hour(enter("clerk", first_password(make_clerk())), tmp_path, size)
    clerk = first_sign_in(enter, "zhengli", slips)
    bring_ledger(clerk, material.write_ledger(tmp_path / "问题整改台账（汇总）.xlsx", size, day), size)
    settle(clerk, size)
    assign(clerk, expectation.moved(size))
    set_dates(clerk, size, day)
    dispatch(clerk, size)
    units_sign(first_sign_in(enter, "lianluo00", slips, **PHONE))
    sent = split(clerk, tmp_path, size)
    came = sorted(sent.keys() - edits.SILENT)
    take_back(clerk, [edits.edit(sent[index], index, tmp_path) for index in came], sent.keys() - set(came))
    give_evidence(clerk, tmp_path, expectation.claimed(wanted))
    strike_off(enter, slips, len(expectation.claimed(wanted)))
    urge(clerk, expectation.late(wanted, day))
    print_out(clerk, expectation.late(wanted, day))
    compare(wanted)
    assert list(verify(None, files=True)) == []


def first_password(said: list[str]) -> str:
    """Return the password that `bihuan init` prints."""
    return re.search(r"\w{4}-\w{4}-\w{4}", " ".join(said))[0]  # type: ignore[index]


def first_hour(page: Any, folder: Path, size: Size) -> dict[str, str]:
    """Bring in the organisation and its people, and return the first passwords off the printed slips."""
    page.wait_for_url("**/first-hour/")
    for kind, write in (("units", material.write_units), ("people", material.write_people)):
        page.goto(f"/first-hour/{kind}/")
        page.locator("input[name=file]").set_input_files(write(folder / f"{kind}.xlsx", size))
        page.get_by_role("button", name="先核对").click()
        page.get_by_role("button", name="写入").click()
        page.wait_for_url("**/first-hour/")
    page.goto("/first-hour/passwords/")
    page.get_by_role("button", name="生成密码条").click()
    page.locator("[data-slip]").first.wait_for()
    read = "slips => slips.map(slip => [slip.dataset.slip, slip.querySelector('[data-password]').innerText.trim()])"
    slips = dict(page.eval_on_selector_all("[data-slip]", read))
    assert len(slips) == 3 + size.bureaus
    return slips


def first_sign_in(enter: Enter, account: str, slips: dict[str, str], **options: Any) -> Any:
    """Sign in with the password of the slip, which has to be changed before anything else."""
    page = enter(account, slips[account], **options)
    page.wait_for_url("**/password/**")
    page.locator("#new").fill(OWN_PASSWORD)
    page.locator("#again").fill(OWN_PASSWORD)
    page.get_by_role("button", name="修改").click()
    page.wait_for_url(re.compile("/(?!password)"))
    page.locator("h1").first.wait_for()
    return page


def bring_ledger(page: Any, path: Path, size: Size) -> None:
    page.goto("/import/")
    page.locator("#file").set_input_files(path)
    page.get_by_role("button", name="读取文件").click()
    page.get_by_role("button", name=f"登记 {size.rows - size.waiting} 行").click()
    page.get_by_role("link", name=f"处理 {size.waiting} 行").click()


def settle(page: Any, size: Size) -> None:
    """Name the unit or the amount of each row that waits; where no day is written, none is for now."""
    page.get_by_role("link", name="逐行处理").click()
    for _ in range(size.waiting):
        if page.locator("[data-field=responsible_unit] .why").count():
            page.locator("[name=value-responsible_unit]").fill(material.unit_name(expectation.NAMED_UNIT))
        elif page.locator("[data-field=due] .why").count():
            page.locator("[name=empty-due]").check()
        else:
            page.locator("[name=value-amount]").fill(str(expectation.NAMED_AMOUNT // 1_000_000))
            page.locator("[name=unit-amount]").select_option(label="万元")
        here = page.url
        page.get_by_role("button", name="登记本行").click()
        page.wait_for_url(lambda url, here=here: url != here)
    assert Matter.objects.count() == size.rows


def tick(page: Any, numbers: tuple[str, ...]) -> None:
    for number in numbers:
        page.locator("#grid tr", has_text=number).get_by_role("checkbox").check()


def tick_all(page: Any) -> None:
    """Tick all that fit the filter, those on the pages after this too."""
    page.get_by_label("勾选本页全部").check()
    page.locator("#picked [data-all]").check()


def act(page: Any, button: str, action: str = "", fill: Callable[[], None] = lambda: None) -> int:
    """Press the button of the bar, choose the action, fill in the form; return on how many it was done."""
    page.locator("#picked").get_by_role("button", name=button, exact=True).click()
    if action:
        page.get_by_role("button", name=action, exact=True).click()
    page.get_by_role("button", name="预览办理结果").wait_for()
    fill()
    page.get_by_role("button", name="预览办理结果").click()
    page.locator("button[name=step][value=done]").click()
    page.locator(".note-success").wait_for()
    return int(re.search(r"\d+", page.locator(".note-success").inner_text())[0])  # type: ignore[index]


def assign(page: Any, numbers: tuple[str, ...]) -> None:
    page.goto(f"{FINDINGS}&unit={material.unit_name(0)}")
    tick(page, numbers)
    to = material.unit_name(expectation.MOVED_TO)
    assert act(page, "指定责任单位", fill=lambda: page.get_by_label("责任单位", exact=True).fill(to)) == 3


def set_dates(page: Any, size: Size, day: date) -> None:
    """Set the day of the findings whose ledger names none, unit by unit."""
    due = (day + expectation.SET_DUE).isoformat()
    without: dict[str, tuple[str, ...]] = {}
    for each in material.findings(size, day):
        without |= {each.unit: (*without.get(each.unit, ()), each.number)} if each.due is None else {}
    for unit, numbers in without.items():
        page.goto(f"{FINDINGS}&unit={unit}")
        tick(page, numbers)
        assert act(page, "定期限", fill=lambda: page.get_by_label("整改期限", exact=True).fill(due)) == len(numbers)


def dispatch(page: Any, size: Size) -> None:
    done = 0
    for project in material.PROJECTS:
        page.goto(f"{FINDINGS}&q={project}")
        tick_all(page)
        done += act(page, "其他办理", "下发")
    assert done == size.rows


def units_sign(phone: Any) -> None:
    """One liaison signs for one finding on the phone, in two taps; the others sign for theirs by the same rule."""
    phone.get_by_role("link", name="签收").first.click()
    phone.get_by_role("button", name="签收").click()
    phone.get_by_text("已办理：签收").wait_for()
    posts = {post.unit_id: post for post in Post.objects.filter(account__account__startswith="lianluo")}
    for matter in Matter.objects.filter(stage="dispatched"):
        post = posts[matter.responsible_id]
        execute(Order(matter.pk, Command("sign", post.account.account), post), now=timezone.now())


def split(page: Any, folder: Path, size: Size) -> dict[int, Path]:
    """Download the zip and return the workbook of each unit by its place in the list of bureaus."""
    page.goto("/workbooks/split/")
    with page.expect_download() as download:
        page.get_by_role("button", name="生成工作簿").click()
    download.value.save_as(folder / "拆分.zip")
    with zipfile.ZipFile(folder / "拆分.zip") as packed:
        packed.extractall(folder / "sent")
    assert len(list((folder / "sent").glob("*.xlsx"))) == size.bureaus
    names = enumerate(map(material.unit_name, range(size.bureaus)))
    return {index: next((folder / "sent").glob(f"{name}_*.xlsx")) for index, name in names}


def take_back(page: Any, files: list[Path], silent: set[int]) -> None:
    """Drop in what came back, leave a row and a file as they were, take over the rest."""
    page.goto("/workbooks/answers/")
    page.locator("#files").set_input_files(files)
    page.get_by_role("button", name="读取文件").click()
    page.locator("[data-brought]").first.wait_for(timeout=120_000)
    assert page.locator("[data-brought]").count() == len(files)
    missing = page.locator("[data-missing] > span:first-child").all_inner_texts()
    assert sorted(missing) == sorted(map(material.unit_name, silent))
    addresses = page.eval_on_selector_all("[data-brought] a", "links => links.map(link => [link.innerText, link.href])")
    for name, address in addresses:
        decide(page, address, int(re.search(r"\d+", name)[0]))  # type: ignore[index]


def decide(page: Any, address: str, index: int) -> None:
    page.goto(address)
    left = page.locator("section[aria-labelledby=left]")
    if index % 6 == edits.TAMPERS:
        assert "涉及金额" in left.inner_text()
    if index % 6 == edits.CLAIMS:
        assert "另有一项自查发现的问题" in left.inner_text()
    if index == expectation.LEFT_ROW:
        page.get_by_role("button", name="本行不采纳").first.click()
        page.get_by_text("有1项未采纳").wait_for()
    if page.locator("#decide").count():
        do = "所勾选的不采纳" if index == expectation.LEFT_WHOLE else "采纳所勾选的内容"
        page.locator("#decide").get_by_role("button", name=do).click()
        page.locator("#decide").wait_for(state="detached")
    if left.count():
        page.get_by_role("button", name="收存此表").click()
        page.wait_for_url("**/answers/")


def give_evidence(page: Any, folder: Path, claimed: list[str]) -> None:
    """Give the vouchers of the claims; of the heap one file is for nothing, and one came for two findings."""
    with zipfile.ZipFile(folder / "佐证.zip", "w") as packed:
        for number in claimed:
            packed.writestr(expectation.VOUCHER.format(number), f"{number} 已缴入国库")
        for number in claimed[:2]:
            packed.writestr(f"{number}/{expectation.SHARED}", "同一张凭证")
        packed.writestr("说明.txt", "哪一项的说明都不是")
    page.goto("/workbooks/evidence/")
    page.locator("#files").set_input_files(folder / "佐证.zip")
    page.get_by_role("button", name="查看内容").click()
    page.locator("#give").wait_for()
    assert page.locator("section[aria-labelledby=rest] [data-file]").count() == 1
    assert page.locator(f"[data-file$='{expectation.SHARED}'] .why").count() == 2
    page.get_by_role("button", name=f"归入所勾选的文件（{len(claimed) + 2}个）").click()
    page.locator(".note-success").wait_for()


def strike_off(enter: Enter, slips: dict[str, str], claimed: int) -> None:
    """The verifier recognises what was claimed, the approver strikes it off; neither could do both."""
    page = first_sign_in(enter, "hecha", slips)
    page.goto(f"{FINDINGS}&stage=checking")
    tick_all(page)

    def judge() -> None:
        page.get_by_label("资金已上缴、退还、收回或处置").check()
        page.get_by_label("核查意见").fill("凭证齐全，款已入库")

    assert act(page, "其他办理", "认定已整改", judge) == claimed
    page = first_sign_in(enter, "shending", slips)
    page.goto(f"{FINDINGS}&stage=approving")
    tick_all(page)
    assert act(page, "其他办理", "审定销号") == claimed


def urge(page: Any, late: dict[str, set[str]]) -> None:
    """Every finding that is late stands once, in the text to its own unit, and is noted as urged."""
    page.goto(f"{FINDINGS}&overdue=1")
    tick_all(page)
    page.locator("#picked").get_by_role("button", name="催办", exact=True).click()
    page.locator("[data-letter]").first.wait_for()
    read = (
        "all => all.map(one => [one.innerText, [...one.querySelectorAll('textarea')].map(each => each.value).join()])"
    )
    letters = page.eval_on_selector_all("[data-letter]", read)
    found = {head.split("\n")[0].strip(): sorted(re.findall(r"CC-\d+", text)) for head, text in letters}
    assert found == {unit: sorted(numbers) for unit, numbers in late.items()}
    page.get_by_role("button", name="全部记为已催办").click()
    page.locator(".note-success").wait_for()
    urged = [matter.finding_no for matter in Matter.objects.all() if load_state(matter.state).urged]
    assert sorted(urged) == sorted(number for numbers in late.values() for number in numbers)


def print_out(page: Any, late: dict[str, set[str]]) -> None:
    page.goto(f"{FINDINGS}&overdue=1")
    tick_all(page)
    for button, row in (("打印", "tbody tr"), ("打印签收单", ".slip")):
        with page.expect_popup() as opened:
            page.locator("#picked").get_by_role("button", name=button, exact=True).click()
        paper = opened.value
        paper.locator(row).first.wait_for()
        printed = [re.findall(r"CC-\d+", text) for text in paper.locator(row).all_inner_texts()]
        assert sorted(each[0] for each in printed) == sorted(number for numbers in late.values() for number in numbers)
        paper.close()


def compare(wanted: dict[str, expectation.Held]) -> None:
    """The ledger equals the expectation, field by field, for every finding."""
    held = {}
    for matter in Matter.objects.select_related("responsible"):
        state = load_state(matter.state)
        assert (state.stage, state.values["amount"]) == (matter.stage, matter.amount)
        held[matter.finding_no] = expectation.Held(
            unit=matter.responsible.name,
            title=state.values["title"],
            amount=state.values["amount"],
            due=matter.due,
            stage=state.stage,
            recognition=matter.recognition,
            progress=state.values.get("progress"),
            result=state.values.get("result"),
            files=[proof.name for proof in state.evidence],
        )
    assert sorted(held) == sorted(wanted)
    differ = [(astuple(held[number]), astuple(wanted[number])) for number in wanted if held[number] != wanted[number]]
    assert not differ, f"{len(differ)} findings differ, among them {differ[:3]}"
