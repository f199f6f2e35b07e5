"""Nothing is shown to somebody who has not signed in, and signing in loses nothing that was typed."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from bihuan.ledger.models import Event, Refused
from city import City

PUBLIC = {"sign_in", "sign_out", "set_language"}
PASSWORD = "test-only-passphrase"


def _addresses() -> list[tuple[str, str]]:
    found = []
    for route in get_resolver().url_patterns:
        assert isinstance(route, URLPattern), "an include could slip past the sign-in"
        values = {name: _example(converter) for name, converter in route.pattern.converters.items()}
        found.append((str(route.name), reverse(str(route.name), kwargs=values)))
    return found


def _example(converter: Any) -> str:
    return {
        "IntConverter": "1",
        "UUIDConverter": "019ab000-0000-7000-8000-000000000000",
    }.get(type(converter).__name__, "x")


@pytest.mark.either_engine
@pytest.mark.parametrize("name, address", [each for each in _addresses() if each[0] not in PUBLIC])
def test_every_page_asks_who_one_is(name: str, address: str, db: Any) -> None:
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("sign_in"))


def test_account_and_password_let_in_and_a_wrong_one_does_not(city: City) -> None:
    client = Client()
    wrong = client.post(reverse("sign_in"), {"account": "clerk", "password": "guess"})
    assert wrong.status_code == 422
    assert "账号或密码不正确" in wrong.content.decode()
    assert client.get(reverse("desk")).status_code == 302
    right = client.post(reverse("sign_in"), {"account": "clerk", "password": PASSWORD, "next": "/ledger/?mine=1"})
    assert right["Location"] == "/ledger/?mine=1"
    assert "澄湖市审计局" in client.get(reverse("desk")).content.decode()


def test_the_way_on_never_leads_to_another_host(city: City) -> None:
    for elsewhere in ("https://elsewhere.invalid/", "//elsewhere.invalid/", "javascript:alert(1)"):
        asked = {"account": "clerk", "password": PASSWORD, "next": elsewhere}
        assert Client().post(reverse("sign_in"), asked)["Location"] == reverse("desk")


def test_signing_out_ends_it(city: City, signed_in: Any) -> None:
    client = signed_in("clerk")
    assert client.get(reverse("sign_out")).status_code == 405
    client.post(reverse("sign_out"))
    assert client.get(reverse("desk")).status_code == 302


def test_a_form_sent_after_the_session_ended_comes_back_with_its_text(city: City) -> None:
    matter = city.rectifying()
    events = Event.objects.count()
    address = reverse("act", args=[matter.number, "report_progress"])
    client = Client()
    sent = client.post(address, {"f-progress": "第一行\n<第二行>", "version": matter.version})
    assert sent.status_code == 401
    page = sent.content.decode()
    assert "第一行\n&lt;第二行&gt;" in page
    carried = {"carried-f-progress": "第一行\n<第二行>", "carried-version": matter.version}
    again = client.post(reverse("sign_in"), {"account": "liaison", "password": PASSWORD, "next": address, **carried})
    assert again.status_code == 200
    assert f'action="{address}"' in again.content.decode()
    form = client.post(address, {"resume": "1", "f-progress": "第一行\n<第二行>", "version": matter.version})
    assert form.status_code == 200
    assert "第一行\n&lt;第二行&gt;</textarea>" in form.content.decode()
    assert Event.objects.count() == events


def test_a_form_older_than_the_last_sign_in_is_refused_with_its_text(city: City, signed_in: Any) -> None:
    matter = city.rectifying()
    events = Event.objects.count()
    client = signed_in("liaison", enforce_csrf_checks=True)
    address = reverse("act", args=[matter.number, "report_progress"])
    answer = client.post(address, {"f-progress": "已完成清理", "csrfmiddlewaretoken": "x" * 64})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "表单已过期" in page
    assert "已完成清理" in page
    assert Event.objects.count() == events
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    fields = {"csrfmiddlewaretoken": token[1], "resume": "1", "f-progress": "已完成清理"}
    assert "已完成清理</textarea>" in client.post(address, fields).content.decode()


def test_pages_speak_the_language_that_was_chosen(city: City, signed_in: Any) -> None:
    client = signed_in("clerk")
    assert "我的工作台" in client.get(reverse("desk")).content.decode()
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    page = client.get(reverse("desk")).content.decode()
    assert "My desk" in page
    assert 'lang="en"' in page
    assert not re.search(r"我的|逾期|台账", page)


def test_somebody_without_a_post_is_told_why_there_is_nothing(city: City, signed_in: Any) -> None:
    city.posts["clerk"].delete()
    page = signed_in("clerk").get(reverse("desk"))
    assert page.status_code == 200
    assert "不担任任何岗位" in page.content.decode()


def test_a_failed_sign_in_is_recorded_but_never_what_might_be_a_password(city: City) -> None:
    client = Client()
    client.post(reverse("sign_in"), {"account": "clerk", "password": "guess"})
    client.post(reverse("sign_in"), {"account": "my-secret-passphrase", "password": ""})
    assert list(Refused.objects.order_by("id").values_list("account", "rule")) == [
        ("clerk", "wrong_password"),
        ("", "wrong_password"),
    ]
