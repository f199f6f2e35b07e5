"""The auditor asks on the record's page for a name to be erased; it goes when the security administrator confirms."""

from typing import Any

import pytest
from django.urls import reverse

from bihuan.directory.models import Alteration, Pending
from bihuan.directory.models import Post as Post_
from city import City

GROUND = "当事人依个人信息保护法第四十七条请求删除"


@pytest.fixture
def entry(city: City, signed_in: Any) -> int:
    """The entry about a post that was ended for a reason which names somebody."""
    sent = {"since": city.now.date().isoformat(), "even_so": "1", "reason": "欧阳某某离职"}
    assert signed_in("security").post(reverse("end_post", args=["liaison"]), sent).status_code == 302
    return int(Alteration.objects.get(kind="post_ended").pk)


def test_a_reason_is_erased_when_another_administrator_confirms(entry: int, city: City, signed_in: Any) -> None:
    auditor, security = signed_in("inspector"), signed_in("security")
    record, address = reverse("alterations"), reverse("erase_values", args=[entry])
    assert "欧阳某某离职" in (page := auditor.get(record).content.decode()) and address in page
    assert auditor.post(address, {"slots": ["reason"], "ground": " "}).status_code == 422
    assert "欧阳某某离职" in auditor.get(address).content.decode()
    assert auditor.post(address, {"slots": ["reason"], "ground": GROUND}).status_code == 302
    pending = Pending.objects.get()
    decide = reverse("confirmation", args=[pending.pk])
    assert "欧阳某某离职" in auditor.get(record).content.decode(), "nothing holds before it is confirmed"
    assert auditor.post(decide, {"go": "confirm"}).status_code == 403 and Pending.objects.exists()
    shown = security.get(decide).content.decode()
    assert "欧阳某某离职" in shown and GROUND in shown
    assert decide in security.get(reverse("confirmations")).content.decode()
    assert security.post(decide, {"go": "confirm"}).status_code == 302
    page = auditor.get(record).content.decode()
    assert "欧阳" not in page and "（已依法删除）" in page and f"批准人：security。依据：{GROUND}" in page
    assert address not in page and auditor.get(address).status_code == 404
    person = signed_in("leader").get(reverse("person", args=["liaison"])).content.decode()
    assert "欧阳" not in person and "（已依法删除）" in person
    assert security.post(decide, {"go": "confirm"}).status_code == 404, "it is settled"


def test_what_is_declined_is_told_to_whoever_asked(entry: int, city: City, signed_in: Any) -> None:
    auditor, security = signed_in("inspector"), signed_in("security")
    auditor.post(reverse("erase_values", args=[entry]), {"slots": ["reason"], "ground": GROUND})
    decide = reverse("confirmation", args=[Pending.objects.get().pk])
    assert security.post(decide, {"go": "decline", "reason": ""}).status_code == 422
    assert security.post(decide, {"go": "decline", "reason": "尚在保存期"}).status_code == 302
    assert "尚在保存期" in auditor.get(decide).content.decode()
    assert "欧阳某某离职" in auditor.get(reverse("alterations")).content.decode()
    assert auditor.post(decide, {"go": "put_away"}).status_code == 302 and not Pending.objects.exists()


def test_nobody_else_sees_what_waits(entry: int, city: City, signed_in: Any) -> None:
    signed_in("inspector").post(reverse("erase_values", args=[entry]), {"slots": ["reason"], "ground": GROUND})
    decide = reverse("confirmation", args=[Pending.objects.get().pk])
    for account in ("sysadmin", "clerk", "leader", "liaison"):
        assert signed_in(account).get(decide).status_code == 403
        assert signed_in(account).post(decide, {"go": "confirm"}).status_code == 403
    assert Pending.objects.exists()


def test_an_auditor_out_of_office_has_nothing_erased_by_an_old_request(entry: int, city: City, signed_in: Any) -> None:
    signed_in("inspector").post(reverse("erase_values", args=[entry]), {"slots": ["reason"], "ground": GROUND})
    Post_.objects.filter(key="inspector").update(until="2020-12-31")
    refused = signed_in("security").post(reverse("confirmation", args=[Pending.objects.get().pk]), {"go": "confirm"})
    assert refused.status_code == 422 and "安全审计员" in refused.content.decode()
    assert Pending.objects.exists() and Alteration.objects.get(pk=entry).values_kept.exists()
