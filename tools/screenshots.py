"""Take a picture of every page at 1280 and at 360 pixels, each as the person who must use it, into build/screenshots.

With --readme, the pictures of the READMEs are taken anew into docs/images. A demonstration city is made in a
temporary folder and served from there; nothing of yours is touched.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Error

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "screenshots"
BIHUAN = Path(sys.executable).parent / "bihuan"
WIDTHS = {1280: 860, 360: 740}
_SECONDS_TO_START = 60

sys.path.insert(0, str(ROOT / "tests"))


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="bihuan-screenshots-") as folder:
        place(Path(folder))
        with served() as base:
            known = prepared(Path(folder))
            return illustrate(base, known) if "--readme" in sys.argv else take(base, known)


def place(folder: Path) -> None:
    """Choose the data folder and a free port for this process and its children, and make the city."""
    for name in [name for name in os.environ if name.startswith("BIHUAN_")]:
        del os.environ[name]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    os.environ |= {"BIHUAN_DATA": str(folder / "data"), "BIHUAN_PORT": str(port)}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "bihuan.web.settings", "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
    run("init", "--demo")


def run(*words: str) -> None:
    subprocess.run([BIHUAN, *words], check=True, stdout=subprocess.DEVNULL)


@contextmanager
def served() -> Iterator[str]:
    server = subprocess.Popen([BIHUAN, "serve"], stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + _SECONDS_TO_START
        address = ("127.0.0.1", int(os.environ["BIHUAN_PORT"]))
        while True:
            try:
                socket.create_connection(address, timeout=1).close()
                break
            except OSError:
                if server.poll() is not None or time.monotonic() > end:
                    raise SystemExit("the server did not start") from None
                time.sleep(0.1)
        yield f"http://127.0.0.1:{address[1]}"
    finally:
        server.terminate()
        server.wait()


def prepared(folder: Path) -> dict[str, str]:
    """Bring in what the demonstration lacks, and return the arguments that the pages are looked at with."""
    import django

    django.setup()
    from django.test import Client
    from django.utils import timezone

    from bihuan.demo import PASSWORD
    from bihuan.directory import confirming
    from bihuan.directory.models import Account, AlterationValue, Post, Register, Unit
    from bihuan.intake.models import IntakeRow
    from bihuan.intake.opening import Asked, read_file, store
    from bihuan.ledger.models import Matter
    from bihuan.workbooks.models import Answer

    mechanism, ledger = "audit_rectification", ROOT / "docs" / "samples" / "ledger.csv"
    run("import", str(ledger), "--mechanism", mechanism, "--as", "clerk")
    mine = Post.objects.filter(account__account="zhuoluoshi").values("unit")
    mine_open = Matter.objects.filter(stage="rectifying", responsible__in=mine).order_by("due")
    first, second = mine_open[:2]
    answered(folder, mechanism, first.responsible.name, first.number)
    entries = folder / "register.csv"
    entries.write_text("key,name\nA-1,云汀第一建设集团\nA-2,云汀供水有限公司\n", encoding="utf-8")
    run("registers", "import", str(entries), "--register", "enterprise", "--zh", "企业", "--en", "Enterprises")
    post, now = Post.objects.get(account__account="clerk"), timezone.now()
    auditor = Account(account="auditor", name="审计员")
    auditor.set_password(PASSWORD)
    auditor.save()
    auditing = Post.objects.create(
        key="auditor", account=auditor, unit=post.unit, title="安全审计员", roles=["audit_admin"], since=now.date()
    )
    entry = AlterationValue.objects.order_by("alteration_id")[0].alteration_id
    body = {"entry": entry, "slots": ["name"], "ground": "当事人依《个人信息保护法》第四十七条提出请求"}
    pending = confirming.ask(confirming.ERASURE, body, post=auditing, now=now, today=now.date())
    copy = folder / "second.csv"
    copy.write_text(ledger.read_text(encoding="utf-8-sig").replace("ZX-", "ZY-"), encoding="utf-8")
    asked = Asked(copy, "第二批问题台账.csv", mechanism, post, "clerk", now)
    waiting = store(asked, *read_file(asked))
    text = "会议要求，棠川市财政局要加快推进审计整改，年底前完成资金清退。"
    reader = Client(HTTP_HOST="localhost")
    reader.force_login(Account.objects.get(account="clerk"))
    brought = reader.post("/texts/", {"text": text})
    return {
        "text": brought.url.split("?")[0].strip("/").split("/")[-1],
        "place": f"0-{len(text)}",
        "number": first.number,
        "other": second.number,
        "mechanism": mechanism,
        "entry": str(entry),
        "pending": str(pending.pk),
        "fresh": Matter.objects.filter(version=1, parent=None, ended="").latest("pk").number,
        "action": "report_progress",
        "unit": Unit.objects.get(pk=first.responsible_id).key,
        "post": Post.objects.filter(account__account="zhuoluoshi").earliest("pk").key,
        "kind": "units",
        "account": "zhuoluoshi",
        "register": Register.objects.earliest("pk").key,
        "row": str(IntakeRow.objects.filter(status="waiting").earliest("pk").pk),
        "open_intake": str(waiting.pk),
        "answer": str(Answer.objects.latest("brought_at").pk),
    }


def answered(folder: Path, mechanism: str, unit: str, number: str) -> None:
    """Split the ledger, write into one workbook as its unit would, and bring it back."""
    import openpyxl

    run("split", "--mechanism", mechanism, "--out", str(folder / "out"), "--unit", unit, "--as", "clerk")
    path = next((folder / "out").glob("*.xlsx"))
    book = openpyxl.load_workbook(path)
    sheet = book["台账"]
    rows = list(sheet.iter_rows())
    head = next(row for row in rows if any(cell.value == "事项编号" for cell in row))
    column = {str(cell.value): cell.column for cell in head if cell.value}
    wanted = next(name for name in column if "进展" in name)
    for row in rows:
        if str(row[column["事项编号"] - 1].value) == number:
            sheet.cell(row[0].row, column[wanted], "已组织清理，剩余款项月底前上缴国库。")
    book.save(path)
    run("merge", str(path), "--as", "clerk")


def take(base: str, known: dict[str, str]) -> int:
    """Take every picture; return 1 where a page is broken or open to nobody."""
    import chromium
    from bihuan.demo import PASSWORD
    from bihuan.web.urls import urlpatterns
    from pages import PEOPLE, shots

    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    wanted, wrong, count = list(shots(urlpatterns, known)), [], 0
    with chromium.running() as browser:
        for width, height in WIDTHS.items():
            count += shut_out(browser, base, width, height)
            people = {
                person: signed_in(browser, base, account, PASSWORD, width, height) for person, account in PEOPLE.items()
            }
            for shot in wanted:
                seen = sum(photograph(people[person], base, shot, person, width) for person in shot.people)
                count += seen
                if not seen:
                    wrong.append(f"{shot.name} ({shot.address}) is open to nobody, or broken")
            for page in people.values():
                page.context.close()
    for line in dict.fromkeys(wrong):
        print(line, file=sys.stderr)
    print(f"{count} pictures in {OUT.relative_to(ROOT)}")
    return 1 if wrong else 0


def illustrate(base: str, known: dict[str, str]) -> int:
    """Take the pictures of the READMEs; return 1 where a page is not shown."""
    import chromium
    from bihuan.demo import PASSWORD
    from pages import PEOPLE, README

    shown = True
    with chromium.running() as browser:
        for name, person, width, address in README:
            page = signed_in(browser, base, PEOPLE[person], PASSWORD, width, WIDTHS[width])
            answer = page.goto(base + address.format(**known))
            shown = shown and answer is not None and answer.status == 200
            page.screenshot(path=ROOT / "docs" / "images" / f"{name}.png")
            page.context.close()
    return 0 if shown else 1


def shut_out(browser: Any, base: str, width: int, height: int) -> int:
    """Take the sign-in as it is, and as it answers after too many wrong passwords for an account that is none."""
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{base}/sign-in/")
    page.screenshot(path=OUT / f"sign_in-{width}.png", full_page=True)
    for _time in range(10):
        page.fill("#account", f"stranger-{width}")
        page.fill("#password", "wrong")
        page.click(".sign-in button")
        if page.locator("#locked").count():
            break
    page.screenshot(path=OUT / f"sign_in-locked-{width}.png", full_page=True)
    context.close()
    return 2


def signed_in(browser: Any, base: str, account: str, password: str, width: int, height: int) -> Any:
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{base}/sign-in/")
    page.fill("#account", account)
    page.fill("#password", password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{base}/")
    return page


def photograph(page: Any, base: str, shot: Any, person: str, width: int) -> bool:
    """Take one picture; return whether the page was shown."""
    if not shot.everybody and (OUT / f"{shot.name}-{width}.png").exists():
        return False
    try:
        answer = page.goto(base + shot.address)
    except Error:  # a refusal without a page, or a file that is sent
        return False
    if answer is None or answer.status != 200:
        return False
    name = f"{shot.name}-{person}-{width}.png" if shot.everybody else f"{shot.name}-{width}.png"
    page.screenshot(path=OUT / name, full_page=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
