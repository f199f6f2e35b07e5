"""Whoever tries passwords is shut out for a while: by account and by address, known or not, and it is on record."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.test import Client
from django.urls import reverse

from bihuan.ledger.models import Refused
from city import City

PASSWORD = "test-only-passphrase"
LIMIT = settings.AXES_FAILURE_LIMIT


def _try(client: Client, account: str, password: str = "wrong", **options: Any) -> Any:
    return client.post(
        reverse("sign_in"), {"account": account, "password": password, **options.pop("typed", {})}, **options
    )


def test_an_account_is_shut_out_after_failures_even_with_the_right_password(city: City, client: Client) -> None:
    answers = [_try(client, "clerk").status_code for _time in range(LIMIT)]
    assert answers == [422] * (LIMIT - 1) + [429]
    shut = _try(Client(REMOTE_ADDR="10.0.0.9"), "clerk", PASSWORD)
    assert shut.status_code == 429 and int(shut["Retry-After"]) > 0
    # Somebody else at the same desk is not shut out with it.
    assert _try(client, "liaison", PASSWORD).status_code == 302


def test_a_success_forgets_the_failures_before_it(city: City, client: Client) -> None:
    for _round in range(2):
        for _time in range(LIMIT - 1):
            _try(client, "clerk")
        assert _try(Client(), "clerk", PASSWORD).status_code == 302


def test_the_answers_do_not_tell_whether_an_account_exists(city: City) -> None:
    def pages(account: str) -> list[tuple[int, str]]:
        client = Client()
        answers = [_try(client, account) for _time in range(LIMIT + 1)]
        return [(each.status_code, each.content.decode().replace(account, "?")) for each in answers]

    def without_token(page: str) -> str:
        return page.split('name="csrfmiddlewaretoken"')[0] + page.split('name="next"')[-1]

    known, unknown = pages("clerk"), pages("nobody-here")
    assert [(code, without_token(page)) for code, page in known] == [
        (code, without_token(page)) for code, page in unknown
    ]


def test_an_address_that_tries_many_accounts_is_shut_out_and_others_are_not(city: City, client: Client) -> None:
    for number in range(LIMIT * 10):
        _try(client, f"guess-{number}", REMOTE_ADDR="10.0.0.7")
    assert _try(client, "clerk", PASSWORD, REMOTE_ADDR="10.0.0.7").status_code == 429
    assert _try(client, "clerk", PASSWORD, REMOTE_ADDR="10.0.0.8").status_code == 302


def test_behind_a_proxy_the_address_is_that_which_the_proxy_saw(city: City, client: Client, settings: Any) -> None:
    settings.BIHUAN_PROXIES = 1
    proxy = {"REMOTE_ADDR": "127.0.0.1"}
    for number in range(LIMIT * 10):
        forged = f"203.0.113.{number % 200}, 10.0.0.7"
        _try(client, f"guess-{number}", HTTP_X_FORWARDED_FOR=forged, **proxy)
    assert _try(client, "clerk", PASSWORD, HTTP_X_FORWARDED_FOR="10.0.0.7", **proxy).status_code == 429
    assert _try(client, "clerk", PASSWORD, HTTP_X_FORWARDED_FOR="10.0.0.8", **proxy).status_code == 302


def test_without_a_proxy_nobody_can_lend_himself_another_address(city: City, client: Client) -> None:
    for number in range(LIMIT * 10):
        _try(client, f"guess-{number}", HTTP_X_FORWARDED_FOR=f"203.0.113.{number % 200}", REMOTE_ADDR="10.0.0.7")
    assert _try(client, "clerk", PASSWORD, REMOTE_ADDR="10.0.0.7").status_code == 429


def test_time_lifts_it_and_tries_meanwhile_do_not_prolong_it(city: City, client: Client) -> None:
    for _time in range(LIMIT + 3):
        _try(client, "clerk")
    assert AccessAttempt.objects.get().failures_since_start == LIMIT
    passed = timedelta(minutes=settings.BIHUAN_LOCKOUT_MINUTES, seconds=1)
    attempt = AccessAttempt.objects.get()
    AccessAttempt.objects.update(attempt_time=attempt.attempt_time - passed)
    assert _try(client, "clerk", PASSWORD).status_code == 302


def test_each_is_on_record_and_nothing_typed_is_kept(city: City, client: Client) -> None:
    typed = {"typed": {"carried-reason": "秘密的理由"}, "REMOTE_ADDR": "10.0.0.7"}
    for _time in range(LIMIT):
        _try(client, "clerk", **typed)
    _try(client, "my-password-by-mistake")
    rules = list(Refused.objects.order_by("id").values_list("rule", "account", "detail"))
    assert rules[:LIMIT] == [("wrong_password", "clerk", "10.0.0.7")] * LIMIT
    assert rules[LIMIT] == ("locked_out", "clerk", "10.0.0.7")
    assert rules[-1][:2] == ("wrong_password", "")
    kept = str(list(AccessAttempt.objects.values()))
    assert "秘密" not in kept and "clerk" not in kept and "mistake" not in kept


def test_the_page_says_how_long_and_who_can_lift_it_and_keeps_the_form(city: City, client: Client) -> None:
    for _time in range(LIMIT):
        _try(client, "clerk")
    page = _try(client, "clerk", typed={"carried-reason": "写了一半"}).content.decode()
    assert f"{settings.BIHUAN_LOCKOUT_MINUTES}分钟" in page.replace(" ", "")
    assert "写了一半" in page and "系统管理" in page


@pytest.mark.parametrize("options", [{}, {"address": "10.0.0.7"}])
def test_whoever_runs_the_installation_lifts_it(
    city: City, client: Client, options: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    from bihuan.web.cli import main
    from bihuan.web.secret import make_secret_key

    make_secret_key(settings.BIHUAN_DATA)
    for _time in range(LIMIT):
        _try(client, "clerk", REMOTE_ADDR="10.0.0.7")
    assert main(["unlock", "--address", options["address"]] if options else ["unlock", "clerk"]) == 0
    assert _try(client, "clerk", PASSWORD, REMOTE_ADDR="10.0.0.7").status_code == 302
    assert main(["unlock", "nobody"]) == 2
    assert main(["unlock"]) == 2


def test_a_page_under_an_unknown_name_says_which_setting(city: City, signed_in: Callable[[str], Client]) -> None:
    page = signed_in("clerk").get("/", HTTP_HOST="duban.example<script>:8000")
    assert page.status_code == 400
    text = page.content.decode()
    assert "BIHUAN_ALLOWED_HOSTS" in text and "<script>" not in text
    assert signed_in("clerk").get("/", HTTP_HOST="localhost:8000").status_code == 200
