"""A registration that was a mistake is taken back with a reason, while nobody has worked on the matter."""

from typing import Any

from django.urls import reverse

from bihuan.ledger.models import Matter, Refused
from bihuan.ledger.verify import verify
from city import City, state_of


def test_the_clerk_takes_back_what_nobody_has_touched(city: City, signed_in: Any) -> None:
    matter, client = city.register(finding_no="ZG-01"), signed_in("clerk")
    address = reverse("withdraw_matter", args=[matter.number])
    assert address in client.get(reverse("matter", args=[matter.number])).content.decode()
    empty = client.post(address, {"reason": " "})
    assert empty.status_code == 422 and "请写明撤回登记的理由" in empty.content.decode()
    assert state_of(matter).is_open
    assert client.post(address, {"reason": "重复登记"}).status_code == 302
    assert state_of(matter).ended == "withdrawn"
    page = client.get(reverse("matter", args=[matter.number])).content.decode()
    assert "重复登记" in page and address not in page
    assert not list(verify(matter.pk))
    assert client.post(address, {"reason": "重复登记"}).status_code == 302, "sent twice, it is done once and says so"
    assert Matter.objects.get(pk=matter.pk).version == 2
    again = {"f-title": "正确的问题", "f-finding_no": "ZG-01", "f-responsible_unit": "澄湖市财政局"}
    made = client.post(reverse("register_matter", args=["audit_rectification"]), again)
    assert made.status_code == 302, "its number is free again"


def test_what_somebody_has_touched_stays_and_nobody_else_may(city: City, signed_in: Any) -> None:
    fresh, touched = city.register(), city.act(city.register(), "dispatch", "clerk")
    for account, matter in (("liaison", fresh), ("verifier", fresh), ("clerk", touched)):
        address = reverse("withdraw_matter", args=[matter.number])
        client = signed_in(account)
        assert address not in client.get(reverse("matter", args=[matter.number])).content.decode()
        refused = client.post(address, {"reason": "试一试"})
        assert refused.status_code == 403 and "撤回登记由有登记权限的岗位办理" in refused.content.decode()
        assert Refused.objects.filter(account=account, asked=address).exists()
        assert state_of(matter).is_open
