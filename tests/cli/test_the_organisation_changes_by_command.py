"""Units and posts change from a day on by command too; what a rule refuses ends with 3 and one sentence."""

from datetime import timedelta

from bihuan.directory.models import Account, Alteration, Post, Unit
from bihuan.directory.organisation import Organisation
from bihuan.ledger.models import Matter


def test_units_are_renamed_moved_merged_and_ended(city, bihuan) -> None:
    today = city.now.date()
    yesterday = (today - timedelta(days=1)).isoformat()
    assert bihuan("units", "rename", "housing", "--name", "澄湖市住建局", "--from", yesterday).code == 0
    assert bihuan("units", "move", "澄湖市住建局", "--under", "澄湖市财政局", "--reason", "改革").code == 0
    assert Organisation.on(today).by_key["housing"].level == 3
    matter = city.rectifying()
    assert bihuan("units", "end", "housing").code == 3
    said = bihuan("units", "merge", "housing", "--into", "finance")
    assert said.code == 0 and "1件" in said.out
    assert Matter.objects.get(pk=matter.pk).responsible.key == "finance"
    assert bihuan("units", "end", "station", "--from", "昨天").code == 2
    assert bihuan("units", "end", "station").code == 0 and Unit.objects.get(key="station").until is not None
    assert bihuan("units", "rename", "没有局", "--name", "x").code == 2
    assert bihuan("verify").code == 0
    assert set(Alteration.objects.values_list("account", flat=True)) == {"system"}


def test_a_post_is_handed_over_and_what_waits_is_told_first(city, bihuan) -> None:
    matter = city.rectifying()
    Account.objects.create(account="next", name="下一位")
    told = bihuan("people", "hand-over", "liaison")
    assert told.code == 0 and matter.number in told.out and Post.objects.get(key="liaison").until is None
    assert bihuan("people", "hand-over", "liaison", "--to", "nobody").code == 2
    assert bihuan("people", "hand-over", "liaison", "--to", "next").code == 0
    assert Post.objects.get(account__account="next").unit.key == "housing"
    refused = bihuan("people", "end-post", "next@housing", "--from", (city.now.date() + timedelta(days=1)).isoformat())
    assert refused.code == 0, "the second owner of the bureau is still there"
    city.rectifying("station", "station")
    assert bihuan("people", "end-post", "station").code == 3
    assert bihuan("people", "end-post", "station", "--even-so").code == 0
