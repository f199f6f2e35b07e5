"""Who is shown which page of whose matter, which forms they may send, and what their lists and counts hold."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from bihuan.directory import confirming
from bihuan.directory.alterations import Author, note
from bihuan.directory.models import Account, Alteration, Pending, Post, Register, Unit
from bihuan.ledger.execute import link
from bihuan.ledger.fold import load_state
from bihuan.ledger.models import Matter
from bihuan.web import arriving
from bihuan.workbooks.models import Answer as Answer_
from city import SINCE, City
from rights import table
from rights.asking import Answer, Asker, Request
from rights.comparing import Tally
from rights.inputs import KEPT
from rights.matters import UNITS, Maker, part_of
from rights.table import Row

PASSWORD = "test-only-passphrase"
AUDIT = "audit_rectification"


@dataclass(frozen=True, slots=True)
class Ledger:
    """One matter of each kind; housing's is linked with a matter of finance's, and has a part that finance does."""

    city: City
    of: Mapping[str, Matter]
    linked: Matter
    part: Matter


@pytest.fixture
def ledger(city: City) -> Ledger:
    claimed = {whose: Maker(city, whose) for whose in ("station", "finance", "assisted")}
    of = {whose: maker.make("checking") for whose, maker in claimed.items()}
    of |= {whose: Maker(city, whose).make("registered") for whose in ("unsupervised", "elsewhere")}
    housing = Maker(city, "housing").make("rectifying")
    part = part_of(city, housing, title="财政专户逐笔清理", responsible_unit="finance")
    linked = city.register("finance", title="财政专户结余未清理")
    clerk = city.posts["clerk"]
    link(housing.pk, linked.pk, note="", post=clerk, account="clerk", now=city.now)
    of["housing"] = city.claim(Matter.objects.get(pk=housing.pk))
    Register.objects.create(key="experts", name_zh="专家名录", name_en="Experts")
    _ask(city)
    return Ledger(city, of, linked, part)


def _ask(city: City) -> None:
    """Let the auditor have asked for a reason to be erased, and the system administrator for a post of a list."""
    author, person = Author.of(city.posts["sysadmin"], city.now), city.posts["liaison"].account
    note(author, "account_opened", since=SINCE, person=person, reason="复职")
    entry, when = Alteration.objects.get(kind="account_opened").pk, {"now": city.now, "today": city.now.date()}
    body = {"entry": entry, "slots": ["reason"], "ground": "当事人依法要求删除"}
    confirming.ask(confirming.ERASURE, body, post=city.posts["inspector"], **when)
    confirming.ask(confirming.PEOPLE, {"text": _BROUGHT["people"], "count": 1}, post=city.posts["sysadmin"], **when)


@pytest.mark.long
def test_pages_are_shown_and_forms_taken_as_the_table_says(ledger: Ledger, asker: Asker, tally: Tally) -> None:
    def ask(row: Row, member: str) -> Iterator[tuple[str, Answer]]:
        yield "page", asker.page(member, _REQUESTS[row.door, row.what](ledger, row, asker.account(member)))

    tally.compare(table.of("page", "send"), ask)


def test_lists_hold_what_one_may_open(ledger: Ledger, asker: Asker, tally: Tally) -> None:
    def ask(row: Row, member: str) -> Iterator[tuple[str, Answer]]:
        address, named = _LISTS[row.what, row.case](ledger, row)
        absent = reverse("matter", args=["ZZZZ-ZZZZ"]) if row.what == "matter" else ""
        answer = asker.page(member, Request(address, absent=absent))
        if answer.outcome == "yes" and not _names(answer.page, named):
            answer = answer.as_outcome("hidden")
        yield "list", answer

    tally.compare(table.of("listed"), ask)


def test_counts_count_what_the_lists_hold(ledger: Ledger, asker: Asker, tally: Tally) -> None:
    def ask(row: Row, member: str) -> Iterator[tuple[str, Answer]]:
        address, place = _COUNTS[row.what]
        answer = asker.page(member, Request(address(row)))
        yield "count", answer.as_outcome(_number(answer.page, place(row))) if answer.outcome == "yes" else answer

    tally.compare(table.of("counted"), ask)


def _on(name: str, *more: str) -> Callable[[Ledger, Row, str], Request]:
    """Return how to ask for the page `name` of a matter."""

    def request(ledger: Ledger, row: Row, account: str) -> Request:
        matter = ledger.of[row.whose]
        absent = reverse(name, args=["ZZZZ-ZZZZ", *more])
        return Request(reverse(name, args=[matter.number, *more]), absent=absent, matter=matter.pk)

    return request


def _at(name: str, *args: str) -> Callable[[Ledger, Row, str], Request]:
    return lambda ledger, row, account: Request(reverse(name, args=args))


def _evidence(ledger: Ledger, row: Row, account: str) -> Request:
    matter = ledger.of[row.whose]
    giver = ledger.of["station"] if row.case == "of_another_matter" else matter
    file = load_state(Matter.objects.get(pk=giver.pk).state).evidence[0].sha256
    absent = reverse("evidence", args=["ZZZZ-ZZZZ", file])
    return Request(reverse("evidence", args=[matter.number, file]), absent=absent, matter=matter.pk)


def _over(name: str) -> Callable[[Ledger, Row, str], Request]:
    """Return how to ask for the page `name` over one chosen matter."""

    def request(ledger: Ledger, row: Row, account: str) -> Request:
        address = reverse(name)
        return Request(f"{address}?m={ledger.of[row.whose].number}", absent=f"{address}?m=ZZZZ-ZZZZ")

    return request


def _acting_on_many(ledger: Ledger, row: Row, account: str) -> Request:
    matter = ledger.of[row.whose]
    entry = {"r-talked_on": "2026-06-01", "r-talked_with": "leader", "r-content": "已电话沟通"}
    sent = {"m": matter.number, "do": f"{AUDIT}.log_communication", "step": "done", **entry}
    absent = f"{reverse('bulk_act')}?m=ZZZZ-ZZZZ"
    return Request(reverse("bulk_act"), sent, absent=absent, verb="log_communication", writes=True)


def _urging(ledger: Ledger, row: Row, account: str) -> Request:
    matter = ledger.part if row.case == "part" else ledger.of[row.whose]
    unit = UNITS[row.whose][0]
    sent = {"part": f"{unit}.0", f"of-{unit}.0": matter.number, f"text-{unit}.0": "请抓紧办理", "note": unit}
    return Request(reverse("urge"), sent, absent=f"{reverse('urge')}?m=ZZZZ-ZZZZ", verb="urge", writes=True)


def _splitting(ledger: Ledger, row: Row, account: str) -> Request:
    unit = str(ledger.city.units["housing"].pk)
    return Request(reverse("split"), {"mechanism": AUDIT, "return_by": "2099-12-31", "unit": unit}, verb="split")


def _link(ledger: Ledger, row: Row, account: str) -> Request:
    matter, other = ledger.of[row.whose], ledger.of[row.case.removeprefix("to_")]
    sent = {"other": other.number, "note": "同一资金"}
    absent = reverse("link", args=["ZZZZ-ZZZZ"])
    address = reverse("link", args=[matter.number])
    return Request(address, sent, absent=absent, verb="link", matter=matter.pk, writes=True)


def _registering(ledger: Ledger, row: Row, account: str) -> Request:
    mechanism = "audit_measure" if row.case == "measure" else AUDIT
    address = reverse("register_matter", args=[mechanism])
    if row.door == "page":
        return Request(address)
    unit = ledger.city.units[UNITS[row.whose][0]].name
    return Request(address, {"f-title": "专项资金闲置", "f-responsible_unit": unit}, verb="register", writes=True)


def _sent(name: str, **sent: str) -> Callable[[Ledger, Row, str], Request]:
    return lambda ledger, row, account: Request(reverse(name), sent)


def _saving_a_view(ledger: Ledger, row: Row, account: str) -> Request:
    unit = "audit" if row.case == "share_with_audit" else ""
    return Request(reverse("views"), {"do": "save", "name": "逾期", "query": "overdue=1", "unit": unit})


def _signing_in(ledger: Ledger, row: Row, account: str) -> Request:
    return Request(reverse("sign_in"), {"account": account or "clerk", "password": PASSWORD})


def _answer(ledger: Ledger, row: Row, account: str) -> Request:
    made = {"mechanism": AUDIT, "name": "回表.xlsx", "sha256": "0" * 64, "brought_at": ledger.city.now}
    made |= {"post": ledger.city.posts["clerk"], "account": "clerk", "unit": ledger.city.units["housing"]}
    answer, _ = Answer_.objects.get_or_create(id=UUID(int=7), defaults=made)
    return Request(reverse("answer", args=[answer.pk]), absent=reverse("answer", args=[UUID(int=8)]))


def _files(name: str) -> Callable[[Ledger, Row, str], Request]:
    """Return how to send a file to the page `name`, which reads it and gives nothing yet."""

    def request(ledger: Ledger, row: Row, account: str) -> Request:
        number = ledger.of["housing"].number
        text = f"事项编号,整改进展\n{number},已收回\n".encode()
        return Request(reverse(name), {"files": SimpleUploadedFile(f"{number}.csv", text)})

    return request


def _either(address: str, row: Row, sent: Mapping[str, str]) -> Request:
    """Return how to ask for the page, or to send its form, which leaves something on record."""
    return Request(address, sent, writes=True) if row.door == "send" else Request(address)


def _newcomer() -> None:
    """Add a unit that nothing is open with, and somebody without a password: only the asker's right decides."""
    _, new = Unit.objects.get_or_create(key="sports", name="澄湖市体育局", level=2, since=SINCE)
    if new:
        account = Account.objects.create(account="waiting", name="waiting", password=make_password(None))
        bureau = Unit.objects.create(key="letters", name="澄湖市信访局", level=2, since=SINCE)
        Post.objects.create(
            key="waiting", account=account, unit=bureau, title="waiting", roles=["assisting"], since=SINCE
        )


