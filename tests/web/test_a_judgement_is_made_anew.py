"""A judgement starts from an empty sheet each time; what others wrote stands in their forms as it is."""

from collections.abc import Mapping
from typing import Any

from django.test import Client
from django.urls import reverse

from bihuan.ledger.history import history
from bihuan.ledger.models import Matter
from bihuan.ledger.orders import Entering
from bihuan.ledger.register import register_matters
from city import City, state_of


def form_of(client: Client, matter: Matter, action: str) -> str:
    return client.get(reverse("act", args=[matter.number, action])).content.decode()


def send(client: Client, matter: Matter, action: str, fields: Mapping[str, Any]) -> Any:
    version = Matter.objects.get(pk=matter.pk).version
    return client.post(reverse("act", args=[matter.number, action]), {"version": version, **fields})


def judged_once(city: City) -> Matter:
    """Return a finding that was recognised, sent back by the approver, and claimed again."""
    matter = city.claimed()
    city.recognise(matter)
    city.act(matter, "refuse_strike_off", "approver", reason="缺少入账凭证")
    return city.claim(matter) if state_of(matter).stage == "rectifying" else matter


def test_the_second_verification_shows_nothing_of_the_first(city: City, signed_in: Any) -> None:
    matter = judged_once(city)
    assert state_of(matter).values["opinion"] == "凭证齐全，已到账"
    client = signed_in("verifier")
    form = form_of(client, matter, "recognise")
    assert "凭证齐全，已到账" not in form
    assert 'value="money_settled" checked' not in form
    empty = send(client, matter, "recognise", {"f-criterion": "money_settled", "f-opinion": ""})
    assert empty.status_code == 422
    assert 'id="f-opinion-fault"' in empty.content.decode(), "an earlier opinion does not stand in for this one"
    assert send(client, matter, "recognise", {"f-criterion": "money_settled", "f-opinion": "已补齐"}).status_code == 302
    assert state_of(matter).values["opinion"] == "已补齐"


def test_the_same_words_again_are_a_judgement_of_their_own(city: City, signed_in: Any) -> None:
    matter = judged_once(city)
    fields = {"f-criterion": "money_settled", "f-opinion": "凭证齐全，已到账"}
    assert send(signed_in("verifier"), matter, "recognise", fields).status_code == 302
    assert history(matter.pk)[-1].body["set"]["opinion"] == "凭证齐全，已到账"


def test_what_is_left_out_is_not_carried_over_from_an_earlier_judgement(city: City, signed_in: Any) -> None:
    matter = judged_once(city)
    assert send(signed_in("verifier"), matter, "send_back", {"reason": "缺少回单"}).status_code == 302
    assert state_of(matter).values.get("opinion") is None


def test_a_second_claim_starts_from_what_the_unit_wrote(city: City, signed_in: Any) -> None:
    matter = city.claimed()
    city.act(matter, "send_back", "verifier", reason="缺少回单")
    form = form_of(signed_in("liaison"), matter, "claim_done")
    assert "已上缴财政</textarea>" in form and "预算编制不细</textarea>" in form


def test_what_others_may_write_too_stays_in_the_verifiers_form(city: City, signed_in: Any) -> None:
    values = {"title": "早已销号的问题", "rectify_type": "phased", "responsible_unit": "housing"}
    earlier = Entering(city.mechanism, values, assertion="struck_off")
    matter = register_matters([earlier], post=city.posts["clerk"], account="clerk", now=city.now)[0]
    assert 'value="phased" checked' in form_of(signed_in("verifier"), matter, "recognise_earlier")
