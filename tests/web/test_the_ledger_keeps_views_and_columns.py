"""Views and columns are kept for the person, at the server, and a view shows nobody more than they may open."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.ledger.models import Refused
from bihuan.web.models import GridChoice, SavedView
from city import City

from .test_each_count_opens_its_list import listed
from .test_the_ledger_lists_what_is_asked import register_many

HEAD = re.compile(r'<th scope="col" data-key="([^"]+)"')
LEDGER = "/ledger/"


def heads(client: Client, address: str = LEDGER) -> list[str]:
    return HEAD.findall(client.get(address).content.decode())


def save(client: Client, name: str, query: str, **more: Any) -> Any:
    return client.post(reverse("views"), {"do": "save", "name": name, "query": query, **more})


def test_a_saved_view_opens_its_list_with_its_columns(city: City, signed_in: Any) -> None:
    client = signed_in("clerk")
    ours, _ = city.register("housing"), city.register("finance")
    saved = save(client, "住建", "unit=housing&after=x&open=y&sort=title", column=["due", "f-measures"])
    assert saved.status_code == 302
    assert listed(client, saved["Location"]) == [ours.number]
    assert heads(client, saved["Location"]) == ["number", "title", "due", "f-measures"]
    assert SavedView.objects.get().query == "unit=housing&sort=title"
    page = client.get(saved["Location"]).content.decode()
    assert 'aria-current="page">住建</a>' in page
    assert heads(client)[2:5] == ["unit", "klass", "amount"]


def test_a_view_is_replaced_renamed_put_first_and_deleted(city: City, signed_in: Any) -> None:
    client = signed_in("clerk")
    ours, theirs = city.register("housing"), city.register("finance")
    save(client, "逾期", "overdue=1")
    save(client, "逾期", "unit=housing", first="1")
    view = SavedView.objects.get()
    opening = client.get(LEDGER)
    assert opening.status_code == 302
    assert listed(client, opening["Location"]) == [ours.number]
    page = client.get(opening["Location"]).content.decode()
    everything = re.search(r'class="view" href="([^"]+)"[^>]*>全部事项', page)
    assert everything
    assert set(listed(client, unescape(everything[1]))) == {ours.number, theirs.number}
    client.post(reverse("views"), {"do": "rename", "view": view.pk, "name": "住建局"})
    assert "住建局" in client.get(reverse("views")).content.decode()
    client.post(reverse("views"), {"do": "not_first", "view": view.pk})
    assert client.get(LEDGER).status_code == 200
    client.post(reverse("views"), {"do": "first", "view": view.pk})
    client.post(reverse("views"), {"do": "delete", "view": view.pk})
    assert client.get(LEDGER).status_code == 200
    assert not SavedView.objects.exists()


def test_a_name_is_asked_for_and_what_was_typed_stays(city: City, signed_in: Any) -> None:
    client = signed_in("clerk")
    empty = save(client, " ", "overdue=1")
    assert empty.status_code == 422
    assert "请给视图起个名称" in empty.content.decode()
    assert 'value="overdue=1"' in empty.content.decode()
    save(client, "甲", "")
    save(client, "乙", "")
    taken = client.post(reverse("views"), {"do": "rename", "view": SavedView.objects.get(name="乙").pk, "name": "甲"})
    assert taken.status_code == 422
    assert "您已有名为“甲”的视图" in taken.content.decode()


def test_a_supervising_post_shares_a_view_and_nobody_else_does(city: City, signed_in: Any) -> None:
    clerk, verifier, liaison = (signed_in(name) for name in ("clerk", "verifier", "liaison"))
    shared = save(clerk, "全局逾期", "overdue=1", unit="audit")
    view = SavedView.objects.get()
    assert "全局逾期" in verifier.get(LEDGER).content.decode()
    assert verifier.get(shared["Location"]).status_code == 200
    assert "全局逾期" not in liaison.get(LEDGER).content.decode()
    for do in ("rename", "delete", "share"):
        refused = verifier.post(reverse("views"), {"do": do, "view": view.pk, "name": "改"})
        assert refused.status_code == 403
        assert "clerk" in refused.content.decode()
    assert verifier.post(reverse("views"), {"do": "first", "view": view.pk}).status_code == 302
    assert liaison.post(reverse("views"), {"do": "delete", "view": view.pk}).status_code == 404
    assert save(liaison, "我的", "", unit="housing").status_code == 403
    assert save(clerk, "越界", "", unit="housing").status_code == 403
    clerk.post(reverse("views"), {"do": "share", "view": view.pk, "unit": ""})
    assert "全局逾期" not in verifier.get(reverse("views")).content.decode()
    assert Refused.objects.filter(rule="not_owner").count() == 3
    assert set(SavedView.objects.values_list("name", flat=True)) == {"全局逾期"}


def test_a_shared_view_shows_each_reader_only_what_they_may_open(city: City, signed_in: Any) -> None:
    ours, theirs = city.register("housing"), city.register("finance")
    view = SavedView.objects.create(
        account=city.posts["both_verifier"].account, name="在办", query="state=open", unit=city.units["housing"],
        saved_at=city.now,
    )  # fmt: skip
    assert listed(signed_in("liaison"), f"{LEDGER}?{view.query}&view={view.pk}") == [ours.number]
    assert set(listed(signed_in("clerk"), f"{LEDGER}?{view.query}&view={view.pk}")) == {ours.number, theirs.number}


def test_columns_and_widths_follow_the_person_to_another_machine(city: City, signed_in: Any) -> None:
    city.register(measures="逐笔清理，\n限期上缴", amount=1_234_567_00)
    client = signed_in("clerk")
    sent = {"column": ["due", "f-measures", "nonsense"], "w-title": "400", "w-due": "9999", "dense": "1"}
    answer = client.post(reverse("ledger_columns"), {**sent, "back": "sort=title"})
    assert answer["Location"] == f"{LEDGER}?sort=title"
    elsewhere = signed_in("clerk")
    assert heads(elsewhere) == ["number", "title", "due", "f-measures"]
    page = elsewhere.get(LEDGER).content.decode()
    assert "逐笔清理，\n限期上缴" in page
    assert 'data-least="400"' in page
    assert 'data-key="due" style="width:900px"' in page
    assert "book dense" in page
    client.post(reverse("ledger_columns"), {"column": ["due", "f-measures"], "move": "left:f-measures"})
    assert heads(elsewhere) == ["number", "title", "f-measures", "due"]
    client.post(reverse("ledger_columns"), {"widths": "1", "w-due": "150"})
    assert GridChoice.objects.get().widths["due"] == 150
    client.post(reverse("ledger_columns"), {"usual": "1"})
    assert len(heads(elsewhere)) == 9
    assert signed_in("liaison").get(reverse("ledger_columns")).status_code == 405


def test_columns_chosen_under_ones_own_view_are_kept_with_it(city: City, signed_in: Any) -> None:
    city.register()
    client = signed_in("clerk")
    address = save(client, "短", "", column=["due"])["Location"]
    view = SavedView.objects.get()
    client.post(reverse("ledger_columns"), {"column": ["stage"], "view": view.pk})
    assert heads(client, address) == ["number", "title", "stage"]
    assert len(heads(client)) == 9
    assert heads(signed_in("verifier"), f"{LEDGER}?view={view.pk}") == heads(client), "not opened by anybody else"


def test_fields_of_a_mechanism_are_written_as_people_read_them(city: City, signed_in: Any) -> None:
    matter = city.rectifying(assisting_units=["finance", "station"], in_report="yes", delivered_on="2026-03-02")
    city.claim(matter)
    client = signed_in("clerk")
    keys = ["f-assisting_units", "f-in_report", "f-delivered_on", "f-paid_in", "supervising", "mechanism"]
    client.post(reverse("ledger_columns"), {"column": keys})
    page = client.get(LEDGER).content.decode()
    for text in ("澄湖市财政局、澄湖市建设工程质量监督站", ">是<", "2026-03-02", ">12.00<", "澄湖市审计局", "审计整改"):
        assert text in page, text


@pytest.mark.parametrize("query", ["", "group=unit", "view=1"])
def test_the_cost_is_the_same_for_any_number_of_rows(query: str, city: City, signed_in: Any) -> None:
    client = signed_in("clerk")
    client.post(reverse("ledger_columns"), {"column": ["unit", "f-assisting_units", "f-measures", "supervising"]})
    costs = []
    for rows in (2, 40):
        register_many(city, rows, assisting_units=["finance"])
        client.get(f"{LEDGER}?{query}")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{LEDGER}?{query}")
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 16