def _kept(ledger: Ledger, row: Row, account: str) -> Request:
    """Return how to ask for, or to send, a form that alters the directory."""
    where, sent = KEPT[row.what]
    _newcomer()
    day = {"since": timezone.localdate().isoformat()}
    return _either(reverse(row.what, args=where), row, day | sent)


def _bringing(ledger: Ledger, row: Row, account: str) -> Request:
    address = reverse(row.what, args=[row.case])
    return _either(address, row, {"text": _BROUGHT[row.case], "go": "write"})


def _own_password(ledger: Ledger, row: Row, account: str) -> Request:
    new = "another-test-passphrase"
    sent = {"old": PASSWORD, "new": new, "again": new}
    return _either(reverse("own_password"), row, sent)


def _withdrawing(ledger: Ledger, row: Row, account: str) -> Request:
    asked = _on("withdraw_matter")(ledger, row, account)
    return replace(asked, sent={"reason": "重复登记"}, writes=True) if row.door == "send" else asked


def _file(ledger: Ledger, row: Row, account: str) -> Request:
    """Return how to announce a file for the action of the case."""
    about = {"name": "凭证.txt", "size": "3", "sha256": "1" * 64}
    return replace(_on("files", row.case)(ledger, row, account), sent=about)


def _piece(ledger: Ledger, row: Row, account: str) -> Request:
    """Return how to send the bytes of a file that the same person has announced."""
    sha256 = hashlib.sha256(_PIECE).hexdigest()
    asked = _on("file_part", row.case, sha256)(ledger, row, account)
    if found := Account.objects.filter(account=account).first():
        form = arriving.Form(found.pk, ledger.of[row.whose].pk, row.case)
        arriving.begin(form, name="凭证.txt", size=len(_PIECE), sha256=sha256)
    return replace(asked, address=f"{asked.address}?at=0", absent=f"{asked.absent}?at=0", sent=_PIECE)


