"""Who is shown which page of whose matter, which forms they may send, and what their lists and counts hold."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse

from bihuan.directory.models import Register
from bihuan.ledger.execute import link
from bihuan.ledger.fold import load_state
from bihuan.ledger.models import Matter
from city import City
from rights import table
from rights.asking import Answer, Asker, Request
from rights.comparing import Tally
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
    return Ledger(city, of, linked, part)


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


def _signing_in(ledger: Ledger, row: Row, account: str) -> Request:
    return Request(reverse("sign_in"), {"account": account or "clerk", "password": PASSWORD})


_REQUESTS: dict[tuple[str, str], Callable[[Ledger, Row, str], Request]] = {
    ("page", "sign_in"): _at("sign_in"),
    ("page", "desk"): _at("desk"),
    ("page", "ledger"): _at("ledger"),
    ("page", "mechanisms"): _at("mechanisms"),
    ("page", "mechanism"): _at("mechanism", AUDIT),
    ("page", "units"): _at("units"),
    ("page", "unit"): lambda ledger, row, account: Request(reverse("unit", args=[row.whose])),
    ("page", "people"): _at("people"),
    ("page", "registers"): _at("registers"),
    ("page", "register_entries"): _at("register_entries", "experts"),
    ("page", "register"): _at("register"),
    ("page", "register_matter"): _registering,
    ("page", "matter"): _on("matter"),
    ("page", "evidence"): _evidence,
    ("page", "link"): _on("link"),
    ("send", "link"): _link,
    ("send", "sign_in"): _signing_in,
    ("send", "sign_out"): _sent("sign_out"),
    ("send", "set_language"): _sent("set_language", language="en", next="/"),
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
