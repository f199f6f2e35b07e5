"""Rows say which step of the viewer's leads them on; the bar offers it where all that is meant waits for it."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from city import City

ROW = re.compile(r'<tr data-matter="([^"]+)"(?: data-step="([^"]*)")?')
BUTTON = re.compile(
    r'<button class="btn btn-sm btn-primary" formaction="([^"]*)" name="do" value="([^"]*)"[^>]*?(hidden)?>'
)


def steps(client: Client, **asked: str) -> dict[str, str]:
    return dict(ROW.findall(client.get(reverse("ledger"), asked).content.decode()))


def test_each_row_has_the_step_that_is_the_viewers_to_take(city: City, signed_in: Any) -> None:
    registered, dispatched = city.register(), city.act(city.register(), "dispatch", "clerk")
    claimed, struck = city.claimed(), city.struck_off()
    below = city.act(city.register("station"), "dispatch", "clerk")
    done = "audit_rectification."
    every = dict.fromkeys(each.number for each in (registered, dispatched, claimed, struck, below))
    assert steps(signed_in("clerk")) == {**dict.fromkeys(every, ""), registered.number: f"{done}dispatch"}
    assert steps(signed_in("verifier")) == {**dict.fromkeys(every, ""), claimed.number: f"{done}recognise"}
    signed = steps(signed_in("liaison"))
    assert signed[dispatched.number] == f"{done}sign"
    assert signed[below.number] == "", "it is the station's own to sign for"


def test_whoever_did_the_work_is_not_offered_its_verification(city: City, signed_in: Any) -> None:
    own = city.claim(city.rectifying(liaison="both_owner"), by="both_owner")
    others = city.claim(city.rectifying("finance", "other"), by="other")
    assert steps(signed_in("both")) == {own.number: "", others.number: "audit_rectification.recognise"}


def test_the_button_leads_to_the_form_of_the_step(city: City, signed_in: Any) -> None:
    matter = city.register()
    client = signed_in("clerk")
    page = client.get(reverse("ledger"), {"stage": "registered"}).content.decode()
    [(address, step, hidden)] = [each for each in BUTTON.findall(page) if each[1].endswith(".dispatch")]
    assert not hidden, "all of this list stands where it is done"
    form = client.post(address.replace("&amp;", "&"), {"m": matter.number, "do": step}).content.decode()
    assert "下发" in form and matter.number in form
    mixed = BUTTON.findall(client.get(reverse("ledger")).content.decode())
    assert mixed and all(hidden for *_, hidden in mixed)
    assert not BUTTON.findall(signed_in("inspector").get(reverse("ledger")).content.decode())
