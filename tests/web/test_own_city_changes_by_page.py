"""Units and posts change by page, from a day on; whoever may not is told who can; all of it is on record."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from bihuan.directory.models import Account, Alteration, Post, Unit
from bihuan.ledger.models import Matter, Refused
from city import SINCE, City

PAGES = (
    ("rename_unit", ["housing"], "sysadmin"), ("move_unit", ["housing"], "sysadmin"),
    ("merge_unit", ["housing"], "sysadmin"), ("end_unit", ["station"], "sysadmin"), ("add_unit", [], "sysadmin"),
    ("add_person", [], "sysadmin"), ("first_passwords", [], "sysadmin"), ("give_post", ["liaison"], "security"),
    ("hand_over_post", ["liaison"], "security"), ("change_post", ["liaison"], "security"),
    ("end_post", ["liaison"], "security"), ("alterations", [], "inspector"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "given", "keeper"), PAGES)
def test_each_page_is_one_administrations_alone(
    name: str, given: list[str], keeper: str, city: City, signed_in: Any
) -> None:
    address = reverse(name, args=given)
    for account in ("sysadmin", "security", "inspector", "clerk", "liaison", "leader"):
        answer = signed_in(account).get(address)
        assert answer.status_code == (200 if account == keeper else 403), account
        if account != keeper:
            assert keeper in answer.content.decode(), "the refusal names who can"
    assert Refused.objects.filter(rule="not_keeper").count() == 5


def test_a_unit_is_renamed_and_merged_by_page_and_its_matters_follow(city: City, signed_in: Any) -> None:
    client, today = signed_in("sysadmin"), city.now.date()
    matter = city.rectifying()
    sent = {"name": "澄湖市住建局", "short": "住建", "since": today.isoformat(), "reason": "澄编〔2026〕3号"}
    client.post(reverse("rename_unit", args=["housing"]), sent)
    page = client.get(reverse("unit", args=["housing"])).content.decode()
    assert (
        "澄湖市住建局" in page
        and "由“澄湖市住房和城乡建设局”更名为“澄湖市住建局”" in page
        and "澄编〔2026〕3号" in page
    )
    past = client.get(reverse("units"), {"day": (today - timedelta(days=1)).isoformat()}).content.decode()
    assert "澄湖市住房和城乡建设局" in past and "澄湖市住建局<" not in past
    wrong = {"into": "没有局", "since": today.isoformat(), "posts": "keep"}
    answer = client.post(reverse("merge_unit", args=["housing"]), wrong)
    assert answer.status_code == 422 and "没有局" in answer.content.decode()
    client.post(reverse("merge_unit", args=["housing"]), {**wrong, "into": "澄湖市财政局"})
    assert Matter.objects.get(pk=matter.pk).responsible.key == "finance"
    gone = client.get(reverse("unit", args=["housing"]))
    assert gone.status_code == 200 and "澄湖市财政局" in gone.content.decode()
    shown = signed_in("clerk").get(reverse("matter", args=[matter.number])).content.decode()
    assert "移交" in shown and "澄湖市住建局" in shown


def test_a_merger_says_beforehand_whose_portfolio_goes_on_to_the_successor(city: City, signed_in: Any) -> None:
    client, address = signed_in("sysadmin"), reverse("merge_unit", args=["housing"])
    told = "改为分管承接单位及其下级单位：leader（leader）"
    assert told in client.get(address).content.decode()
    assert "改为分管承接单位" not in client.get(reverse("merge_unit", args=["finance"])).content.decode()
    client.post(address, {"into": "澄湖市财政局", "since": city.now.date().isoformat(), "posts": "keep"})
    page = client.get(reverse("person", args=["leader"])).content.decode()
    assert "转为分管承接它的“澄湖市财政局”" in page and "分管澄湖市财政局" in page
    assert "澄湖市财政局" in signed_in("security").get(reverse("change_post", args=["leader"])).content.decode()
    sent = {"title": "副市长", "roles": ["leader"], "since": city.now.date().isoformat()}
    sent["answers"] = "澄湖市财政局、澄湖市财政局、澄湖市住房和城乡建设局"
    assert signed_in("security").post(reverse("change_post", args=["leader"]), sent).status_code == 302
    new = Post.objects.get(title="副市长")
    assert [each.unit.key for each in new.portfolios.all()] == ["finance"], "named twice, answered for once"


def test_a_unit_with_open_matters_is_not_ended_by_page(city: City, signed_in: Any) -> None:
    city.rectifying("station", "station")
    sent = {"since": city.now.date().isoformat()}
    answer = signed_in("sysadmin").post(reverse("end_unit", args=["station"]), sent)
    assert answer.status_code == 422 and "1件未办结事项" in answer.content.decode()
    assert Unit.objects.get(key="station").until is None


def test_a_post_is_handed_over_by_page_with_what_waits_shown(city: City, signed_in: Any) -> None:
    city.rectifying()
    Account.objects.create(account="next", name="下一位")
    client, address = signed_in("security"), reverse("hand_over_post", args=["liaison"])
    assert "等待该岗位办理的事项：1件" in client.get(address).content.decode()
    client.post(address, {"to": "下一位（next）", "since": city.now.date().isoformat()})
    new = Post.objects.get(account__account="next")
    assert (new.unit.key, new.roles, new.since) == ("housing", ["owner"], city.now.date())
    assert "由liaison移交给下一位" in client.get(reverse("person", args=["next"])).content.decode()


def test_the_last_one_in_a_role_leaves_only_when_that_is_said(city: City, signed_in: Any) -> None:
    city.rectifying("station", "station")
    client, address = signed_in("security"), reverse("end_post", args=["station"])
    since = city.now.date().isoformat()
    assert client.post(address, {"since": since}).status_code == 422
    assert client.post(address, {"since": since, "even_so": "1"}).status_code == 302
    assert Post.objects.get(key="station").until == city.now.date() - timedelta(days=1)


def test_accounts_are_opened_closed_and_given_slips_in_bulk(city: City, signed_in: Any) -> None:
    client, address = signed_in("sysadmin"), reverse("people_act")
    city.rectifying("station", "station")
    answer = client.post(address, {"what": "close", "account": ["station", "leader"]})
    assert answer.status_code == 422 and Account.objects.get(account="leader").is_active
    client.post(address, {"what": "close", "account": ["station", "leader"], "even_so": "1"})
    assert not Account.objects.filter(account__in=["station", "leader"], is_active=True).exists()
    client.post(address, {"what": "open", "account": ["station", "leader"]})
    assert Account.objects.filter(account__in=["station", "leader"], is_active=True).count() == 2
    client.post(address, {"what": "close", "account": ["sysadmin"]})
    assert Account.objects.get(account="sysadmin").is_active, "nobody deactivates themselves"
    page = client.post(address, {"what": "password", "all": "1", "unit": "澄湖市审计局"}).content.decode()
    assert page.count("data-slip=") == len({"clerk", "verifier", "approver", "both"})
    assert Account.objects.get(account="clerk").must_change and not Account.objects.get(account="leader").must_change
    assert client.post(address, {"what": "password"}).status_code == 302, "nobody chosen, nothing done"
    kinds = list(Alteration.objects.values_list("kind", flat=True))
    assert kinds.count("account_closed") == 2 and kinds.count("password_given") == 4
    assert signed_in("liaison").post(address, {"what": "open", "account": "leader"}).status_code == 403


def test_five_thousand_posts_are_searched_within_the_time_of_a_page(city: City, signed_in: Any) -> None:
    units = [Unit(key=f"x{n}", name=f"第{n}局", level=2, parent=city.units["city"], since=SINCE) for n in range(300)]
    Unit.objects.bulk_create(units)
    units = list(Unit.objects.filter(key__startswith="x"))
    people = Account.objects.bulk_create(Account(account=f"p{n:05d}", name=f"某{n}", password="!") for n in range(5000))
    people = list(Account.objects.filter(account__startswith="p0"))
    Post.objects.bulk_create(
        Post(key=f"p{n}", account=person, unit=units[n % 300], title="联络员", roles=["owner"], since=SINCE)
        for n, person in enumerate(people)
    )
    client = signed_in("sysadmin")
    client.get(reverse("people"))
    for query in ({}, {"q": "某49"}, {"unit": "第7局"}, {"state": "none", "q": "第8局"}):
        begun = time.process_time()
        answer = client.get(reverse("people"), query)
        spent = time.process_time() - begun
        assert answer.status_code == 200 and "data-person" in answer.content.decode()
        assert spent < 0.2, (query, spent)
