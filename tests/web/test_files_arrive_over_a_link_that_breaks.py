"""Files are sent piece by piece before their form, go on where they stopped, and are their sender's alone."""

import hashlib
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bihuan.ledger.models import Event, Matter
from bihuan.ledger.store import path_of
from bihuan.web import arriving
from city import City, state_of

PASSWORD = "test-only-passphrase"
BYTES = bytes(range(256)) * 40


@pytest.fixture(autouse=True)
def waiting_place(settings: Any, tmp_path: Path) -> None:
    """Accounts' keys come again from test to test; what waits for one must not be met by the next."""
    settings.BIHUAN_WAITING = tmp_path / "waiting"


def begin(client: Any, matter: Matter, data: bytes, *, name: str = "缴款书.pdf", **other: Any) -> Any:
    told = {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest(), **other}
    return client.post(reverse("files", args=[matter.number, "report_progress"]), told)


def part(client: Any, matter: Matter, data: bytes, at: int, piece: bytes) -> Any:
    sha256 = hashlib.sha256(data).hexdigest()
    address = reverse("file_part", args=[matter.number, "report_progress", sha256])
    return client.post(f"{address}?at={at}", piece, content_type="application/octet-stream")


def send(client: Any, matter: Matter, data: bytes, **other: Any) -> str:
    assert begin(client, matter, data, **other).status_code == 200
    assert part(client, matter, data, 0, data).json()["whole"]
    return hashlib.sha256(data).hexdigest()


def report(client: Any, matter: Matter, text: str, *kept: str, version: int | None = None, **more: Any) -> Any:
    stands = Matter.objects.get(pk=matter.pk).version if version is None else version
    fields = {"version": stands, "f-progress": text, "kept": list(kept), **more}
    return client.post(reverse("act", args=[matter.number, "report_progress"]), fields)


def test_a_file_goes_on_where_it_stopped(city: City, signed_in: Any) -> None:
    matter, client = city.rectifying(), signed_in("liaison")
    assert begin(client, matter, BYTES).json()["received"] == 0
    assert part(client, matter, BYTES, 0, BYTES[:4000]).json()["received"] == 4000
    lost = part(client, matter, BYTES, 0, BYTES[:4000])
    assert (lost.status_code, lost.json()["received"]) == (409, 4000), "a piece that came twice is not written twice"
    assert begin(client, matter, BYTES).json()["received"] == 4000, "chosen again, it goes on"
    told = part(client, matter, BYTES, 4000, BYTES[4000:]).json()
    assert told["whole"] and told["received"] == len(BYTES)
    page = client.get(reverse("act", args=[matter.number, "report_progress"])).content.decode()
    assert "缴款书.pdf" in page and told["sha256"] in page
    assert report(client, matter, "已上缴", told["sha256"]).status_code == 302
    proof = state_of(matter).evidence[0]
    assert (proof.name, proof.size, proof.sha256) == ("缴款书.pdf", len(BYTES), told["sha256"])
    assert path_of(matter.pk, proof.sha256).read_bytes() == BYTES
    assert not arriving.waiting(arriving.Form(client_pk(city), matter.pk, "report_progress")), "used, it waits no more"


def client_pk(city: City) -> int:
    return city.posts["liaison"].account.pk


def test_a_damaged_file_is_noticed_and_forgotten(city: City, signed_in: Any) -> None:
    matter, client = city.rectifying(), signed_in("liaison")
    begin(client, matter, BYTES)
    bad = part(client, matter, BYTES, 0, b"\xff" + BYTES[1:])
    assert (bad.status_code, bad.json()["rule"]) == (422, "damaged")
    assert "传输中损坏" in bad.json()["refused"]
    assert begin(client, matter, BYTES).json()["received"] == 0


def test_what_is_not_to_be_taken_is_said_in_a_sentence(city: City, signed_in: Any, settings: Any) -> None:
    settings.BIHUAN_MAX_UPLOAD = 5 << 20
    matter, client = city.rectifying(), signed_in("liaison")
    assert "5MB" in begin(client, matter, BYTES, size=6 << 20).json()["refused"].replace(" ", "")
    assert "空文件" in begin(client, matter, b"").json()["refused"]
    assert begin(client, matter, BYTES, sha256="../../etc").status_code == 422
    begin(client, matter, BYTES)
    assert part(client, matter, BYTES, 0, BYTES + b"more").status_code == 422
    assert part(client, matter, BYTES, 0, b"x" * ((1 << 20) + 1)).status_code == 400
    unknown = b"never begun"
    assert part(client, matter, unknown, 0, unknown).json()["rule"] == "not_begun"


def test_only_who_may_do_the_step_may_send_files_for_it(city: City, signed_in: Any) -> None:
    matter = city.rectifying()
    for account in ("verifier", "clerk"):
        assert begin(signed_in(account), matter, BYTES).status_code == 403
    for account in ("other", "sysadmin"):
        assert begin(signed_in(account), matter, BYTES).status_code == 404
    city.claim(matter)
    assert begin(signed_in("liaison"), matter, BYTES).status_code == 403, "the matter stands elsewhere now"