def _erasing(ledger: Ledger, row: Row, account: str) -> Request:
    address = reverse("erase_values", args=[Alteration.objects.get(kind="account_opened").pk])
    return _either(address, row, {"slots": "reason", "ground": "当事人依法要求删除"})


def _confirming(ledger: Ledger, row: Row, account: str) -> Request:
    pending = Pending.objects.get(kind=row.case)
    return _either(reverse("confirmation", args=[pending.pk]), row, {"go": "confirm"})


def _text(ledger: Ledger, row: Row, account: str) -> Request:
    """Return how to ask for a text that the same person has brought, or for the form of its one sentence."""
    sha256 = hashlib.sha256(_TEXT.encode()).hexdigest()
    if found := Account.objects.filter(account=account).first():
        arriving.take(arriving.Form(found.pk, arriving.MANY, "read_text"), "纪要.txt", [_TEXT.encode()])
    address = reverse(row.what, args=[sha256])
    if row.what == "text_register":
        address += f"?queue=0-{len(_TEXT)}.{AUDIT}"
        unit = ledger.city.units["housing"].name
        sent = {"f-title": "管网改造", "f-responsible_unit": unit}
        return Request(address, sent, verb="register", writes=True) if row.door == "send" else Request(address)
    return Request(address, {"go": "yes"}) if row.door == "send" else Request(address)


_TEXT = "会议要求，澄湖市财政局要加快推进审计整改。"
_PIECE = b"paid"
_BROUGHT = {
    "units": "单位名称\t上级单位\n澄湖市教育局\t澄湖市人民政府\n",
    "people": "账号\t姓名\t单位\t岗位\t角色\nliaison\tliaison\t澄湖市财政局\t联络员\towner\n",
}
_REQUESTS: dict[tuple[str, str], Callable[[Ledger, Row, str], Request]] = {
    **{(door, name): _kept for name in KEPT for door in ("page", "send")},
    **{(door, "bring"): _bringing for door in ("page", "send")},
    **{(door, "own_password"): _own_password for door in ("page", "send")},
    **{(door, "withdraw_matter"): _withdrawing for door in ("page", "send")},
    ("send", "files"): _file,
    ("send", "file_part"): _piece,
    ("page", "first_hour"): _at("first_hour"),
    ("page", "template_workbook"): _bringing,
    ("page", "alterations"): _at("alterations"),
    ("page", "confirmations"): _at("confirmations"),
    **{(door, "erase_values"): _erasing for door in ("page", "send")},
    **{(door, "confirmation"): _confirming for door in ("page", "send")},
    ("page", "person"): _at("person", "liaison"),
    ("page", "export"): _over("export"),
    ("page", "split"): _at("split"),
    ("send", "split"): _splitting,
    ("page", "texts"): _at("texts"),
    ("send", "texts"): _sent("texts", text=_TEXT),
    ("page", "text"): _text,
    **{(door, "text_register"): _text for door in ("page", "send")},
    ("send", "text_put_away"): _text,
    ("page", "answers"): _at("answers"),
    ("page", "answer"): _answer,
    ("page", "proof_folder"): _at("proof_folder"),
    ("send", "answers"): _files("answers"),
    ("send", "proof_folder"): _files("proof_folder"),
    ("page", "sign_in"): _at("sign_in"),
    ("page", "desk"): _at("desk"),
    ("page", "ledger"): _at("ledger"),
    ("page", "mechanisms"): _at("mechanisms"),
    ("page", "mechanism"): _at("mechanism", AUDIT),
    ("page", "units"): _at("units"),
    ("page", "unit"): lambda ledger, row, account: Request(reverse("unit", args=[row.whose])),
    ("page", "people"): _at("people"),
    ("page", "registers"): _at("registers"),
    ("page", "budget"): _at("budget"),
    ("page", "register_entries"): _at("register_entries", "experts"),
    ("page", "register"): _at("register"),
    ("page", "register_matter"): _registering,
    ("page", "matter"): _on("matter"),
    ("page", "side"): _on("side"),
    ("page", "views"): _at("views"),
    ("page", "paste_rows"): _at("paste_rows"),
    ("page", "evidence"): _evidence,
    ("page", "link"): _on("link"),
    ("page", "print_matter"): _on("print_matter"),
    ("page", "print_list"): _over("print_list"),
    ("page", "print_slips"): _over("print_slips"),
    ("page", "bulk_act"): _over("bulk_act"),
    ("page", "urge"): _over("urge"),
    ("send", "bulk_act"): _acting_on_many,
    ("send", "urge"): _urging,
    ("send", "link"): _link,
    ("send", "sign_in"): _signing_in,
    ("send", "sign_out"): _sent("sign_out"),
    ("send", "set_language"): _sent("set_language", language="en", next="/"),
    ("send", "views"): _saving_a_view,
    ("send", "ledger_columns"): _sent("ledger_columns", column="due"),
    ("send", "paste_rows"): _sent("paste_rows", text="问题\t责任单位\n专项资金闲置\t澄湖市财政局\n"),
    ("send", "register_matter"): _registering,
}