def test_a_file_is_its_senders_alone(city: City, signed_in: Any) -> None:
    matter, other = city.rectifying(), city.rectifying()
    sha256 = send(signed_in("liaison"), matter, BYTES)
    for client, where in ((signed_in("both"), matter), (signed_in("liaison"), other)):
        assert sha256 not in client.get(reverse("act", args=[where.number, "report_progress"])).content.decode()
        assert report(client, where, "不带别人的文件", sha256).status_code == 302
    assert state_of(matter).evidence == () and state_of(other).evidence == ()
    assert report(signed_in("liaison"), matter, "带自己的文件", sha256).status_code == 302
    assert [proof.sha256 for proof in state_of(matter).evidence] == [sha256]


@pytest.mark.parametrize(
    "name, kept",
    [
        ("../../../etc/passwd", "passwd"),
        ("C:\\Users\\张\\现场.jpg", "现场.jpg"),
        ("发票\u202egpj.exe", "发票gpj.exe"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
        ("\u200b", "file"),
    ],
)
def test_names_are_made_harmless(name: str, kept: str) -> None:
    assert arriving.tidy_name(name) == kept


def test_what_nobody_used_is_swept_away_and_what_is_new_stays(city: City, signed_in: Any) -> None:
    old, new = city.rectifying(), city.rectifying()
    client = signed_in("liaison")
    for matter in (old, new):
        send(client, matter, BYTES)
    form = arriving.Form(client_pk(city), old.pk, "report_progress")
    past = (city.now - timedelta(days=8)).timestamp()
    for path in (*form.folder.iterdir(), form.folder):
        os.utime(path, (past, past))
    begin(client, new, b"another")
    assert not form.folder.exists()
    assert arriving.waiting(arriving.Form(client_pk(city), new.pk, "report_progress"))


def test_nobody_fills_the_disk_with_files_that_wait(city: City, signed_in: Any, settings: Any) -> None:
    settings.BIHUAN_MAX_UPLOAD = 20_000
    matter, client = city.rectifying(), signed_in("liaison")
    answers = [begin(client, matter, bytes([n]) * 19_000).status_code for n in range(12)]
    assert answers == [200] * 10 + [422] * 2
    address = reverse("file_part", args=[matter.number, "report_progress", hashlib.sha256(b"\0" * 19_000).hexdigest()])
    assert client.delete(address).status_code == 204
    assert begin(client, matter, b"z" * 19_000).status_code == 200


def test_a_form_whose_answer_was_lost_is_done_once_and_says_so(city: City, signed_in: Any) -> None:
    matter, client = city.rectifying(measures="原措施"), signed_in("liaison")
    version = Matter.objects.get(pk=matter.pk).version
    sha256 = send(client, matter, BYTES)
    form = {"version": version, "f-measures": "原措施", "reason": "备注"}
    assert report(client, matter, "已上缴", sha256, **form).status_code == 302
    events = Event.objects.filter(matter=matter.pk).count()
    again = report(client, matter, "已上缴", sha256, **form)
    assert again.status_code == 302
    page = client.get(again.url).content.decode()
    assert "没有重复办理：报告进展" in page
    assert Event.objects.filter(matter=matter.pk).count() == events
    other = report(client, matter, "别的内容", sha256, **form)
    assert other.status_code == 409, "what says something else is another form"
    twice = report(signed_in("both"), matter, "已上缴", **form)
    assert twice.status_code == 409, "and so is the same text of another person"


def test_a_log_entry_and_a_part_are_added_once(city: City, signed_in: Any) -> None:
    matter, client = city.rectifying(), signed_in("clerk")
    version = Matter.objects.get(pk=matter.pk).version
    entry = {"version": version, "r-talked_on": "2026-06-30", "r-talked_with": "leader", "r-content": "已报告"}
    address = reverse("act", args=[matter.number, "log_communication"])
    assert [client.post(address, entry).status_code for _ in range(2)] == [302, 302]
    assert len(state_of(matter).records["communication"]) == 1
    assert client.post(address, {**entry, "r-content": "另一次"}).status_code == 409
    version = Matter.objects.get(pk=matter.pk).version
    measure = {"version": version, "f-title": "足额上缴", "f-responsible_unit": "澄湖市住房和城乡建设局"}
    address = reverse("act", args=[matter.number, "add_measure"])
    assert [client.post(address, measure).status_code for _ in range(2)] == [302, 302]
    assert Matter.objects.filter(parent=matter.pk).count() == 1


def test_without_a_script_files_go_with_the_form(city: City, signed_in: Any) -> None:
    matter, client = city.rectifying(), signed_in("liaison")
    file = SimpleUploadedFile("照片.jpg", b"\xff\xd8\xff picture")
    refused = report(client, matter, "", evidence=file)
    assert refused.status_code == 422
    kept = hashlib.sha256(b"\xff\xd8\xff picture").hexdigest()
    assert f'value="{kept}" checked' in refused.content.decode()
    assert report(client, matter, "已上缴", kept).status_code == 302
    assert [proof.name for proof in state_of(matter).evidence] == ["照片.jpg"]


@pytest.fixture
def enter(open_page: Callable[..., Any], live_server: Any, city: City) -> Iterator[Callable[..., Any]]:
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


def scan(folder: Path, size: int) -> Path:
    path = folder / "扫描件.pdf"
    path.write_bytes(b"%PDF-1.4\n" + os.urandom(size - 9))
    return path


def cut_after(page: Any, pieces: int) -> list[int]:
    """Cut the page's network off after so many pieces have gone; return where each piece began."""
    places: list[int] = []

    def see(request: Any) -> None:
        if "?at=" in request.url or "&at=" in request.url:
            places.append(int(request.url.split("at=")[1]))
            if len(places) == pieces:
                page.context.set_offline(True)

    page.on("request", see)
    return places


def test_a_large_scan_survives_a_link_that_breaks(city: City, enter: Any, tmp_path: Path, watch: Any) -> None:
    matter, page = city.rectifying(), enter("liaison")
    page.goto(f"/matters/{matter.number}/act/report_progress/")
    page.get_by_label("整改进展").fill("已上缴，附扫描件")
    places = cut_after(page, 6)
    path = scan(tmp_path, 20 << 20)
    page.get_by_label("佐证材料").set_input_files(path)
    page.get_by_text("网络中断").first.wait_for()
    page.get_by_role("button", name="报告进展").click()
    page.get_by_text("文件还在上传，传完后自动提交").wait_for()
    sent = max(places)
    assert 0 < sent < 20 << 20
    page.context.set_offline(False)
    page.get_by_text("已办理：报告进展。").wait_for(timeout=60_000)
    again = places[6:]
    assert again and min(again) >= sent - (1 << 20) > 0, "it went on where it had stopped"
    proof = state_of(matter).evidence[0]
    assert (proof.name, proof.sha256) == ("扫描件.pdf", hashlib.sha256(path.read_bytes()).hexdigest())
    watch.complaints.clear()  # the browser says itself that it was offline


def test_a_form_sent_while_the_link_is_broken_goes_by_itself(city: City, enter: Any, watch: Any) -> None:
    matter, page = city.rectifying(), enter("liaison")
    page.goto(f"/matters/{matter.number}/act/report_progress/")
    page.get_by_label("整改进展").fill("断网时提交的进展")
    page.context.set_offline(True)
    page.get_by_role("button", name="报告进展").click()
    page.get_by_text("网络不通，内容都在").wait_for()
    assert page.get_by_label("整改进展").input_value() == "断网时提交的进展"
    page.context.set_offline(False)
    page.get_by_text("已办理：报告进展。").wait_for()
    assert state_of(matter).values["progress"] == "断网时提交的进展"
    watch.complaints.clear()


def test_an_answer_that_is_lost_is_asked_for_again_and_nothing_is_done_twice(
    city: City, enter: Any, watch: Any
) -> None:
    matter, page = city.rectifying(), enter("liaison")
    page.goto(f"/matters/{matter.number}/act/report_progress/")
    page.get_by_label("整改进展").fill("答复丢失的进展")
    lost = []

    def lose(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)  # done at the server, unknown here
            return route.abort("connectionreset")
        return route.continue_()

    page.route("**/act/report_progress/", lose)
    page.get_by_role("button", name="报告进展").click()
    page.get_by_text("没有重复办理：报告进展。").wait_for(timeout=15_000)
    assert lost == [204]
    told = Event.objects.filter(matter=matter.pk, payload__isnull=False)
    assert sum(b"report_progress" in bytes(event.payload) for event in told) == 1
    watch.complaints.clear()


def test_a_file_that_was_taken_out_again_is_not_sent(city: City, enter: Any, tmp_path: Path) -> None:
    matter, page = city.rectifying(), enter("liaison")
    page.goto(f"/matters/{matter.number}/act/report_progress/")
    page.get_by_label("整改进展").fill("只带一个文件")
    for name in ("要.txt", "不要.txt"):
        (tmp_path / name).write_text(name)
    page.get_by_label("佐证材料").set_input_files([tmp_path / "要.txt", tmp_path / "不要.txt"])
    page.locator("[data-files] li", has_text="不要.txt").get_by_text("已上传").wait_for()
    page.get_by_role("button", name="移除 不要.txt").click()
    page.reload()
    assert page.get_by_label("要.txt", exact=False).first.is_checked(), "what was sent is there again after a reload"
    assert page.get_by_text("不要.txt").count() == 0
    assert page.get_by_label("整改进展").input_value() == "只带一个文件"
    page.get_by_label("佐证材料").set_input_files(tmp_path / "要.txt")
    page.get_by_role("button", name="移除 要.txt").wait_for()
    page.locator("[data-files] li", has_text="要.txt").get_by_text("已上传").wait_for()
    assert page.locator("[data-files] li").count() == 1, "chosen twice, it goes with the form once"
    page.get_by_role("button", name="报告进展").click()
    page.get_by_text("已办理：报告进展。").wait_for()
    assert [proof.name for proof in state_of(matter).evidence] == ["要.txt"]