def _listed(address: str) -> Callable[[Ledger, Row], tuple[str, Matter]]:
    return lambda ledger, row: (address, ledger.of[row.whose])


def _searched(ledger: Ledger, row: Row) -> tuple[str, Matter]:
    matter = ledger.of[row.whose]
    return f"{reverse('ledger')}?q={matter.number}", matter


_LISTS: dict[tuple[str, str], Callable[[Ledger, Row], tuple[str, Matter]]] = {
    ("ledger", ""): _listed("/ledger/"),
    ("ledger", "searched"): _searched,
    ("desk", "waiting"): _listed("/"),
    ("matter", "as_linked"): lambda ledger, row: (_page_of(ledger.of["housing"]), ledger.linked),
    ("matter", "as_part"): lambda ledger, row: (_page_of(ledger.of["housing"]), ledger.part),
    ("matter", "as_parent"): lambda ledger, row: (_page_of(ledger.part), ledger.of["housing"]),
}


def _page_of(matter: Matter) -> str:
    return reverse("matter", args=[matter.number])


def _names(page: Any, matter: Matter) -> bool:
    """Whether the page leads to the matter, or says its title where only this one has it."""
    text = page.content.decode()
    body = text[text.index("<main") :]
    alone = Matter.objects.filter(title=matter.title).count() == 1
    return _page_of(matter) in body or (alone and matter.title in body)


#: Where a page shows the number, and what stands around it.
_COUNTS: dict[str, tuple[Callable[[Row], str], Callable[[Row], str]]] = {
    "ledger": (lambda row: "/ledger/", lambda row: r'<p class="total".*?</p>'),
    "units": (lambda row: "/units/", lambda row: r'data-unit="city">.*?(<td class="right number">.*?</td>)'),
    "unit": (lambda row: f"/units/{row.whose}/", lambda row: r'<p class="bar">(.*?)</a>'),
    "mechanisms": (lambda row: "/mechanisms/", lambda row: rf'data-mechanism="{AUDIT}">.*?<p class="bar">(.*?)</p>'),
    "mechanism": (lambda row: f"/mechanisms/{AUDIT}/", lambda row: r'id="versions".*?<td class="right"(.*?)</td>'),
}


def _number(page: Any, place: str) -> str:
    """Return the number that stands at `place`; a word in its stead means none."""
    found = re.search(place, page.content.decode(), re.DOTALL)
    assert found, f"nothing at {place}"
    digits = re.search(r"\d+", re.sub(r"<[^>]*>", " ", found[found.lastindex or 0]))
    return digits[0] if digits else "0"
